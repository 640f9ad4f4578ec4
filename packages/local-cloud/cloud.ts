import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { ScalingLoops } from "./autoscaling/loops.ts";
import { AUTO_SCALING } from "./autoscaling/service.ts";
import type { Found } from "./dns/message.ts";
import { ACTIONS } from "./ec2/actions.ts";
import { answerEc2, ec2Refusal } from "./ec2/service.ts";
import { Balancers } from "./elb/balancers.ts";
import { ELB } from "./elb/service.ts";
import { OWN_DOMAIN } from "./elb/shared.ts";
import { type WorkerHost, wordOnlyWorkers } from "./elb/worker.ts";
import type { Service } from "./faults/answerFaults.ts";
import type { FaultName } from "./faults/catalogue.ts";
import { FaultLayer } from "./faults/faultLayer.ts";
import { faultyDriver } from "./faults/faultyDriver.ts";
import { type DisturbedCall, performCall } from "./faults/performCall.ts";
import { type WantedFault, wantedFault } from "./faults/wantedFault.ts";
import type { CloudIdentity } from "./identity.ts";
import { LocalCloudError } from "./localCloudError.ts";
import type { MachineDriver, PublicNetwork } from "./machine/driver.ts";
import type { ImageName } from "./machine/images.ts";
import { answerMetadata } from "./metadata/service.ts";
import { ObjectBytes } from "./s3/objectBytes.ts";
import { handleS3 } from "./s3/service.ts";
import { neededFiles } from "./s3/store.ts";
import { answerSts } from "./sts/service.ts";
import { type Answer, faultAnswer, sendAnswer, serverHeader } from "./wire/answer.ts";
import { drain, isAbandoned } from "./wire/body.ts";
import { NoAnswer, PipelineFault } from "./wire/faults.ts";
import { httpServer } from "./wire/httpServer.ts";
import type { Credentials } from "./wire/queryAuthentication.ts";
import { type QueryCall, readQueryCall } from "./wire/queryRequest.ts";
import { answerQueryService } from "./wire/queryService.ts";
import { RequestLog, type RequestNotes } from "./wire/requestLog.ts";
import { serviceOfHost } from "./wire/serviceNames.ts";
import { shownParameters } from "./wire/shownParameters.ts";
import { headerOf, lineTooLong, type RequestHead, requestHead } from "./wire/target.ts";
import { newWorldState } from "./world/newWorld.ts";
import { Reconciler } from "./world/reconciler.ts";
import { readStateFile, StateFile } from "./world/stateFile.ts";
import type { CloudMode, CloudVersion, InstanceStateName, WorldState } from "./world/types.ts";
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
  readonly loadBalancers: readonly {
    readonly name: string;
    readonly dnsName: string;
    /** Of its worker; absent while none is in service. */
    readonly address?: string;
  }[];
}

/** A request with its answer, and what the log is to know of them. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly notes: RequestNotes;
}

/** The one user of the one account. */
const USER = "planet";

/** Between two looks at what is due in the loops, by a real cloud's clock. */
const STEP_MS = 1_000;
const SHORTEST_STEP_MS = 25;

/** Characters of a path, or of a bucket and key, in the log. */
const PLACE_LIMIT = 200;

/** Longest first: a prefix is matched with or without what follows. */
const SERVICES = [
  { prefix: "/services/compute", service: "ec2" },
  { prefix: "/services/Eucalyptus", service: "ec2" },
  { prefix: "/services/objectstorage", service: "s3" },
  { prefix: "/services/LoadBalancing", service: "elb" },
  { prefix: "/services/AutoScaling", service: "autoscaling" },
  { prefix: "/services/Walrus", service: "s3" },
  { prefix: "/services/Tokens", service: "sts" },
] as const;

