import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ACTIONS } from "./ec2/actions.ts";
import { answerEc2, ec2Refusal } from "./ec2/service.ts";
import type { CloudIdentity } from "./identity.ts";
import { LocalCloudError } from "./localCloudError.ts";
import type { MachineDriver, PublicNetwork } from "./machine/driver.ts";
import type { ImageName } from "./machine/images.ts";
import { answerMetadata } from "./metadata/service.ts";
import { S3Error } from "./s3/errors.ts";
import { ObjectBytes } from "./s3/objectBytes.ts";
import { handleS3 } from "./s3/service.ts";
import { neededFiles } from "./s3/store.ts";
import { answerSts } from "./sts/service.ts";
import { type Answer, faultAnswer, sendAnswer } from "./wire/answer.ts";
import { drain } from "./wire/body.ts";
import { type Faults, takeFailure } from "./wire/faultPlan.ts";
import { NoAnswer, PipelineFault, ServiceError } from "./wire/faults.ts";
import type { Credentials } from "./wire/queryAuthentication.ts";
import { readQueryCall } from "./wire/queryRequest.ts";
import { type RequestHead, requestHead } from "./wire/target.ts";
import { newWorldState } from "./world/newWorld.ts";
import { Reconciler } from "./world/reconciler.ts";
import { readStateFile, StateFile } from "./world/stateFile.ts";
import type { CloudMode, CloudVersion, InstanceStateName, WorldState } from "./world/types.ts";
import { World } from "./world/world.ts";

export type { Faults } from "./wire/faultPlan.ts";

export interface CloudOptions {
  readonly identity: CloudIdentity;
  readonly mode: CloudMode;
  /** Which Eucalyptus a new cloud is like. @defaultValue `5.1` */
  readonly version?: CloudVersion;
  readonly driver: MachineDriver;
  readonly network: PublicNetwork;
  /** Read at the start when present, written atomically after each change. */
  readonly stateFile: string;
  readonly objectsDirectory: string;
  readonly imageNames: readonly ImageName[];
  readonly log: (line: string) => void;
  readonly now?: () => Date;
  /** Decides all ids and the credentials of a new cloud. @defaultValue random */
  readonly seed?: string;
}

export interface Cloud {
  readonly credentials: Credentials;
  /** Everything under the endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Everything under 169.254.169.254; the address says which instance asks. */
  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void;
  describe(): CloudDescription;
  /** Adopts running machines, marks vanished ones terminated, reapplies the routes. */
  start(): Promise<void>;
  faults: Faults;
  /** Waits for what is under way and writes the state. Machines are left as they are. */
  close(): Promise<void>;
}

export interface CloudDescription {
  /** Absent: made before there was a choice. */
  readonly version?: CloudVersion;
  readonly instances: readonly {
    readonly instanceId: string;
    readonly state: InstanceStateName;
    readonly imageId: string;
    readonly instanceType: string;
    readonly privateAddress: string;
    readonly publicAddress?: string;
  }[];
  readonly addresses: readonly {
    readonly publicAddress: string;
    readonly instanceId?: string;
    /** When the call came that put it there; the move takes effect after the cloud's move delay. */
    readonly associatedAt?: string;
  }[];
}

/** Longest first: a prefix is matched with or without what follows. */
const SERVICES = [
  { prefix: "/services/compute", service: "ec2" },
  { prefix: "/services/Eucalyptus", service: "ec2" },
  { prefix: "/services/objectstorage", service: "s3" },
  { prefix: "/services/Walrus", service: "s3" },
  { prefix: "/services/Tokens", service: "sts" },
] as const;

/** The API of one local cloud. It listens nowhere itself; the caller's servers hand it their requests. */
export function createLocalCloud(options: CloudOptions): Cloud {
  return new LocalCloud(options);
}

class LocalCloud implements Cloud {
  readonly credentials: Credentials;
  faults: Faults = { failNext: [], answerDelayMs: 0 };
  readonly #options: CloudOptions;
  readonly #world: World;
  readonly #file: StateFile;
  readonly #bytes: ObjectBytes;
  readonly #reconciler: Reconciler;

  constructor(options: CloudOptions) {
    const { identity, imageNames, driver, network, log, now = () => new Date() } = options;
    const state = stateFor(options);
    this.#options = options;
    this.#world = new World(state, identity, imageNames, now);
    this.#file = new StateFile(options.stateFile, state);
    this.#bytes = new ObjectBytes(options.objectsDirectory, () => this.#world.nextToken().slice(0, 32));
    this.#reconciler = new Reconciler(this.#world, { driver, network, log, save: () => this.#file.flush() });
    this.credentials = { accessKeyId: state.accessKeyId, secretAccessKey: state.secretAccessKey };
  }

  async start(): Promise<void> {
    this.#bytes.removeAllBut(neededFiles(this.#world));
    await this.#reconciler.adopt();
  }

  async close(): Promise<void> {
    await this.#reconciler.close();
    await this.#file.flush();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#dispatch(request, response).catch((error: unknown) => {
      this.#options.log(`request failed: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  }

  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void {
    const { status, contentType, body } = answerMetadata(this.#world, sourceAddress, request.url ?? "/");
    response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length, Connection: "close" });
    response.end(body);
  }

