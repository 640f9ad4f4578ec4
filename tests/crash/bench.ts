import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseState, type StackState } from "../../packages/cli/stack/state.ts";
import { GitProject } from "../harness/gitProject.ts";
import { type CloudMoment, TestCloud } from "../harness/testCloud.ts";
import { FaultProxy } from "./faultProxy.ts";
import { type Pair, readPair } from "./pair.ts";
import { untilAnswered } from "./reader.ts";
import { withoutRefresh, withRefresh } from "./refreshOption.ts";
import { type Ended, follow, type Running } from "./running.ts";

export type Mode = "edge" | "vpc";

/** The stack's name. */
export const STACK = "crash";
const STACK_FILE = `Pulumi.${STACK}.yaml`;

/** `first` differs from `second` in the generation and in another setting: a rollback never lowers the generation. */
export type Settings = "first" | "second";

export interface BenchOptions {
  readonly mode: Mode;
  /** Whether the engine looks before each command (`refresh: always` of Pulumi.yaml). @defaultValue as in Pulumi.yaml */
  readonly refresh?: boolean;
  /** Behind a balancer. @defaultValue one server behind an elastic address */
  readonly servers?: number | undefined;
  /** Of the cloud, from which its addresses follow: other clouds at the same time need others. @defaultValue by process */
  readonly name?: string;
}

/** What cloud and state were at a moment; see {@link Bench.restore}. */
export interface Moment {
  readonly cloud: CloudMoment;
  /** Copy of the state's folder. */
  readonly state: string;
}

const PULUMI = "toolchain/bin/pulumi.mjs";
/** A tenth of a command is the SDK's stack traces, one for each promise, and the collection of what it leaves. */
const NODE_OPTIONS = "--stack-trace-limit=0 --max-semi-space-size=32";
/** How many times faster than a real cloud's the loops of Auto Scaling and of balancers run. */
const CLOCK_FACTOR = 40;
/** One file, so that one case costs few calls. */
const SITE = `[Planet]
name = Planet of the Crash
link = http://planet.example.org/
owner_name = Its editors
owner_email = editors@planet.example.org

[http://lighthouse.blogs.test/atom.xml]
name = The Lighthouse Keeper
`;

const SECOND_GENERATION = "  planet:generation: 2\n";
const SECOND_SETTINGS = `${SECOND_GENERATION}  planet:interval: 20\n`;

/**
 * A checkout as an operator has it, with two commits of settings, and a pretended cloud behind a {@link FaultProxy}.
 * Both can be put back to an earlier moment, so that a case costs only what it is about.
 */
export class Bench {
  readonly mode: Mode;
  readonly proxy: FaultProxy;
  readonly project: GitProject;
  readonly #commits: Readonly<Record<Settings, string>>;
  readonly #name: string;
  readonly #clockFactor: number;
  /** Folders of moments. */
  readonly #kept = new Set<string>();
  #cloud: TestCloud;

  static async create({ mode, refresh, servers, name = nameOf(mode, servers) }: BenchOptions): Promise<Bench> {
    const clockFactor = servers === undefined ? 1 : CLOCK_FACTOR;
    const cloud = await TestCloud.start(name, mode, undefined, clockFactor);
    const proxy = await FaultProxy.start(new URL(cloud.endpoint).hostname);
    proxy.cloud = cloud.endpoint;
    const whole = { ...cloud.settings, endpoint: proxy.endpoint, readyDeadline: 60 };
    const settings = { ...whole, ...(servers === undefined ? { keepAddress: false } : { servers }) };
    const shorter = servers === undefined ? "" : ` --import=${import.meta.resolve("./shorterWaits.mjs")}`;
    const environment = { NODE_OPTIONS: NODE_OPTIONS + shorter };
    const project = await GitProject.create(cloud.cloud.credentials, STACK, settings, environment);
    const commits = await commitSettings(project, refresh);
    return new Bench({ mode, proxy, project, commits, name, clockFactor, cloud });
  }

  private constructor(parts: {
    readonly mode: Mode;
    readonly proxy: FaultProxy;
    readonly project: GitProject;
    readonly commits: Readonly<Record<Settings, string>>;
    readonly name: string;
    readonly clockFactor: number;
    readonly cloud: TestCloud;
  }) {
    this.mode = parts.mode;
    this.proxy = parts.proxy;
    this.project = parts.project;
    this.#commits = parts.commits;
    this.#name = parts.name;
    this.#clockFactor = parts.clockFactor;
    this.#cloud = parts.cloud;
  }

  get cloud(): TestCloud {
    return this.#cloud;
  }

