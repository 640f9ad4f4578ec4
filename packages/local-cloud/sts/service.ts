import { randomUUID } from "node:crypto";
import { type Answer, faultAnswer } from "../wire/answer.ts";
import { PipelineFault } from "../wire/faults.ts";
import { type QueryCall, unknownActionMessage } from "../wire/queryRequest.ts";
import { element } from "../wire/xml.ts";
import type { WorldState } from "../world/types.ts";
import { ACCOUNT_ID } from "../world/world.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

export const STS_ACTION = "GetCallerIdentity";

/**
 * Only GetCallerIdentity; parameters are not looked at. Element order is the cloud's: Arn, Account, UserId.
 * Source: Corymbia/eucalyptus `TokensService.java`, `tokens-binding.xml`.
 */
export function answerSts({ actionName }: QueryCall, { accessKeyId }: WorldState): Answer {
  if (actionName !== STS_ACTION) {
    return faultAnswer(new PipelineFault(400, unknownActionMessage(actionName, NAMESPACE)));
  }
  const body = element(
    "GetCallerIdentityResponse",
    {
      GetCallerIdentityResult: {
        Arn: `arn:aws:iam::${ACCOUNT_ID}:user/planet`,
        Account: ACCOUNT_ID,
        // The user's id is derived from the key, which is the only one of this user.
        UserId: `AID${accessKeyId.slice(3)}`,
      },
      ResponseMetadata: { RequestId: randomUUID() },
    },
    "repeat",
    { xmlns: NAMESPACE },
  );
  return { status: 200, headers: { "Content-Type": "application/xml; charset=UTF-8" }, body };
}