  describe(): CloudDescription {
    const { version } = this.#world.state;
    return {
      ...(version !== undefined && { version }),
      instances: this.#world.instances().map((instance) => {
        const { instanceId, state, imageId, instanceType, privateAddress } = instance;
        const publicAddress = this.#world.publicAddressOf(instance);
        const known = { instanceId, state, imageId, instanceType, privateAddress };
        return publicAddress === undefined ? known : { ...known, publicAddress };
      }),
      addresses: [...this.#world.state.addresses.values()].map(({ publicAddress, instanceId, associatedAt }) => ({
        publicAddress,
        ...(instanceId !== undefined && { instanceId }),
        ...(associatedAt !== undefined && { associatedAt }),
      })),
    };
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let head: RequestHead;
    try {
      head = requestHead(request.method ?? "", request.url ?? "", request.rawHeaders);
    } catch (error) {
      sendAnswer(response, ec2Refusal(error, this.#options.log));
      return;
    }
    const found = SERVICES.find(({ prefix }) => head.path.startsWith(prefix));
    if (found?.service === "s3" && /^(?:\/|$)/.test(head.path.slice(found.prefix.length))) {
      await this.#handleS3(head, found.prefix, request, response);
    } else if (found && found.service !== "s3" && !hasHeader(head, "soapaction")) {
      const answer = await this.#answerQuery(found.service, head, request);
      if (answer === undefined) return;
      if (answer.status !== 200) this.#options.log(`${answer.status} ${codeOf(answer)}`);
      await delay(this.faults.answerDelayMs);
      sendAnswer(response, answer);
    } else {
      drain(request);
      sendAnswer(response, faultAnswer(new PipelineFault(404, "unknown")));
    }
  }

  /** `undefined`: the cloud gives no answer at all, and the connection stays open. */
  async #answerQuery(service: "ec2" | "sts", head: RequestHead, request: IncomingMessage): Promise<Answer | undefined> {
    const { log } = this.#options;
    try {
      const call = await readQueryCall(head, request, this.credentials, this.#world.now);
      if (service === "sts") return answerSts(call, this.#world.state);
      const name = call.actionName ?? "";
      this.#failAsPlanned(name, "before");
      const console = (instanceId: string) => this.#options.driver.console(instanceId);
      const answer = await answerEc2(call, { world: this.#world, console, log });
      if (answer.status === 200 && ACTIONS.has(name) && !/^(?:Describe|Get)/.test(name)) {
        log(name);
        await this.#changed();
      }
      this.#failAsPlanned(name, "after");
      return answer;
    } catch (error) {
      drain(request);
      if (error instanceof NoAnswer) {
        log(`no answer: ${error.message}`);
        return undefined;
      }
      return ec2Refusal(error, log);
    }
  }

  /** On disk before the answer; the machines follow after it. */
  async #changed(): Promise<void> {
    await this.#file.flush();
    setImmediate(() => this.#reconciler.wake());
  }

  #failAsPlanned(action: string, when: "before" | "after"): void {
    const planned = takeFailure(this.faults, action, when);
    if (planned) throw new ServiceError(planned.status, planned.code, "Failed on request of a test");
  }

  #handleS3(head: RequestHead, prefix: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    return handleS3(head, prefix, request, response, {
      world: this.#world,
      bytes: this.#bytes,
      credentials: this.credentials,
      save: () => this.#file.flush(),
      log: this.#options.log,
      refuseFallThroughs: this.faults.refuseFallThroughs ?? false,
      interrupt: async (operation, when) => {
        if (when === "after") await delay(this.faults.answerDelayMs);
        const planned = takeFailure(this.faults, operation, when);
        if (planned) throw new S3Error(planned.status, planned.code, "Failed on request of a test");
      },
    });
  }
}

function stateFor({ stateFile, mode, version, identity, seed }: CloudOptions): WorldState {
  const state = readStateFile(stateFile) ?? newWorldState({ mode, version: version ?? "5.1" }, identity, seed);
  if (state.mode !== mode) {
    throw new LocalCloudError(
      "OTHER_MODE",
      `Cloud ${identity.name} was made in mode ${state.mode} and cannot start in mode ${mode}. ` +
        "Reset it first; that ends its instances and removes its buckets.",
    );
  }
  if (version !== undefined && state.version !== version) {
    throw new LocalCloudError(
      "OTHER_VERSION",
      `Cloud ${identity.name} was made ${state.version ? `as a Eucalyptus ${state.version}` : "before there was a choice of version"} ` +
        `and cannot start as ${version}. Reset it first; that ends its instances and removes its buckets.`,
    );
  }
  return state;
}

function codeOf({ body }: Answer): string {
  return /<Code>([^<]*)<\/Code><Message>([^<]*)/.exec(body)?.slice(1).join(": ").trim() ?? "";
}

function hasHeader(head: RequestHead, name: string): boolean {
  return head.headers.some(([key]) => key.toLowerCase() === name);
}
