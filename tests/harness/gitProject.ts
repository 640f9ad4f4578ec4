import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { linkDependencies } from "../../packages/cli/verbs/rollback/dependencies.ts";
import { type CommandResult, collect } from "./project.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));
const NOT_IN_GIT = new Set(["node_modules", ".planet", ".git"]);

/** Of a cloud that runs, or of one that only pretends. */
interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A checkout of its own in a git repository of its own, used as an operator does: git, `pulumi`, `planet`. */
export class GitProject {
  readonly directory: string;
  readonly stack: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(directory: string, stack: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.stack = stack;
    this.#environment = environment;
  }

  static async create(
    keys: AccessKeys,
    stack: string,
    config: Readonly<Record<string, unknown>>,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<GitProject> {
    const directory = await mkdtemp(join(tmpdir(), "planet-git-"));
    await cp(checkout, directory, { recursive: true, filter: (source) => !NOT_IN_GIT.has(basename(source)) });
    await linkDependencies(checkout, directory);
    const project = new GitProject(directory, stack, {
      ...withoutPulumi(process.env),
      PULUMI_CONFIG_PASSPHRASE: "planet",
      PULUMI_STACK: stack,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...environment,
    });
    const lines = Object.entries(config).map(([key, value]) => `  planet:${key}: ${JSON.stringify(value)}`);
    const text = ["# Settings of the test's stack", "config:", ...lines, ""].join("\n");
    await writeFile(join(directory, `Pulumi.${stack}.yaml`), text);
    await project.#succeed(await project.run("toolchain/bin/pulumi.mjs", ["stack", "init", stack]));
    await project.git("init", "--quiet", "--initial-branch=main");
    await project.git("config", "user.name", "A Tester");
    await project.git("config", "user.email", "tester@example.org");
    await project.commit("start");
    return project;
  }

  async git(...args: string[]): Promise<string> {
    return (await promisify(execFile)("git", args, { cwd: this.directory })).stdout.trim();
  }

  /** Commits all that is there. @returns the commit. */
  async commit(message: string): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.directory, file);
    const text = await readFile(path, "utf8");
    const changed = change(text);
    if (changed === text) throw new Error(`the edit of ${file} changes nothing`);
    await writeFile(path, changed);
  }

  async up(...options: string[]): Promise<void> {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...options];
    await this.#succeed(await this.run("toolchain/bin/pulumi.mjs", args));
  }

  async outputs(): Promise<Record<string, string>> {
    const result = await this.run("toolchain/bin/pulumi.mjs", ["stack", "output", "--json"]);
    return JSON.parse((await this.#succeed(result)).stdout) as Record<string, string>;
  }

  /** Runs a verb, whatever comes of it. */
  planet(...args: string[]): Promise<CommandResult> {
    return this.run("cli/bin/planet.mjs", args);
  }

  /** Runs a verb that has to succeed. */
  async done(...args: string[]): Promise<CommandResult> {
    return this.#succeed(await this.planet(...args));
  }

  run(program: string, args: readonly string[]): Promise<CommandResult> {
    return collect(this.start(program, args));
  }

  /** For a test that ends it itself. */
  start(program: string, args: readonly string[]): ChildProcess {
    const file = join(this.directory, "packages", program);
    return spawn(process.execPath, [file, ...args], {
      cwd: this.directory,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  #succeed(result: CommandResult): Promise<CommandResult> {
    if (result.exitCode === 0) return Promise.resolve(result);
    return Promise.reject(new Error(`ended with ${result.exitCode}:\n${result.output}`));
  }
}

/** The project keeps its state in itself, whatever the tests themselves run with. */
export function withoutPulumi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")));
}
