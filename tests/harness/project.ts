import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureToolchain, toolchainEnvironment } from "@planet/toolchain";

/** What makes a stack; the rest of a working copy is linked, so that no second `npm ci` is needed. */
const STACK_FILES = ["Pulumi.yaml", "index.ts", "settings", "package.json", "components", "userdata", "site"];
const LINKED = ["node_modules", "packages", "scripts"];

const checkout = fileURLToPath(new URL("../../", import.meta.url));

export interface CommandResult {
  readonly exitCode: number;
  /** stdout and stderr in the order in which they came. */
  readonly output: string;
  readonly stdout: string;
}

export type StackConfig = Readonly<Record<string, unknown>>;

export interface ProjectOptions {
  readonly stack: string;
  readonly config: StackConfig;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The sources, where they are not this checkout's. */
  readonly sources?: string;
  /** Folder of another project whose state this one shares. */
  readonly backendOf?: TestProject;
}

/** A working copy of the stack in a folder of its own, with its own stack file and state. */
export class TestProject {
  readonly directory: string;
  readonly #options: ProjectOptions;
  readonly #environment: NodeJS.ProcessEnv;
  #config: StackConfig;

  private constructor(directory: string, options: ProjectOptions, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.#options = options;
    this.#environment = environment;
    this.#config = options.config;
  }

  static async create(options: ProjectOptions): Promise<TestProject> {
    const directory = await mkdtemp(join(tmpdir(), "planet-project-"));
    const { sources = checkout } = options;
    for (const name of STACK_FILES) await cp(join(sources, name), join(directory, name), { recursive: true });
    for (const name of LINKED) await symlink(join(sources, name), join(directory, name));
    await ensureToolchain({ checkout, onProgress: () => {} });
    const state = join(options.backendOf?.directory ?? directory, ".planet", "state");
    await mkdir(state, { recursive: true });
    const environment = {
      ...(await toolchainEnvironment({ checkout, stack: options.stack, env: process.env })),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "planet",
      PULUMI_STACK: options.stack,
      AWS_ACCESS_KEY_ID: options.accessKeyId,
      AWS_SECRET_ACCESS_KEY: options.secretAccessKey,
    };
    const project = new TestProject(directory, options, environment);
    await project.configure({});
    if (!options.backendOf) await project.succeed(["stack", "init", options.stack]);
    return project;
  }

  /** Changes settings of the stack; `undefined` takes one away. Keys without the namespace. */
  async configure(changes: StackConfig): Promise<void> {
    this.#config = { ...this.#config, ...changes };
    const local = await readFile(join(checkout, "Pulumi.local.yaml"), "utf8");
    const salt = /^encryptionsalt: .*$/m.exec(local)?.[0] ?? "";
    const lines = Object.entries(this.#config)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `  planet:${key}: ${JSON.stringify(value)}`);
    await writeFile(
      join(this.directory, `Pulumi.${this.#options.stack}.yaml`),
      [salt, "config:", ...lines, ""].join("\n"),
    );
  }

  /** Takes over another project's stack file and sources, as a second clone of one commit has them. */
  async takeConfigOf(other: TestProject): Promise<void> {
    await this.configure(other.#config);
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.directory, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  }

  /** Starts the CLI, for a test that ends it itself. */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn("pulumi", [...args, "--non-interactive"], {
      cwd: this.directory,
      env: { ...this.#environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs the CLI, whatever comes of it. */
  async pulumi(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return collect(this.start(args, environment));
  }

  /** Runs the CLI and throws with all it said when it fails. */
  async succeed(args: readonly string[]): Promise<CommandResult> {
    const result = await this.pulumi(args);
    if (result.exitCode === 0) return result;
    throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
  }

  up(...options: string[]): Promise<CommandResult> {
    return this.succeed(["up", "--yes", "--skip-preview", ...options]);
  }

  async outputs(): Promise<Record<string, string>> {
    const { stdout } = await this.succeed(["stack", "output", "--json"]);
    return JSON.parse(stdout) as Record<string, string>;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export function collect(child: ChildProcess): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    let output = "";
    let stdout = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? -1, output, stdout }));
  });
}
