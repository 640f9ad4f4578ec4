// Run as a program by the resource that permit.ts makes:
//
//   node components/signPermit/main.ts    writes the signature of a policy to its standard output, and nothing else
//
// The policy is in the environment (PLANET_POLICY), and so are the keys (signingKey.ts). The engine keeps the output encrypted in
// the state. No text of an error has the signature in it: it is written last, when nothing can fail any more.

import { signatureOf } from "@planet/content";
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
  const { policy, accessKeyId } = signTask(environment);
  const keys = signingKey(environment);
  const what = "The permit of the planet's memory was not signed";
  if (policy === "") throw new SignError({ code: "NOTHING_TO_SIGN", what, why: "`pulumi up` says what to sign." });
  if (keys.accessKeyId !== accessKeyId || keys.sessionToken !== undefined) {
    const why = "The key in the environment is not the one that this update began with.";
    throw new SignError({ code: "OTHER_KEY", what, why, next: "Run `pulumi up` again." });
  }
  return signatureOf(policy, keys.secretAccessKey);
}

if (import.meta.main) {
  process.exitCode = main(process.env, {
    write: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(`${text}\n`),
  });
}
