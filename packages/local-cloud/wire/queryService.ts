import { randomUUID } from "node:crypto";
import type { World } from "../world/world.ts";
import { type Answer, faultAnswer } from "./answer.ts";
import { MissingField, PipelineFault, ServiceError } from "./faults.ts";
import { bindMembers } from "./memberBinding.ts";
import type { QueryAction } from "./queryAction.ts";
import { missingFieldMessage, type QueryCall, unknownActionMessage } from "./queryRequest.ts";
import { element, type XmlNode } from "./xml.ts";

const XML = { "Content-Type": "application/xml; charset=UTF-8" };

/** A service with the envelopes that load balancing and Auto Scaling share (observed on Eucalyptus 5.1.0, 2026-11-28). */
export interface QueryService {
  /** `http://<host>.amazonaws.com/doc/<version>/` is the namespace. */
  readonly host: string;
  readonly defaultVersion: string;
  /** Java package of its messages, which a fault names. */
  readonly messages: string;
  readonly actions: ReadonlyMap<string, QueryAction>;
  /** Those of the real service that are not here. */
  readonly lacking: readonly string[];
  /** Actions without effect. */
  readonly stubs?: readonly string[];
  /** Whether an action that says nothing has an empty result all the same. */
  readonly hasEmptyResults: boolean;
}

/** Performs one proven call; every refusal is rendered here. */
export function answerQueryService(
  service: QueryService,
  call: QueryCall,
  world: World,
  log: (line: string) => void,
): Answer {
  const { actionName: name = "", version } = call;
  // Any well-formed date is answered, under its own namespace.
  const known = version !== undefined && /^\d{4}-\d\d-\d\d$/.test(version) ? version : service.defaultVersion;
  const namespace = `http://${service.host}.amazonaws.com/doc/${known}/`;
  try {
    return success(service, namespace, name, resultOf(service, call, world, namespace));
  } catch (error) {
    if (error instanceof MissingField) {
      return faultAnswer(
        new PipelineFault(400, missingFieldMessage(`${service.messages}.${name}Type`, namespace, error.field)),
      );
    }
    if (error instanceof PipelineFault) return faultAnswer(error);
    if (!(error instanceof ServiceError)) log(`defect in ${name}: ${error instanceof Error ? error.stack : error}`);
    const known = error instanceof ServiceError ? error : new ServiceError(500, "InternalFailure", "Internal failure");
    return queryRefusal(namespace, known);
  }
}

function resultOf(
  { actions, lacking, stubs = [] }: QueryService,
  { actionName: name = "", parameters }: QueryCall,
  world: World,
  namespace: string,
): XmlNode | undefined {
  const action = actions.get(name);
  // `params` and `run` were declared together, so what the binding returns is what run takes.
  if (action) return action.run(world, bindMembers(action.params, parameters, action.needs) as never);
  if (stubs.includes(name)) return undefined;
  if (lacking.includes(name)) throw new PipelineFault(400, `The local cloud has no ${name}; a Eucalyptus has it.`);
  throw new PipelineFault(400, unknownActionMessage(name === "" ? undefined : name, namespace));
}

function success(service: QueryService, namespace: string, name: string, result: XmlNode | undefined): Answer {
  const shown = result ?? (service.hasEmptyResults ? {} : undefined);
  const content = { [`${name}Result`]: shown, ResponseMetadata: { RequestId: randomUUID() } };
  const body = element(`${name}Response`, content, "member", { xmlns: namespace });
  return { status: 200, headers: XML, body };
}

function queryRefusal(namespace: string, { status, code, message }: ServiceError): Answer {
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message, Detail: {} };
  const content = { Error: error, RequestId: randomUUID() };
  return { status, headers: XML, body: element("ErrorResponse", content, "member", { xmlns: namespace }) };
}
