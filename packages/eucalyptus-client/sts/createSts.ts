import { XMLParser } from "fast-xml-parser";
import type { Connection } from "../connection.ts";
import { CloudError, parseFault } from "../errors.ts";
import { attempts } from "../http/attempts.ts";
import { parseEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import { dateHeader } from "../http/headers.ts";
import { sign } from "../http/sign.ts";

export interface CallerIdentity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

export type Sts = ReturnType<typeof createSts>;

const ACTION = "GetCallerIdentity";

/** The one STS action that is needed; `url` ends in `/services/Tokens/`. */
export function createSts(url: string, connection: Connection) {
  const { protocol, hostname, port, path } = parseEndpoint(url);
  return {
    getCallerIdentity: (): Promise<CallerIdentity> =>
      attempts(connection, { repeatable: true }, async () => {
        const request = {
          method: "POST",
          protocol,
          hostname,
          port,
          path: `${path}/`,
          headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
          body: Buffer.from(`Action=${ACTION}&Version=2011-06-15`),
        };
        const options = { action: ACTION, timeoutMs: connection.timeoutMs ?? 60_000, cancelled: connection.cancelled };
        const answer = await exchange(await sign(request, connection, "sts"), options);
        const text = answer.body.toString("utf8");
        if (answer.status !== 200) {
          const fault = parseFault(text, answer.status);
          throw new CloudError({
            ...fault,
            status: answer.status,
            action: ACTION,
            date: dateHeader(answer.headers, "date"),
          });
        }
        return identityFrom(text);
      }),
  };
}

function identityFrom(text: string): CallerIdentity {
  const parsed = new XMLParser({ parseTagValue: false, removeNSPrefix: true }).parse(text) as {
    GetCallerIdentityResponse?: { GetCallerIdentityResult?: { Arn?: string; Account?: string; UserId?: string } };
  };
  const { Arn = "", Account = "", UserId = "" } = parsed.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {};
  return { accountId: Account, arn: Arn, userId: UserId };
}
