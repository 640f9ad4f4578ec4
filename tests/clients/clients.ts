import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** Where programs are that the registries have. */
export interface Clients {
  readonly aws: string;
  readonly python: string;
  readonly s3cmd: string;
  readonly rclone: string;
}

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Installs into `.planet/clients` what is not there yet: Python's from PyPI, rclone from Debian, without installing it there. */
export async function installClients(): Promise<Clients> {
  const version = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(CHECKOUT, ".planet", "clients", version);
  if (!existsSync(folder)) {
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, "debian"), { recursive: true });
    await must("python3", ["-m", "pip", "install", "--quiet", "--target", join(partial, "python"), "-r", REQUIREMENTS]);
    await must("apt-get", ["download", "-q", "rclone"], join(partial, "debian"));
    const [archive = ""] = readdirSync(join(partial, "debian"));
    await must("dpkg-deb", ["--extract", archive, "."], join(partial, "debian"));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(partial, folder);
  }
  const bin = join(folder, "python", "bin");
  return {
    ...{ aws: join(bin, "aws"), s3cmd: join(bin, "s3cmd"), python: join(folder, "python") },
    rclone: join(folder, "debian", "usr", "bin", "rclone"),
  };
}

async function must(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const { code, output } = await run(program, args, process.env, cwd);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${output}`);
}

/** Both streams together; never throws for an exit code. */
export async function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, ...(cwd !== undefined && { cwd }) });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : -1, output: stdout + stderr || String(error) };
  }
}
