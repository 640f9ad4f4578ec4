import { InitializationError, type Inputs, type Provider } from "@planet/pulumi-plugin";
import type { CloudContext } from "../../cloudContext.ts";
import { createProvider } from "../../createProvider.ts";
import { fakeCloud } from "../../testing/fakeCloud.ts";
import { Killed } from "./modelCloud.ts";

/** A cloud at which a run may die. */
export interface MortalCloud {
  readonly mode: CloudContext["mode"];
  readonly autoScaling?: Partial<CloudContext["autoScaling"]>;
  readonly ec2?: Partial<CloudContext["ec2"]>;
  readonly elb?: Partial<CloudContext["elb"]>;
  readonly s3?: Partial<CloudContext["s3"]>;
  readonly isDead: boolean;
  /** What happens while the provider waits. @defaultValue nothing */
  readonly sleep?: CloudContext["sleep"];
  newDigits(): string;
  kill(): void;
}

/** One resource of a program. Inputs may use the outputs of those before it. */
export type Wanted =
  | {
      readonly name: string;
      readonly type: string;
      readonly inputs: (outputs: Outputs) => Inputs;
      readonly retain?: boolean;
    }
  /** A gate as of `@pulumi/command`: it runs when its trigger has changed, and its failure ends the run. */
  | {
      readonly name: string;
      readonly trigger: (outputs: Outputs) => string;
      readonly isMet: (outputs: Outputs) => boolean;
    };

export type Outputs = Readonly<Record<string, Inputs & { readonly id: string }>>;

interface Entry {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: Inputs;
  readonly isCondemned: boolean;
  readonly isUnfinished: boolean;
  readonly isRetained: boolean;
}

export interface RunOptions {
  readonly refresh: boolean;
  /** Name of a resource that is replaced whatever its difference says: `up --replace`, `state taint`. */
  readonly replace?: string | undefined;
  /** The run dies after this many steps, before the state is written. */
  readonly lostWrite?: number | undefined;
}

/** A step failed and the run ended with an error; what was made is in the state. */
export class StepFailed extends Error {}

export const MODEL_GROUP = "sg-1";

const COMMAND = "command";
const SETTINGS = {
  region: "eucalyptus",
  endpoints: '[{ "ec2": "http://192.0.2.1/e", "s3": "http://192.0.2.1/s" }]',
};

/**
 * Pulumi's engine as far as the order of calls goes: refresh, then each resource of the program (check, difference, create
 * before delete), then deletes last and only when all else went well; the state is written after every step. Source:
 * pulumi/pulumi `pkg/resource/deploy`.
 */
export class ModelEngine {
  state: Entry[] = [];
  /** What the last run did: `create server-1`. */
  steps: string[] = [];
  readonly #cloud: MortalCloud;
  #left = Number.POSITIVE_INFINITY;
  /** In the order of the program. */
  #urns: string[] = [];

  constructor(cloud: MortalCloud) {
    this.#cloud = cloud;
  }

  async up(program: readonly Wanted[], options: RunOptions): Promise<void> {
    const provider = await this.#start(options);
    this.#urns = program.map(({ name }) => urnOf(name));
    if (options.refresh) await this.#refresh(provider);
    const outputs: Record<string, Inputs & { id: string }> = {};
    for (const wanted of program) {
      const entry = await this.#register(provider, wanted, outputs, options.replace === wanted.name);
      outputs[wanted.name] = { ...entry.state, id: entry.id };
    }
    const registered = new Set(program.map(({ name }) => urnOf(name)));
    await this.#delete(provider, (entry) => entry.isCondemned || !registered.has(entry.urn));
  }

  async destroy(options: RunOptions): Promise<void> {
    const provider = await this.#start(options);
    if (options.refresh) await this.#refresh(provider);
    await this.#delete(provider, () => true);
  }

  /** A process of the plugin lives for one run. */
  async #start({ lostWrite }: RunOptions): Promise<Provider> {
    this.steps = [];
    this.#left = lostWrite ?? Number.POSITIVE_INFINITY;
    const { mode, autoScaling = {}, ec2 = {}, elb = {}, s3 = {}, sleep } = this.#cloud;
    const { cloud } = fakeCloud({ mode, autoScaling, ec2, elb, s3 });
    const context: CloudContext = { ...cloud, newDigits: () => this.#cloud.newDigits(), ...(sleep && { sleep }) };
    context.run.noteInState(MODEL_GROUP); // what the program's servers are in, made before them
    const provider = createProvider(() => Promise.resolve(context));
    await provider.configure(SETTINGS);
    return provider;
  }

