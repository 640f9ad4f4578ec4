import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { measure } from "./measure.ts";
import { pulumiProgram, terraformProgram, type Wanted } from "./stacks.ts";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

/** One tool with the stack of the benchmark; each command is started, measured by the caller. */
export interface Tool {
  /** Writes the program; another generation makes another server. */
  write(wanted: Wanted): Promise<void>;
  /** What is done once and not measured: the first deploy. */
  prepare(): Promise<void>;
  /** Ends with 0 only when there is nothing to do. */
  preview(): ChildProcess;
  up(): ChildProcess;
  remove(): Promise<void>;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const inFolder = (name: string) => mkdtemp(path.join(tmpdir(), `planet-bench-${name}-`));

/** As `npx pulumi` does it, less npx itself: our wrapper, the real CLI, our provider. Every command looks first. */
export async function pulumiTool(keys: Keys): Promise<Tool> {
  const folder = await inFolder("ours");
  await mkdir(path.join(folder, "state"));
  await symlink(path.join(CHECKOUT, "node_modules"), path.join(folder, "node_modules"));
  await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
  await writeFile(path.join(folder, "Pulumi.yaml"), PULUMI_YAML);
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_STACK: "bench",
    ...asVariables(keys),
  };
  const main = path.join(CHECKOUT, "packages/toolchain/bin/pulumi.mjs");
  const start = (...args: string[]) =>
    spawn(process.execPath, [main, "--non-interactive", ...args], { cwd: folder, env: environment });
  const up = () => start("up", "--yes", "--skip-preview");
  return {
    write: (wanted) => writeFile(path.join(folder, "index.ts"), pulumiProgram(wanted)),
    async prepare() {
      await measure(() => start("stack", "init", "bench"));
      await measure(up);
    },
    preview: () => start("preview", "--expect-no-changes"),
    up,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const PULUMI_YAML = `name: bench
runtime:
  name: nodejs
  options:
    typescript: false
options:
  refresh: always
plugins:
  providers:
    - name: aws
      path: ${path.join(CHECKOUT, "packages/eucalyptus-provider/bin")}
`;

/** Terraform with the AWS provider of a folder, or of wherever the user's own configuration finds one. */
export async function terraformTool(keys: Keys, plugins: string | undefined): Promise<Tool | string> {
  if (spawnSync("terraform", ["version"]).status !== 0) return "there is no `terraform` on the PATH";
  const folder = await inFolder("theirs");
  const environment = { ...process.env, CHECKPOINT_DISABLE: "1", ...asVariables(keys) };
  const start = (...args: string[]) => spawn("terraform", [...args], { cwd: folder, env: environment });
  const up = () => start("apply", "-auto-approve", "-input=false", "-no-color");
  return {
    write: (wanted) => writeFile(path.join(folder, "main.tf"), terraformProgram(wanted)),
    async prepare() {
      await measure(() => start("init", "-input=false", "-no-color", ...(plugins ? [`-plugin-dir=${plugins}`] : [])));
      await measure(up);
    },
    preview: () => start("plan", "-detailed-exitcode", "-input=false", "-no-color"),
    up,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const asVariables = ({ accessKeyId, secretAccessKey }: Keys) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});
