import type { Repetition } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { ask, reading } from "./ask.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ownQueryAnswer } from "./ownAnswer.ts";
import { type Question, repeated } from "./repeated.ts";
import { sign } from "./sign.ts";

export interface QueryAction {
  readonly service: "ec2" | "sts";
  readonly action: string;
  /** Of the service's API. */
  readonly version: string;
  readonly repetition: Repetition;
  /** The answer's root element, and one that it always has. */
  readonly root: string;
  readonly has: string;
}

/**
 * Asks an action without parameters, for those that no SDK module is worth its weight; `read` gets the answer's XML.
 * @throws {CloudError}
 */
export function queryAction<T>(
  url: string,
  connection: Connection,
  { service, action, version, repetition, root, has }: QueryAction,
  read: (xml: string) => T,
): Promise<T> {
  const { protocol, hostname, port, path } = parseEndpoint(url);
  const question: Question = { action, url, repetition, permission: `${service}:${action}` };
  const unsigned = {
    method: "POST",
    protocol,
    hostname,
    port,
    path: `${path}/`,
    headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: Buffer.from(`Action=${action}&Version=${version}`),
  };
  return repeated(connection, question, async (of) => {
    const request = await sign(unsigned, connection, service);
    const prove = (answer: Parameters<typeof ownQueryAnswer>[0]) => ownQueryAnswer(answer, question, { root, has });
    const { answer, text } = await ask(connection, question, of, request, prove);
    return reading(answer, question, () => read(text));
  });
}