  async #refresh(provider: Provider): Promise<void> {
    for (const entry of this.state.filter(({ type }) => type !== COMMAND)) {
      const read = await provider.read({ ...request(entry), state: entry.state, inputs: entry.inputs });
      const fresh = read && { ...entry, id: read.id, state: read.state, inputs: read.inputs };
      this.state = this.state.flatMap((each) => (each === entry ? (fresh ?? []) : [each]));
    }
  }

  async #register(provider: Provider, wanted: Wanted, outputs: Outputs, isForced: boolean): Promise<Entry> {
    const old = this.state.find(({ urn, isCondemned }) => urn === urnOf(wanted.name) && !isCondemned);
    if ("trigger" in wanted) return this.#runCommand(wanted, outputs, old);
    const base = { urn: urnOf(wanted.name), type: wanted.type, name: wanted.name, randomSeed: new Uint8Array(32) };
    const news = await checked(provider, { ...base, news: wanted.inputs(outputs) }, isForced ? undefined : old?.inputs);
    // A forced replacement is not asked about: the engine gives no olds and blames the id without calling Diff.
    if (!old || isForced) return this.#create(provider, wanted, news, old);
    const facts = { ...request(old), oldInputs: old.inputs, olds: old.state, news };
    const found = await provider.diff({ ...facts, ignoreChanges: [] }).catch(refused);
    if (found.replaces.length > 0) return this.#create(provider, wanted, news, old);
    if (!found.changes && !old.isUnfinished) return this.#write(`same ${wanted.name}`, old, { ...old, inputs: news });
    const update = { ...facts, preview: false, ignoreChanges: [], timeoutSeconds: 0 };
    const { state } = await this.#step(() => provider.update(update));
    return this.#write(`update ${wanted.name}`, old, { ...old, inputs: news, state, isUnfinished: false });
  }

  async #create(
    provider: Provider,
    wanted: Exclude<Wanted, { trigger: unknown }>,
    inputs: Inputs,
    replaced: Entry | undefined,
  ): Promise<Entry> {
    const urn = urnOf(wanted.name);
    const entry = (made: { id: string; state: Inputs }, isUnfinished: boolean): Entry => {
      const facts = { id: made.id, state: made.state, inputs, isUnfinished };
      return { urn, type: wanted.type, isCondemned: false, isRetained: wanted.retain ?? false, ...facts };
    };
    const condemn = () => {
      this.state = this.state.map((each) => (each === replaced ? { ...each, isCondemned: true } : each));
    };
    try {
      const facts = { urn, type: wanted.type, name: wanted.name, inputs, preview: false, timeoutSeconds: 0 };
      const made = await this.#step(() => provider.create(facts));
      const result = this.#write(`create ${wanted.name}`, undefined, entry(made, false));
      condemn();
      return result;
    } catch (error) {
      if (!(error instanceof StepFailed) || !(error.cause instanceof InitializationError)) throw error;
      this.#write(`create ${wanted.name}`, undefined, entry(error.cause, true));
      condemn();
      throw error;
    }
  }

  #runCommand(wanted: Extract<Wanted, { trigger: unknown }>, outputs: Outputs, old: Entry | undefined): Entry {
    const trigger = wanted.trigger(outputs);
    if (old?.inputs.trigger === trigger) return old;
    if (!wanted.isMet(outputs)) throw new StepFailed(`${wanted.name} is not met`);
    const facts = { isCondemned: false, isUnfinished: false, isRetained: false, inputs: { trigger }, state: {} };
    const entry = { urn: urnOf(wanted.name), type: COMMAND, id: wanted.name, ...facts };
    return this.#write(`run ${wanted.name}`, old, entry);
  }

  /** Later entries depend on earlier ones. */
  async #delete(provider: Provider, isMeant: (entry: Entry) => boolean): Promise<void> {
    for (const entry of this.state.filter(isMeant).toReversed()) {
      if (entry.type !== COMMAND && !entry.isRetained) {
        const facts = { ...request(entry), state: entry.state, oldInputs: entry.inputs, timeoutSeconds: 0 };
        await this.#step(() => provider.delete(facts));
      }
      this.#write(`delete ${entry.urn}`, entry, undefined);
    }
  }

  async #step<T>(call: () => Promise<T>): Promise<T> {
    const result = await call().catch((error: unknown) => new StepFailed("the step failed", { cause: error }));
    if (this.#left-- <= 0) this.#cloud.kill();
    if (this.#cloud.isDead) throw new Killed();
    if (result instanceof StepFailed) throw result;
    return result;
  }

  /** In the order of the program, then what it no longer has: what comes later depends on what comes before. */
  #write<T extends Entry | undefined>(step: string, old: Entry | undefined, now: T): T {
    if (!step.startsWith("same")) this.steps.push(step);
    const others = this.state.filter((entry) => entry !== old);
    const place = old ? this.state.indexOf(old) : this.state.length;
    const state = now ? [...others.slice(0, place), now, ...others.slice(place)] : others;
    const rank = ({ urn }: Entry) => (this.#urns.includes(urn) ? this.#urns.indexOf(urn) : this.#urns.length);
    this.state = state.toSorted((a, b) => rank(a) - rank(b));
    return now;
  }
}

async function checked(provider: Provider, facts: Parameters<Provider["check"]>[0], olds: Inputs | undefined) {
  const result = await provider.check({ ...facts, ...(olds && { olds }) });
  if ("inputs" in result) return result.inputs;
  throw new StepFailed(JSON.stringify(result.failures));
}

/** A difference that the provider refuses to report ends the run, as a step that fails does. */
function refused(cause: unknown): never {
  throw cause instanceof Killed ? cause : new StepFailed("the difference is refused", { cause });
}

const urnOf = (name: string): string => `urn:pulumi:s::p::t::${name}`;

function request({ urn, type, id }: Entry) {
  return { urn, type, id, name: urn.split("::").at(-1) ?? "" };
}
