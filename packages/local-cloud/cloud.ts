import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { ScalingLoops } from "./autoscaling/loops.ts";
import { type CloudDescription, describeCloud } from "./description.ts";
import type { Found } from "./dns/message.ts";
import { Balancers } from "./elb/balancers.ts";
import { OWN_DOMAIN } from "./elb/shared.ts";
import { type WorkerHost, wordOnlyWorkers } from "./elb/worker.ts";
import type { FaultName } from "./faults/catalogue.ts";
import { FaultLayer } from "./faults/faultLayer.ts";
import { faultyDriver } from "./faults/faultyDriver.ts";
import { type WantedFault, wantedFault } from "./faults/wantedFault.ts";
import { FrontEnd } from "./frontEnd.ts";
import type { CloudIdentity } from "./identity.ts";
import { LocalCloudError } from "./localCloudError.ts";
import type { MachineDriver, PublicNetwork } from "./machine/driver.ts";
import type { ImageName } from "./machine/images.ts";
import { ObjectBytes } from "./s3/objectBytes.ts";
import { neededFiles } from "./s3/store.ts";
import type { Credentials } from "./wire/queryAuthentication.ts";
import { RequestLog } from "./wire/requestLog.ts";
import { newWorldState } from "./world/newWorld.ts";
import { Reconciler } from "./world/reconciler.ts";
import { readStateFile, StateFile } from "./world/stateFile.ts";
import type { CloudMode, CloudVersion, WorldState } from "./world/types.ts";
import { World } from "./world/world.ts";

export interface CloudOptions {
  readonly identity: CloudIdentity;
  readonly mode: CloudMode;
  /** Which Eucalyptus a new cloud is like. @defaultValue `5.1` */
  readonly version?: CloudVersion;
  readonly driver: MachineDriver;
  readonly network: PublicNetwork;
  /** Read at the start when present, with the journal beside it; each change is there before its answer. */
  readonly stateFile: string;
  readonly objectsDirectory: string;
  readonly imageNames: readonly ImageName[];
  readonly log: (line: string) => void;
  readonly now?: () => Date;
  /** How many times faster than a real cloud's the loops of load balancing and Auto Scaling run. @defaultValue 1 */
  readonly clockFactor?: number;
  /** What makes the traffic of load balancers. @defaultValue nothing does, and every server is in service */
  readonly workers?: WorkerHost;
  /** Decides all ids and the credentials of a new cloud. @defaultValue random */
  readonly seed?: string;
}

export interface Cloud {
  readonly credentials: Credentials;
  /** Everything under the endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** A server of the endpoint that listens nowhere yet. @param answer who hands the cloud its requests @defaultValue `handle` */
  server(answer?: RequestListener): Server;
  /** Everything under 169.254.169.254; the address says which instance asks. */
  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void;
  describe(): CloudDescription;
  /** Adopts running machines, marks vanished ones terminated, reapplies the routes. */
  start(): Promise<void>;
  /** Does what is due in the loops of load balancing and Auto Scaling; a running cloud does so by itself. */
  step(): Promise<void>;
  /** What the cloud's DNS server says of a name. */
  findName(name: string): Found;
  /** What goes wrong on purpose now. */
  readonly faults: Pick<FaultLayer, "active">;
  /** @throws {LocalCloudError} `WRONG_FAULT`, `NO_MACHINES` */
  setFault(fault: WantedFault): void;
  /** @param name all, when there is none */
  clearFault(name?: FaultName): void;
  readonly requests: Pick<RequestLog, "entries" | "subscribe">;
  /** For those that only look. */
  readonly world: World;
  /** Refuses what Eucalyptus takes for another, destructive S3 request, instead of performing that. */
  refuseFallThroughs: boolean;
  /** Waits for what is under way and writes the state. Machines are left as they are. */
  close(): Promise<void>;
}

/** Between two looks at what is due in the loops, by a real cloud's clock. */
const STEP_MS = 1_000;
const SHORTEST_STEP_MS = 25;

/** The API of one local cloud. It listens nowhere itself; the caller's servers hand it their requests. */
export function createLocalCloud(options: CloudOptions): Cloud {
  return new LocalCloud(options);
}