/** By the path, or by a DNS name of the service. Source: Corymbia/eucalyptus `Pipelines.java`, `QueryPipeline.java`. */
function serviceOf(head: RequestHead) {
  const byPath = SERVICES.find(({ prefix }) => head.path.startsWith(prefix));
  if (byPath) return byPath;
  const service = serviceOfHost(headerOf(head, "host") ?? "");
  const isTaken = service === "s3" || /^\/*$/.test(head.path);
  return service !== undefined && isTaken ? { prefix: "", service } : undefined;
}

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

  handle(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Server", serverHeader(this.world.state.version));
    const notes = this.#note(request, response, request.socket.remoteAddress ?? "");
    this.#dispatch(request, response, notes).catch((error: unknown) => {
      this.#options.log(`request failed: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  }

  server(answer: RequestListener = (request, response) => this.handle(request, response)): Server {
    return httpServer({
      answer,
      refusal: ({ isTooLong, message }) => {
        const { headers, ...fault } = faultAnswer(isTooLong ? lineTooLong() : new PipelineFault(400, message));
        const server = { Server: serverHeader(this.world.state.version), Date: this.world.now().toUTCString() };
        return { ...fault, headers: { ...server, ...headers } };
      },
    });
  }

  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void {
    const { url = "/", headers } = request;
    const { status, contentType, body } = answerMetadata(this.world, sourceAddress, url, headers.host ?? "");
    response.setHeader("Server", serverHeader(this.world.state.version));
    response.setHeader("Date", this.world.now().toUTCString());
    const notes = this.#note(request, response, sourceAddress);
    notes.service = "metadata";
    response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length, Connection: "close" });
    response.end(body);
  }

  describe(): CloudDescription {
    const { version } = this.world.state;
    return {
      ...(version !== undefined && { version }),
      instances: this.world.instances().map((instance) => {
        const { instanceId, state, imageId, instanceType, privateAddress } = instance;
        const publicAddress = this.world.publicAddressOf(instance);
        const known = { instanceId, state, imageId, instanceType, privateAddress };
        return publicAddress === undefined ? known : { ...known, publicAddress };
      }),
      addresses: [...this.world.state.addresses.values()].map(({ publicAddress, instanceId, associatedAt }) => ({
        publicAddress,
        ...(instanceId !== undefined && { instanceId }),
        ...(associatedAt !== undefined && { associatedAt }),
      })),
      loadBalancers: [...this.world.state.loadBalancers.values()].map((balancer) => {
        const address = this.#balancers.addressOf(balancer);
        const { name, dnsName } = balancer;
        return { name, dnsName, ...(address !== undefined && { address }) };
      }),
    };
  }

  /** The path without what follows it: a query may hold a signature. */
  #note({ method, url = "" }: IncomingMessage, response: ServerResponse, address: string): RequestNotes {
    const source = address.replace(/^::ffff:/, "");
    const isInside = source.startsWith(`${this.world.identity.privatePrefix}.`);
    const instance = isInside && this.world.livingInstances().find(({ privateAddress }) => privateAddress === source);
    const place = url.replace(/\?.*$/s, "").slice(0, PLACE_LIMIT);
    return this.requests.begin(instance ? instance.instanceId : source, `${method} ${place}`, response);
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse, notes: RequestNotes): Promise<void> {
    response.setHeader("Date", this.world.now().toUTCString()); // also of a clock that is wrong
    let head: RequestHead;
    try {
      head = requestHead(request.method ?? "", request.url ?? "", request.rawHeaders);
    } catch (error) {
      sendAnswer(response, ec2Refusal(error, this.#options.log));
      return;
    }
    const found = serviceOf(head);
    if (found?.service === "s3" && /^(?:\/|$)/.test(head.path.slice(found.prefix.length))) {
      notes.service = "s3";
      await this.#handleS3(head, found.prefix, { request, response, notes });
    } else if (found?.service === "elb" && this.world.isWithoutBalancing()) {
      drain(request);
      sendAnswer(response, elsewhere(head, this.world.identity.endpoint));
    } else if (found && found.service !== "s3" && !hasHeader(head, "soapaction")) {
      notes.service = found.service;
      const answer = await this.#answerQuery(found.service, head, { request, response, notes });
      if (answer === undefined) return;
      const [code = "", message = ""] = answer.status === 200 ? [] : errorIn(answer);
      notes.code = code;
      if (code !== "") this.#options.log(`${answer.status} ${code}: ${message.trim()}`);
      sendAnswer(response, answer);
    } else {
      drain(request);
      sendAnswer(response, faultAnswer(new PipelineFault(404, "unknown")));
    }
  }

  /** `undefined`: the cloud gives no answer at all, and the connection stays open; or a fault has given another one. */
  async #answerQuery(
    service: Exclude<Service, "s3">,
    head: RequestHead,
    { request, response, notes }: Exchange,
  ): Promise<Answer | undefined> {
    const { log } = this.#options;
    try {
      const call = await readQueryCall(head, request, this.credentials, this.world.now);
      const operation = call.actionName ?? "";
      Object.assign(notes, { caller: USER, action: operation || "-", parameters: shownParameters(call.parameters) });
      return await this.#disturbed({ service, operation, request, response, notes }, () =>
        this.#answerOf(service, call),
      );
    } catch (error) {
      if (isAbandoned(request)) return undefined;
      drain(request);
      if (error instanceof NoAnswer) {
        log(`no answer: ${error.message}`);
        return undefined;
      }
      return ec2Refusal(error, log);
    }
  }

  async #answerOf(service: Exclude<Service, "s3">, call: QueryCall): Promise<Answer> {
    if (service === "sts") return answerSts(call, this.world.state);
    if (service === "ec2") return await this.#answerEc2(call);
    const answer = answerQueryService(service === "elb" ? ELB : AUTO_SCALING, call, this.world, this.#options.log);
    if (answer.status === 200 && !/^Describe/.test(call.actionName ?? "")) {
      this.#options.log(call.actionName ?? "");
      await this.#changed();
    }
    return answer;
  }

  async #answerEc2(call: QueryCall): Promise<Answer> {
    const { log, driver } = this.#options;
    const name = call.actionName ?? "";
    const console = (instanceId: string) => driver.console(instanceId);
    const answer = await answerEc2(call, { world: this.world, console, log });
    if (answer.status === 200 && ACTIONS.has(name) && !/^(?:Describe|Get)/.test(name)) {
      log(name);
      await this.#changed();
    }
    return answer;
  }

  /** Performs a proven call, as the faults want it. */
  #disturbed<A extends Pick<Answer, "status">>(
    { notes, ...call }: Omit<DisturbedCall, "onFault"> & Exchange,
    act: () => Promise<A>,
  ): Promise<A | undefined> {
    const onFault = (name: string): void => {
      notes.fault = name;
      this.#options.log(`fault ${name} meets ${call.operation}`);
    };
    return performCall({ ...call, onFault }, this.faults, act);
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

  #handleS3(head: RequestHead, prefix: string, exchange: Exchange): Promise<void> {
    const { request, response, notes } = exchange;
    return handleS3(head, prefix, request, response, {
      world: this.world,
      bytes: this.#bytes,
      credentials: this.credentials,
      save: () => this.#file.flush(),
      log: this.#options.log,
      refuseFallThroughs: this.refuseFallThroughs,
      perform: (operation, { caller, bucketName, key, parameters }, act) => {
        const place = `${bucketName}${key === "" ? "" : `/${key}`}`.slice(0, PLACE_LIMIT);
        notes.action = operation;
        notes.caller = caller === "account" ? USER : "nobody";
        notes.parameters = `${place} ${shownParameters(parameters)}`.trim();
        return this.#disturbed({ service: "s3", operation, ...exchange }, act);
      },
      onRefusal: (code) => {
        notes.code = code;
      },
    });
  }
}

/** A service that is not enabled here should be at another host, the cloud thinks (observed on Eucalyptus 5.1.0, 2026-11-28). */
function elsewhere({ path }: RequestHead, endpoint: string): Answer {
  return { status: 307, headers: { Location: `${endpoint}${path}`, Connection: "close" }, body: "" };
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

/** Code and message. */
function errorIn({ body }: Answer): string[] {
  return /<Code>([^<]*)<\/Code><Message>([^<]*)/.exec(body)?.slice(1) ?? [];
}

function hasHeader(head: RequestHead, name: string): boolean {
  return head.headers.some(([key]) => key.toLowerCase() === name);
}
