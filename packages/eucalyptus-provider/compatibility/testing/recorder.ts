import { setTimeout as sleepFor } from "node:timers/promises";
import { serviceUrls } from "@planet/eucalyptus-client";
import type { Inputs, Provider } from "@planet/pulumi-plugin";
import { connectCloud } from "../../connectCloud.ts";
import { createProvider } from "../../createProvider.ts";
import { type RecordingCloud, startRecordingCloud } from "./recordingCloud.ts";

/** The cloud's loops and the provider's waits are so much faster than real ones. */
const CLOCK_FACTOR = 200;

export type Operation = "preview" | "create" | "read" | "update" | "delete" | "invoke";

/** What the provider did to one resource; as the engine keeps it. */
export interface Made {
  readonly token: string;
  readonly urn: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: Inputs;
}

/**
 * Calls the provider as the engine does, each time a new one as each command has a new plugin, and notes which calls
 * reach the cloud.
 */
export class Recorder {
  readonly mode: "edge" | "vpc";
  /** Token and operation, `aws:ec2/eip:Eip create`, to the calls. */
  readonly calls = new Map<string, Set<string>>();
  /** Asked once by each run, before anything else. */
  readonly greeting = new Set<string>();
  readonly #cloud: RecordingCloud;

  static async start(mode: "edge" | "vpc"): Promise<Recorder> {
    return new Recorder(mode, await startRecordingCloud(mode, CLOCK_FACTOR));
  }

  private constructor(mode: "edge" | "vpc", cloud: RecordingCloud) {
    this.mode = mode;
    this.#cloud = cloud;
  }

  stop(): Promise<void> {
    return this.#cloud.stop();
  }

  /** What the checks refuse; nothing is noted. */
  async problems(token: string, news: Inputs) {
    const checked = await (await this.provider()).check(this.#checkRequest(token, "probe", news));
    this.#cloud.taken();
    return "failures" in checked ? checked.failures : [];
  }

  async make(token: string, name: string, news: Inputs): Promise<Made> {
    const common = { urn: urnOf(token, name), type: token, name, timeoutSeconds: 0 };
    const inputs = await this.#during(token, "preview", async (provider) => {
      const checked = await provider.check(this.#checkRequest(token, name, news));
      if ("failures" in checked) throw new Error(`${token}: ${JSON.stringify(checked.failures)}`);
      await provider.create({ ...common, inputs: checked.inputs, preview: true });
      return checked.inputs;
    });
    const { id, state } = await this.#during(token, "create", (provider) =>
      provider.create({ ...common, inputs, preview: false }),
    );
    return { token, urn: common.urn, name, id, inputs, state };
  }

  /** A refresh, and an import when nothing is known of it. */
  async read(made: Made, isImport = false): Promise<Inputs> {
    const { token, urn, name, id, inputs, state } = made;
    const request = { urn, type: token, name, id, ...(!isImport && { inputs, state }) };
    const found = await this.#during(token, "read", (provider) => provider.read(request));
    if (!found) throw new Error(`${token} ${id} is not there`);
    return found.state;
  }

  async change(made: Made, changes: Inputs): Promise<Made> {
    const { token, urn, name, id, inputs: oldInputs, state: olds } = made;
    const identity = { urn, type: token, name, id };
    const news = { ...oldInputs, ...changes };
    const request = { ...identity, oldInputs, olds, news, ignoreChanges: [], timeoutSeconds: 0 };
    await this.#during(token, "preview", async (provider) => {
      const checked = await provider.check({ ...this.#checkRequest(token, name, news), olds: oldInputs });
      if ("failures" in checked) throw new Error(`${token}: ${JSON.stringify(checked.failures)}`);
      const { replaces } = await provider.diff(request);
      if (replaces.length > 0) throw new Error(`${token}: ${replaces.join()} cannot change in place`);
      await provider.update({ ...request, preview: true });
    });
    const { state } = await this.#during(token, "update", (provider) =>
      provider.update({ ...request, preview: false }),
    );
    return { ...made, inputs: news, state };
  }

  async end({ token, urn, id, inputs: oldInputs, state }: Made): Promise<void> {
    const request = { urn, type: token, id, state, oldInputs, timeoutSeconds: 0 };
    await this.#during(token, "delete", (provider) => provider.delete(request));
  }

  invoke(token: string, args: Inputs): Promise<Inputs> {
    return this.#during(token, "invoke", async (provider) => {
      const result = await provider.invoke(token, args, false);
      if ("failures" in result) throw new Error(`${token}: ${JSON.stringify(result.failures)}`);
      return result as Inputs;
    });
  }

  async #during<T>(token: string, operation: Operation, work: (provider: Provider) => Promise<T>): Promise<T> {
    const provider = await this.provider();
    const result = await work(provider);
    const key = `${token} ${operation}`;
    this.calls.set(key, new Set([...(this.calls.get(key) ?? []), ...this.#cloud.taken()]));
    return result;
  }

  /** Connected; its greeting is not counted as anything's call. */
  async provider(): Promise<Provider> {
    const { endpoint, credentials } = this.#cloud;
    const say = () => {};
    const context = {
      log: { debug: say, status: say, info: say, warning: say },
      cancelled: new AbortController().signal,
    };
    const environment = {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const provider = createProvider(async (configuration) => ({
      ...(await connectCloud(configuration, { ...context, environment })),
      sleep: (ms) => sleepFor(ms / CLOCK_FACTOR),
    }));
    await provider.configure({ region: "eucalyptus", endpoints: JSON.stringify([serviceUrls(endpoint)]) });
    for (const call of this.#cloud.taken()) this.greeting.add(call);
    return provider;
  }

  #checkRequest(token: string, name: string, news: Inputs) {
    return { urn: urnOf(token, name), type: token, name, news, randomSeed: new Uint8Array(32) };
  }
}

const urnOf = (token: string, name: string) => `urn:pulumi:s::p::${token}::${name}`;
