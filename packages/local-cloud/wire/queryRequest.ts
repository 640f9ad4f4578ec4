import type { IncomingMessage } from "node:http";
import { readBody } from "./body.ts";
import { authenticateQuery, type Credentials } from "./queryAuthentication.ts";
import { type Parameter, parameterOf, parseForm, type RequestHead } from "./target.ts";

/** `pipeline_max_query_request_size`, Corymbia/eucalyptus `StackConfiguration.java`. */
const BODY_LIMIT_BYTES = 307_200;

export interface QueryCall {
  readonly actionName: string | undefined;
  readonly version: string | undefined;
  /** Neither signature nor action nor version is among them. */
  readonly parameters: readonly Parameter[];
}

/**
 * Reads and proves a Query request. The body counts only when the query string holds no parameter at all.
 * Source: Corymbia/eucalyptus `QueryParameterHandler.java`, `QueryPipeline.java` (order of checks).
 * @throws {PipelineFault}
 */
export async function readQueryCall(
  head: RequestHead,
  request: IncomingMessage,
  credentials: Credentials,
  now: () => Date,
): Promise<QueryCall> {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  const given = head.query.length > 0 ? head.query : parseForm(body.toString("utf8"));
  const parameters = authenticateQuery({ head, body, parameters: given }, credentials, now());
  return {
    actionName: parameterOf(parameters, "Action") ?? parameterOf(parameters, "Operation"),
    version: parameterOf(parameters, "Version"),
    parameters: parameters.filter(([name]) => !["Action", "Operation", "Version"].includes(name)),
  };
}

/** The message for an action that no binding knows (Corymbia/eucalyptus `BaseQueryBinding.java`). */
export function unknownActionMessage(actionName: string | undefined, namespace: string): string {
  return `Failed to find corresponding class mapping for element: ${actionName ?? "null"} in namespace: ${flat(namespace)}`;
}

/** The message for a required element of a Java message that is missing (observed on Eucalyptus 5.1.0, 2026-11-28). */
export function missingFieldMessage(type: string, namespace: string, name: string): string {
  return (
    `${flat(namespace)} failed to marshall type ${type} with ns:${namespace} ` +
    `caused by: null value for element "{${namespace}}${name}" from object of type ${type}`
  );
}

const flat = (namespace: string): string => namespace.replace(/^https?:\/\/|\/$/g, "").replaceAll(/[^A-Za-z0-9]/g, "_");
