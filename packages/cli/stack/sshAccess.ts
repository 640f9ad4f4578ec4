import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Context, OperatorError } from "../command.ts";
import { parseConfig, type StackConfig } from "./config.ts";
import { type Deployment, doctorNext } from "./outputs.ts";
import type { PulumiReader } from "./runPulumi.ts";

/** How somebody logs in to the server, or why nobody can. */
export type SshAccess =
  | { readonly isOpen: true; readonly args: readonly string[]; readonly note: string }
  | { readonly isOpen: false; readonly why: string; readonly next: string };

export interface SshFacts {
  readonly config: StackConfig;
  readonly stack: string;
  readonly server: Pick<Deployment, "address" | "instanceId">;
  /** As the cloud calls it; empty when that is not known. */
  readonly imageName: string;
  /** Who was asked for; empty: what the image's name says. */
  readonly user: string;
  /** File of the private key; empty: the one that belongs to planet:publicKey, else ssh's own choice. */
  readonly key: string;
  /** Public keys of this user by the files of their private keys. */
  readonly publicKeys: ReadonlyMap<string, string>;
}

/** Pure. */
export function sshAccess({ config, stack, server, imageName, user, key, publicKeys }: SshFacts): SshAccess {
  const { publicKey = "", keyName = "", sshFrom = "[]" } = config;
  if (publicKey === "" && keyName === "") {
    return {
      isOpen: false,
      why: "The server knows no key: planet:publicKey and planet:keyName are empty.",
      next: `\`npx pulumi config set planet:publicKey "$(cat ~/.ssh/id_rsa.pub)" --stack ${stack}\` (RSA alone), and a deploy: that makes a new server.`,
    };
  }
  if (sshFrom === "[]") {
    return {
      isOpen: false,
      why: "The server's port 22 is closed: planet:sshFrom names no network.",
      next: `\`npx pulumi config set --path 'planet:sshFrom[0]' <your address>/32 --stack ${stack}\`, and a deploy: that changes the running server's rules alone.`,
    };
  }
  const name = user || userOf(imageName);
  const file = key || ([...publicKeys].find(([, text]) => keyBody(text) === keyBody(publicKey))?.[0] ?? "");
  const which =
    file || (keyName === "" ? "the private half of planet:publicKey" : `the private half of key pair ${keyName}`);
  return {
    isOpen: true,
    // Each server has host keys of its own, and the address moves from one to the next.
    args: [
      ...["-o", `HostKeyAlias=planet-${server.instanceId}`, "-o", "StrictHostKeyChecking=accept-new"],
      ...(file === "" ? [] : ["-i", file]),
      `${name}@${server.address}`,
    ],
    note: `user ${name}, key: ${which}`,
  };
}

/** cloud-init's own users; an image without cloud-init is loaded by rc.local and knows root alone. */
function userOf(imageName: string): string {
  if (/ubuntu/i.test(imageName)) return "ubuntu";
  return /rc[.-]?local/i.test(imageName) ? "root" : "debian";
}

/** Type and number, without the comment. */
const keyBody = (text: string): string => text.trim().split(/\s+/).slice(0, 2).join(" ");

/** @throws {OperatorError} when the settings cannot be read. */
export async function readStackConfig(stack: string, { read }: PulumiReader, context: Context): Promise<StackConfig> {
  const { code, stdout } = await read(["config", "--json", "--non-interactive", "--stack", stack], context);
  if (code === 0) return parseConfig(stdout);
  throw new OperatorError({
    code: "CONFIG_UNREADABLE",
    what: "The stack's settings cannot be read; the reason is above.",
    next: doctorNext(stack),
  });
}

/** Public keys below `~/.ssh`, by the files of their private keys. */
export async function readPublicKeys(home: string): Promise<Map<string, string>> {
  const folder = join(home, ".ssh");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".pub"));
  const texts = names.map(async (name): Promise<[string, string]> => {
    return [join(folder, name.slice(0, -".pub".length)), await readFile(join(folder, name), "utf8").catch(() => "")];
  });
  return new Map(await Promise.all(texts));
}