  get statePath(): string {
    return join(this.project.directory, ".planet", "state");
  }

  async checkOut(settings: Settings): Promise<void> {
    await this.project.git("checkout", "--quiet", "--force", "-B", "main", this.#commits[settings]);
  }

  /** What `planet rollback` has deployed: the first settings, and never a lower generation. */
  async checkOutRolledBack(): Promise<void> {
    await this.checkOut("first");
    await editFile(this.project, STACK_FILE, (text) => text.replace("config:\n", `config:\n${SECOND_GENERATION}`));
  }

  start(...args: string[]): Running {
    return follow(this.project.start(PULUMI, [...args, "--non-interactive"]));
  }

  pulumi(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** @throws {Error} with all that it said when it fails. */
  async succeed(...args: string[]): Promise<Ended> {
    const result = await this.pulumi(...args);
    if (result.exitCode === 0) return result;
    throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
  }

  /** As `pulumi stack export` gives it, without the second that it takes. */
  readState(): StackState {
    const file = join(this.statePath, ".pulumi", "stacks", "planet", `${STACK}.json`);
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: unknown } };
    return parseState(JSON.stringify({ deployment: checkpoint.latest ?? {} }));
  }

  /** Of the only resource of that type. */
  urnOf(type: string): string {
    const urn = this.readState().resources.find((resource) => resource.type === type)?.urn;
    if (urn === undefined) throw new Error(`the state has no ${type}`);
    return urn;
  }

  /** Whether a run that was killed has left its lock. */
  async isLocked(): Promise<boolean> {
    const folder = join(this.statePath, ".pulumi", "locks");
    const entries = await readdir(folder, { recursive: true }).catch(() => []);
    return entries.some((entry) => entry.endsWith(".json"));
  }

  async save(): Promise<Moment> {
    const cloud = await this.#cloud.save();
    const state = await mkdtemp(join(tmpdir(), "planet-state-"));
    await cp(this.statePath, state, { recursive: true });
    this.#kept.add(cloud.folder).add(state);
    const moment = { cloud, state };
    await this.restore(moment);
    return moment;
  }

  /** Cloud and state as they were; the next commands begin there. */
  async restore({ cloud, state }: Moment): Promise<void> {
    this.proxy.begin();
    await this.#cloud.stop();
    await rm(this.statePath, { recursive: true, force: true });
    await cp(state, this.statePath, { recursive: true });
    this.#cloud = await TestCloud.start(this.#name, this.mode, cloud, this.#clockFactor);
    this.proxy.cloud = this.#cloud.endpoint;
    if (this.#cloud.cloud.describe().loadBalancers.length > 0) await untilAnswered(() => this.balancerAddress);
  }

  /** Where the name of the planet's balancer leads to; undefined without one, and until it is in service. */
  get balancerAddress(): string | undefined {
    return this.#cloud.cloud.describe().loadBalancers[0]?.address;
  }

  /** Nobody will {@link restore} it any more. */
  async forget({ cloud, state }: Moment): Promise<void> {
    for (const folder of [cloud.folder, state]) {
      this.#kept.delete(folder);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What the next command would find. */
  look(): Pair | undefined {
    return readPair({ cloud: this.#cloud.now, state: this.statePath }, STACK);
  }

  async stop(): Promise<void> {
    this.proxy.stop();
    await this.project.remove();
    await this.#cloud.stop();
    for (const folder of this.#kept) await rm(folder, { recursive: true, force: true });
  }
}

const nameOf = (mode: Mode, servers: number | undefined): string =>
  `crash-${mode}-${servers === undefined ? "" : "n-"}${process.pid}`;

async function commitSettings(project: GitProject, refresh: boolean | undefined) {
  const change = refresh === undefined ? (text: string) => text : refresh ? withRefresh : withoutRefresh;
  await editFile(project, "Pulumi.yaml", change);
  await editFile(project, "userdata/planet.sh", () => "#!/bin/bash\n: a stand-in\n");
  await rm(join(project.directory, "site"), { recursive: true });
  await mkdir(join(project.directory, "site"));
  await writeFile(join(project.directory, "site", "planet.ini"), SITE);
  const first = await project.commit("the first settings");
  await editFile(project, STACK_FILE, (text) => text.replace("config:\n", `config:\n${SECOND_SETTINGS}`));
  return { first, second: await project.commit("the second settings") };
}

async function editFile(project: GitProject, file: string, change: (text: string) => string): Promise<void> {
  const path = join(project.directory, file);
  await writeFile(path, change(await readFile(path, "utf8")));
}
