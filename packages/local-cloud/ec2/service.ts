import { randomUUID } from "node:crypto";
import { type Answer, faultAnswer } from "../wire/answer.ts";
import { bind } from "../wire/binding.ts";
import { MissingField, NoAnswer, PipelineFault, ServiceError } from "../wire/faults.ts";
import { missingFieldMessage, type QueryCall, unknownActionMessage } from "../wire/queryRequest.ts";
import { element, type XmlNode } from "../wire/xml.ts";
import type { CloudVersion } from "../world/types.ts";
import type { World } from "../world/world.ts";
import type { Action } from "./action.ts";
import { ACTIONS } from "./actions.ts";
import { internalFailure } from "./errors.ts";
import { STUBS } from "./stubs.ts";

/** The API version of a call that names none, or none that is well-formed. */
const DEFAULT_API_VERSIONS = { "4.4": "2016-09-15", "5.1": "2016-11-15" } as const;
const XML = "application/xml; charset=UTF-8";

export interface Ec2Surroundings {
  readonly world: World;
  /** The console of a machine: the one thing that an answer needs and the world does not hold. */
  readonly console: (instanceId: string) => Promise<Buffer>;
  readonly log: (line: string) => void;
}

/** Performs one proven call. Every refusal is rendered here, no action does. */
export async function answerEc2(call: QueryCall, surroundings: Ec2Surroundings): Promise<Answer> {
  const namespace = namespaceOf(call.version, surroundings.world.state.version ?? "5.1");
  try {
    const action = ACTIONS.get(call.actionName ?? "");
    if (action)
      return success(action.root ?? `${action.name}Response`, namespace, await run(action, call, surroundings));
    const stub = STUBS.get(call.actionName ?? "");
    if (stub) {
      checkStub(call);
      const requestId = stub.hasRequestId ? randomUUID() : undefined;
      return success(`${call.actionName}Response`, namespace, { requestId, ...stub.content });
    }
    throw new PipelineFault(400, unknownActionMessage(call.actionName, namespace));
  } catch (error) {
    if (error instanceof MissingField) {
      const name = `${error.field.slice(0, 1).toLowerCase()}${error.field.slice(1)}`;
      const message = missingFieldMessage(`com.eucalyptus.compute.common.${call.actionName}Type`, namespace, name);
      return faultAnswer(new PipelineFault(400, message));
    }
    if (error instanceof NoAnswer) throw error;
    return ec2Refusal(error, surroundings.log);
  }
}

/** @throws {PipelineFault} */
function checkStub({ actionName = "", parameters }: QueryCall): void {
  const dryRun = parameters.filter(([name]) => name === "DryRun");
  if (!/^(?:Copy|Create)FpgaImage$/.test(actionName)) bind({}, dryRun);
}

/** A known or merely well-formed version is echoed in the namespace; anything else means the default. */
function namespaceOf(version: string | undefined, cloudVersion: CloudVersion): string {
  const known =
    version !== undefined && /^\d{4}-\d\d-\d\d$/.test(version) ? version : DEFAULT_API_VERSIONS[cloudVersion];
  return `http://ec2.amazonaws.com/doc/${known}/`;
}

async function run(action: Action, call: QueryCall, { world, console }: Ec2Surroundings): Promise<XmlNode> {
  // `params` and `run` were declared together, so what bind returns is what run takes.
  const request = bound(action, call, world.state.version) as never;
  const output = action.needsConsoleOf && (await console(action.needsConsoleOf(world, request)));
  const requestId = randomUUID();
  const head = action.requestIdIn === undefined ? { requestId } : { [action.requestIdIn]: { requestId } };
  return { ...head, ...action.run(world, request, output) };
}

/** What a 4.4 does not have is refused there, and for the action it was not given. */
function bound({ params, newIn5 = [] }: Action, { parameters }: QueryCall, version: CloudVersion | undefined) {
  if (version !== "4.4") return bind(params, parameters);
  const names = Object.keys(params);
  const only = (chosen: readonly string[]) =>
    Object.fromEntries(chosen.map((name) => [name, params[name] ?? "string?"]));
  return { ...bind(only(newIn5), []), ...bind(only(names.filter((name) => !newIn5.includes(name))), parameters) };
}

function success(root: string, namespace: string, result: XmlNode): Answer {
  const body = element(root, result, "item", { xmlns: namespace });
  return { status: 200, headers: { "Content-Type": XML }, body };
}

export function ec2Refusal(error: unknown, log: (line: string) => void): Answer {
  if (error instanceof PipelineFault) return faultAnswer(error);
  if (!(error instanceof ServiceError)) log(`defect in an EC2 action: ${error instanceof Error ? error.stack : error}`);
  const known = error instanceof ServiceError ? error : internalFailure("Internal failure");
  const response = {
    Errors: { Error: { Code: known.code, Message: known.message } },
    RequestID: randomUUID(),
  };
  return {
    status: known.status,
    headers: { "Content-Type": XML },
    body: element("Response", response, "repeat", { xmlns: "" }),
  };
}
