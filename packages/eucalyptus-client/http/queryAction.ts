import type { Repetition } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { ask, reading } from "./ask.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { HttpAnswer } from "./exchange.ts";
import { ownQueryAnswer } from "./ownAnswer.ts";
import { type Question, repeated } from "./repeated.ts";
import { encode, sign } from "./sign.ts";

export interface QueryAction {
  readonly service: "autoscaling" | "ec2" | "elasticloadbalancing" | "sts";
  readonly action: string;
  /** Of the service's API. */
  readonly version: string;
  readonly repetition: Repetition;
  /** The answer's root element, and one that it always has. */
  readonly root: string;
  readonly has: string;
  /** By their names on the wire, `Instances.member.1.InstanceId`. @defaultValue none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Those which a cloud may be without. */
const OPTIONAL: readonly QueryAction["service"][] = ["autoscaling", "elasticloadbalancing"];

/**
 * Asks an action of the services whose SDK modules are not worth their weight; `read` gets the answer's XML.
 * @throws {CloudError}
 */
export function queryAction<T>(
  url: string,
  connection: Connection,
  { service, action, version, repetition, root, has, parameters }: QueryAction,
  read: (xml: string) => T,
): Promise<T> {
  const { protocol, hostname, port, path } = parseEndpoint(url);
  const question: Question = { action, url, repetition, permission: `${service}:${action}` };
  const expected = { root, has, isOptional: OPTIONAL.includes(service) };
  const unsigned = {
    method: "POST",
    protocol,
    hostname,
    port,
    path: `${path}/`,
    headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: Buffer.from(form({ Action: action, Version: version, ...parameters })),
  };
  return repeated(connection, question, async (of) => {
    const request = await sign(unsigned, connection, service);
    const prove = (answer: HttpAnswer) => ownQueryAnswer(answer, question, expected);
    const { answer, text } = await ask(connection, question, of, request, prove);
    return reading(answer, question, () => read(text));
  });
}

const form = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
