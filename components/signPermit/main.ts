// Run as a program by the resource that permit.ts makes:
//
//   node components/signPermit/main.ts    writes the signature of a policy, or the certificate's key, to its standard output,
//                                         and nothing else
//
// The text to sign is in the environment (task.ts), and so are the keys (signingKey.ts). The engine keeps the output encrypted in
// the state. No text of an error has it: it is written last, when nothing can fail any more.

import { certificateKey, signatureOf } from "@planet/content";
import { ExplainedError, messageOf } from "@planet/errors";
import { signingKey } from "./signingKey.ts";
import { signTask } from "./task.ts";

interface Edges {
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** The keys changed while `pulumi up` ran, or the program was run by hand. */
class SignError extends ExplainedError {}

/** @returns the process' exit code. */
export function main(environment: NodeJS.ProcessEnv, { write, complain }: Edges): number {
  try {
    write(sign(environment));
    return 0;
  } catch (error) {
    complain(messageOf(error));
    return 1;
  }
}

function sign(environment: NodeJS.ProcessEnv): string {
  const { what: kind, text, accessKeyId } = signTask(environment);
  const keys = signingKey(environment);
  const what = kind === "permit" ? "A permit of the server was not signed" : "The key of the certificate was not made";
  if (text === "") throw new SignError({ code: "NOTHING_TO_SIGN", what, why: "`pulumi up` says what to sign." });
  if (keys.accessKeyId !== accessKeyId || keys.sessionToken !== undefined) {
    const why = "The key in the environment is not the one that this update began with.";
    throw new SignError({ code: "OTHER_KEY", what, why, next: "Run `pulumi up` again." });
  }
  return kind === "permit" ? signatureOf(text, keys.secretAccessKey) : certificateKey(text, keys.secretAccessKey);
}

if (import.meta.main) {
  process.exitCode = main(process.env, {
    write: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(`${text}\n`),
  });
}
