import { isRecord } from "@planet/content/json";
import { type Context, OperatorError } from "../../command.ts";
import type { PulumiReader } from "../../stack/runPulumi.ts";
import { parseState } from "../../stack/state.ts";

/** Logical name of the resource that has made the key (components/permit.ts). */
const KEY_RESOURCE = "certificate-key";

/**
 * The key that the stack's servers open the certificate with, from the state. It goes no further than this process.
 * @throws {OperatorError} `NO_CERTIFICATE_KEY`
 */
export async function sealingKey(stack: string, { read }: PulumiReader, context: Context): Promise<string> {
  const args = ["stack", "export", "--show-secrets", "--non-interactive", "--stack", stack];
  const { code, stdout } = await read(args, context);
  const key = code === 0 ? keyIn(stdout) : undefined;
  if (key !== undefined) return key;
  throw new OperatorError({
    code: "NO_CERTIFICATE_KEY",
    what: `The key of the certificate is not in the state of stack "${stack}".`,
    why:
      code === 0
        ? "No deploy with planet:host has come to its end yet."
        : "The state cannot be read; the reason is above.",
    next: `\`npx pulumi up --stack ${stack}\`, then this again. Nothing was changed.`,
  });
}

function keyIn(text: string): string | undefined {
  const made = parseState(text).resources.find(({ name, isCondemned }) => name === KEY_RESOURCE && !isCondemned);
  const key = plain(made?.outputs.stdout);
  return typeof key === "string" && /^[0-9a-f]{64}$/.test(key) ? key : undefined;
}

/** A secret is an object whose `plaintext` is JSON. Source: pulumi 3.259.0, sdk/go/common/apitype/core.go, SecretV1. */
const plain = (value: unknown): unknown =>
  isRecord(value) && typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : value;
