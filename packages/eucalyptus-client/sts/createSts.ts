import { XMLParser } from "fast-xml-parser";
import type { Connection } from "../connection.ts";
import { queryAction } from "../http/queryAction.ts";

export interface CallerIdentity {
  /** Twelve digits. */
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

export type Sts = ReturnType<typeof createSts>;

/** The one STS action that is needed; `url` ends in `/services/Tokens/`. */
export function createSts(url: string, connection: Connection) {
  const question = { service: "sts", action: "GetCallerIdentity", version: "2011-06-15" } as const;
  return {
    getCallerIdentity: async (): Promise<CallerIdentity> => identityFrom(await queryAction(url, connection, question)),
  };
}

function identityFrom(text: string): CallerIdentity {
  const parsed = new XMLParser({ parseTagValue: false, removeNSPrefix: true }).parse(text) as {
    GetCallerIdentityResponse?: { GetCallerIdentityResult?: { Arn?: string; Account?: string; UserId?: string } };
  };
  const { Arn = "", Account = "", UserId = "" } = parsed.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {};
  return { accountId: Account, arn: Arn, userId: UserId };
}
