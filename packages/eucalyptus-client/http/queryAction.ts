import type { Connection } from "../connection.ts";
import { CloudError, parseFault } from "../errors.ts";
import { attempts } from "./attempts.ts";
import { parseEndpoint } from "./endpoint.ts";
import { exchange } from "./exchange.ts";
import { dateHeader } from "./headers.ts";
import { sign } from "./sign.ts";

export interface QueryAction {
  readonly service: "ec2" | "sts";
  readonly action: string;
  /** Of the service's API. */
  readonly version: string;
}

/**
 * Asks an action without parameters that only reads, for those that no SDK module is worth its weight.
 * @returns the answer's XML. @throws {CloudError}
 */
export function queryAction(
  url: string,
  connection: Connection,
  { service, action, version }: QueryAction,
): Promise<string> {
  const { protocol, hostname, port, path } = parseEndpoint(url);
  return attempts(connection, { repeatable: true }, async () => {
    const request = {
      method: "POST",
      protocol,
      hostname,
      port,
      path: `${path}/`,
      headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: Buffer.from(`Action=${action}&Version=${version}`),
    };
    const options = { action, timeoutMs: connection.timeoutMs ?? 60_000, cancelled: connection.cancelled };
    const { status, headers, body } = await exchange(await sign(request, connection, service), options);
    const text = body.toString("utf8");
    if (status === 200) return text;
    throw new CloudError({ ...parseFault(text, status), status, action, date: dateHeader(headers, "date") });
  });
}
