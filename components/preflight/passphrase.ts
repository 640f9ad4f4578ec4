import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";

/** Each of them stands in a public repository or in nearly every example: this one's local stack, Pulumi's own tests and pages. */
const PUBLIC = ["", "planet", "password", "passphrase", "test"];

/**
 * The state has what opens the planet's certificate, so the passphrase that encrypts it may be neither empty nor public. Another
 * provider of secrets has no salt in the file, and is not judged.
 * @param stackFile Text of Pulumi.<stack>.yaml.
 * @throws {RefusedDeploy} `PUBLIC_PASSPHRASE`
 */
export function checkPassphrase(stackFile: string, stack: string, environment: NodeJS.ProcessEnv): void {
  const salt = /^encryptionsalt:\s*["']?(v1:[\w+/=]+:v1:[\w+/=]+:[\w+/=]+)/m.exec(stackFile)?.[1];
  if (salt === undefined) return;
  // The engine has compared it with the salt. In a file, or typed, it has to be tried, which takes half a second each.
  const given = environment.PULUMI_CONFIG_PASSPHRASE;
  const guessed = PUBLIC.find((passphrase) => (given === undefined ? opens(salt, passphrase) : given === passphrase));
  if (guessed === undefined) return;
  throw new RefusedDeploy({
    code: "PUBLIC_PASSPHRASE",
    what: `The passphrase of stack "${stack}" is ${guessed === "" ? "empty" : "one that everybody knows"}`,
    why: "With planet:host the state has the key of the planet's certificate, and whoever can read the state would have it, too.",
    next: `\`npx pulumi stack change-secrets-provider passphrase --stack ${stack}\` asks for another one; give it to pulumi as PULUMI_CONFIG_PASSPHRASE from then on. Nothing was changed.`,
  });
}

/**
 * Whether a passphrase belongs to a stack's salt, `v1:<salt>:v1:<nonce>:<sealed>` in base64, the sealed text being "pulumi".
 * Source: pulumi 3.259.0, pkg/secrets/passphrase/manager.go and sdk/go/common/resource/config/crypt.go.
 */
function opens(encryptionSalt: string, passphrase: string): boolean {
  const [, salt = "", , nonce = "", sealed = ""] = encryptionSalt.split(":");
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  const bytes = Buffer.from(sealed, "base64");
  try {
    const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    cipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}