class LocalCloud implements Cloud {
  readonly credentials: Credentials;
  readonly faults = new FaultLayer();
  refuseFallThroughs = false;
  readonly requests: RequestLog;
  readonly world: World;
  readonly #options: CloudOptions;
  readonly #file: StateFile;
  readonly #bytes: ObjectBytes;
  readonly #frontEnd: FrontEnd;
  readonly #reconciler: Reconciler;
  readonly #scaling: ScalingLoops;
  readonly #balancers: Balancers;
  #stepping: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: CloudOptions) {
    const { identity, imageNames, network, log, now = () => new Date() } = options;
    const state = stateFor(options);
    this.#options = options;
    const skewMs = (): number => (this.faults.find("clock-skew")?.seconds ?? 0) * 1000;
    this.world = new World(state, identity, imageNames, () => new Date(now().getTime() + skewMs()), {
      isFull: () => this.faults.take("no-capacity") !== undefined,
      isWithoutBalancing: () => this.faults.find("no-load-balancing") !== undefined,
      ...(options.clockFactor !== undefined && { clockFactor: options.clockFactor }),
    });
    this.requests = new RequestLog(now);
    const driver = faultyDriver(options.driver, this.faults);
    this.#file = new StateFile(options.stateFile, this.world);
    this.#bytes = new ObjectBytes(options.objectsDirectory, () => this.world.nextToken().slice(0, 32));
    this.#reconciler = new Reconciler(this.world, { driver, network, log, save: () => this.#file.flush() });
    this.#scaling = new ScalingLoops(this.world);
    this.#balancers = new Balancers(this.world, options.workers ?? wordOnlyWorkers, this.faults);
    this.credentials = { accessKeyId: state.accessKeyId, secretAccessKey: state.secretAccessKey };
    this.#frontEnd = new FrontEnd({
      ...{ world: this.world, credentials: this.credentials, faults: this.faults, requests: this.requests, log },
      ...{ bytes: this.#bytes, console: (instanceId) => options.driver.console(instanceId) },
      ...{ save: () => this.#file.flush(), changed: () => this.#changed() },
      refusesFallThroughs: () => this.refuseFallThroughs,
    });
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#frontEnd.handle(request, response);
  }

  server(answer?: RequestListener): Server {
    return this.#frontEnd.server(answer);
  }

  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void {
    this.#frontEnd.handleMetadata(sourceAddress, request, response);
  }

  describe(): CloudDescription {
    return describeCloud(this.world, (balancer) => this.#balancers.addressOf(balancer));
  }

  async start(): Promise<void> {
    this.#bytes.removeAllBut(neededFiles(this.world));
    await this.#reconciler.adopt();
    // What a killed daemon has frozen would stay so: faults end with it.
    for (const { instanceId } of this.world.livingInstances()) this.#freeze(instanceId, false);
    this.#stepLater();
  }

  async step(): Promise<void> {
    const hasChanged = [this.#scaling.step(), this.#balancers.step()].includes(true);
    if (hasChanged) await this.#changed();
  }

  #stepLater(): void {
    const waitMs = Math.max(SHORTEST_STEP_MS, STEP_MS / this.world.clockFactor);
    this.#stepping = setTimeout(() => {
      this.step()
        .catch((error: unknown) => this.#options.log(`loops: ${error instanceof Error ? error.stack : String(error)}`))
        .finally(() => {
          if (!this.#isClosed) this.#stepLater();
        });
    }, waitMs);
    this.#stepping.unref();
  }

  findName(name: string): Found {
    if (name !== OWN_DOMAIN && !name.endsWith(`.${OWN_DOMAIN}`)) return "refused";
    const all = [...this.world.state.loadBalancers.values()];
    const balancer = all.find(({ dnsName }) => dnsName.toLowerCase() === name);
    const address = balancer && this.#balancers.addressOf(balancer);
    return address === undefined ? "no such name" : { addresses: [address] };
  }

  setFault(wanted: WantedFault): void {
    const fault = wantedFault({ ...wanted });
    if (fault.instance !== undefined) this.#freeze(fault.instance, true);
    this.faults.set(fault);
  }

  clearFault(name?: FaultName): void {
    for (const { fault, instance } of this.faults.active) {
      if (instance !== undefined && (name ?? fault) === fault) this.#freeze(instance, false);
    }
    this.faults.clear(name);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#stepping);
    this.#balancers.close();
    this.clearFault(); // nobody waits for a slow boot now
    await this.#reconciler.close();
    await this.#file.flush();
  }

  /** On disk before the answer; the machines follow after it. */
  async #changed(): Promise<void> {
    await this.#file.flush();
    setImmediate(() => this.#reconciler.wake());
  }

  /** @throws {LocalCloudError} when there is no such machine to freeze; one that has ended needs no thawing. */
  #freeze(instanceId: string, isFrozen: boolean): void {
    const { driver } = this.#options;
    const isRunning = this.world.instance(instanceId)?.state === "running";
    if (!isFrozen) {
      if (isRunning) driver.freeze?.(instanceId, false);
      return;
    }
    if (!isRunning) throw new LocalCloudError("WRONG_FAULT", `${instanceId} is not a running instance of this cloud`);
    if (!driver.freeze) {
      throw new LocalCloudError("NO_MACHINES", "this cloud has no machines, so there is nothing to freeze");
    }
    driver.freeze(instanceId, true);
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
