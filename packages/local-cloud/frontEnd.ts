import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { AUTO_SCALING } from "./autoscaling/service.ts";
import { ACTIONS } from "./ec2/actions.ts";
import { answerEc2, ec2Refusal } from "./ec2/service.ts";
import { ELB } from "./elb/service.ts";
import type { Service } from "./faults/answerFaults.ts";
import type { FaultLayer } from "./faults/faultLayer.ts";
import { type DisturbedCall, performCall } from "./faults/performCall.ts";
import type { MachineDriver } from "./machine/driver.ts";
import { answerMetadata } from "./metadata/service.ts";
import type { ObjectBytes } from "./s3/objectBytes.ts";
import { handleS3 } from "./s3/service.ts";
import { answerSts } from "./sts/service.ts";
import { type Answer, faultAnswer, sendAnswer, serverHeader } from "./wire/answer.ts";
import { drain, isAbandoned } from "./wire/body.ts";
import { NoAnswer, PipelineFault } from "./wire/faults.ts";
import { httpServer } from "./wire/httpServer.ts";
import type { Credentials } from "./wire/queryAuthentication.ts";
import { type QueryCall, readQueryCall } from "./wire/queryRequest.ts";
import { answerQueryService } from "./wire/queryService.ts";
import type { RequestLog, RequestNotes } from "./wire/requestLog.ts";
import { serviceOfHost } from "./wire/serviceNames.ts";
import { shownParameters } from "./wire/shownParameters.ts";
import { headerOf, lineTooLong, type RequestHead, requestHead } from "./wire/target.ts";
import type { World } from "./world/world.ts";

/** What the front end needs of its cloud. */
export interface FrontEndParts {
  readonly world: World;
  readonly credentials: Credentials;
  readonly faults: FaultLayer;
  readonly bytes: ObjectBytes;
  readonly requests: RequestLog;
  readonly console: MachineDriver["console"];
  /** Puts the world on disk. */
  readonly save: () => Promise<void>;
  /** Puts the world on disk, and lets the machines follow. */
  readonly changed: () => Promise<void>;
  /** See `Cloud.refuseFallThroughs`. */
  readonly refusesFallThroughs: () => boolean;
  readonly log: (line: string) => void;
}

/** A request with its answer, and what the log is to know of them. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly notes: RequestNotes;
}

/** The one user of the one account. */
const USER = "planet";

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

/** Takes every request under the cloud's endpoint: finds its service, proves the caller, notes it and answers. */
export class FrontEnd {
  readonly #parts: FrontEndParts;
  readonly #world: World;

  constructor(parts: FrontEndParts) {
    this.#parts = parts;
    this.#world = parts.world;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("Server", serverHeader(this.#world.state.version));
    const notes = this.#note(request, response, request.socket.remoteAddress ?? "");
    this.#dispatch(request, response, notes).catch((error: unknown) => {
      this.#parts.log(`request failed: ${error instanceof Error ? error.message : String(error)}`);
      response.destroy();
    });
  }

  server(answer: RequestListener = (request, response) => this.handle(request, response)): Server {
    return httpServer({
      answer,
      refusal: ({ isTooLong, message }) => {
        const { headers, ...fault } = faultAnswer(isTooLong ? lineTooLong() : new PipelineFault(400, message));
        const server = {
          Server: serverHeader(this.#world.state.version),
          Date: this.#world.now().toUTCString(),
        };
        return { ...fault, headers: { ...server, ...headers } };
      },
    });
  }

  handleMetadata(sourceAddress: string, request: IncomingMessage, response: ServerResponse): void {
    const { url = "/", headers } = request;
    const { status, contentType, body } = answerMetadata(this.#world, sourceAddress, url, headers.host ?? "");
    response.setHeader("Server", serverHeader(this.#world.state.version));
    response.setHeader("Date", this.#world.now().toUTCString());
    const notes = this.#note(request, response, sourceAddress);
    notes.service = "metadata";
    response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length, Connection: "close" });
    response.end(body);
  }

  /** The path without what follows it: a query may hold a signature. */
  #note({ method, url = "" }: IncomingMessage, response: ServerResponse, address: string): RequestNotes {
    const source = address.replace(/^::ffff:/, "");
    const isInside = source.startsWith(`${this.#world.identity.privatePrefix}.`);
    const instance = isInside && this.#world.livingInstances().find(({ privateAddress }) => privateAddress === source);
    const place = url.replace(/\?.*$/s, "").slice(0, PLACE_LIMIT);
    return this.#parts.requests.begin(instance ? instance.instanceId : source, `${method} ${place}`, response);
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse, notes: RequestNotes): Promise<void> {
    response.setHeader("Date", this.#world.now().toUTCString()); // also of a clock that is wrong
    let head: RequestHead;
    try {
      head = requestHead(request.method ?? "", request.url ?? "", request.rawHeaders);
    } catch (error) {
      sendAnswer(response, ec2Refusal(error, this.#parts.log));
      return;
    }
    const found = serviceOf(head);
    if (found?.service === "s3" && /^(?:\/|$)/.test(head.path.slice(found.prefix.length))) {
      notes.service = "s3";
      await this.#handleS3(head, found.prefix, { request, response, notes });
    } else if (found?.service === "elb" && this.#world.isWithoutBalancing()) {
      drain(request);
      sendAnswer(response, elsewhere(head, this.#world.identity.endpoint));
    } else if (found && found.service !== "s3" && !hasHeader(head, "soapaction")) {
      notes.service = found.service;
      const answer = await this.#answerQuery(found.service, head, { request, response, notes });
      if (answer === undefined) return;
      const [code = "", message = ""] = answer.status === 200 ? [] : errorIn(answer);
      notes.code = code;
      if (code !== "") this.#parts.log(`${answer.status} ${code}: ${message.trim()}`);
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
    const { log } = this.#parts;
    try {
      const call = await readQueryCall(head, request, this.#parts.credentials, this.#world.now);
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
    if (service === "sts") return answerSts(call, this.#world.state);
    if (service === "ec2") return await this.#answerEc2(call);
    const answer = answerQueryService(service === "elb" ? ELB : AUTO_SCALING, call, this.#world, this.#parts.log);
    if (answer.status === 200 && !/^Describe/.test(call.actionName ?? "")) {
      this.#parts.log(call.actionName ?? "");
      await this.#parts.changed();
    }
    return answer;
  }

  async #answerEc2(call: QueryCall): Promise<Answer> {
    const { world, console, log } = this.#parts;
    const name = call.actionName ?? "";
    const answer = await answerEc2(call, { world, console, log });
    if (answer.status === 200 && ACTIONS.has(name) && !/^(?:Describe|Get)/.test(name)) {
      log(name);
      await this.#parts.changed();
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
      this.#parts.log(`fault ${name} meets ${call.operation}`);
    };
    return performCall({ ...call, onFault }, this.#parts.faults, act);
  }

  #handleS3(head: RequestHead, prefix: string, exchange: Exchange): Promise<void> {
    const { request, response, notes } = exchange;
    return handleS3(head, prefix, request, response, {
      ...this.#parts,
      refuseFallThroughs: this.#parts.refusesFallThroughs(),
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

/** Code and message. */
function errorIn({ body }: Answer): string[] {
  return /<Code>([^<]*)<\/Code><Message>([^<]*)/.exec(body)?.slice(1) ?? [];
}

function hasHeader(head: RequestHead, name: string): boolean {
  return head.headers.some(([key]) => key.toLowerCase() === name);
}
