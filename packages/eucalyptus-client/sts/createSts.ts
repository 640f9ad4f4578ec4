import { XMLParser } from "fast-xml-parser";
import type { Connection } from "../connection.ts";
import { needed } from "../http/foreignAnswer.ts";
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
  const question = {
    service: "sts",
    action: "GetCallerIdentity",
    version: "2011-06-15",
    repetition: "read",
    root: "GetCallerIdentityResponse",
    has: "GetCallerIdentityResult",
  } as const;
  return {
    /** The keys of GetSessionToken are refused here with 403, and good everywhere else. */
    getCallerIdentity: (): Promise<CallerIdentity> => queryAction(url, connection, question, identityFrom),
  };
}

function identityFrom(xml: string): CallerIdentity {
  const parsed = new XMLParser({ parseTagValue: false, removeNSPrefix: true }).parse(xml) as {
    GetCallerIdentityResponse?: { GetCallerIdentityResult?: { Arn?: string; Account?: string; UserId?: string } };
  };
  const { Arn = "", Account, UserId = "" } = parsed.GetCallerIdentityResponse?.GetCallerIdentityResult ?? {};
  return { accountId: needed(Account, "Account"), arn: Arn, userId: UserId };
}
