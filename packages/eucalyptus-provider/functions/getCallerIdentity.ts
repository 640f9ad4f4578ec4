import type { Inputs } from "@planet/pulumi-plugin";
import type { GetCallerIdentityArgs, GetCallerIdentityResult } from "@pulumi/aws/getCallerIdentity.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { text } from "../rules/inputRule.ts";

const inputs: RulesOf<GetCallerIdentityArgs> = { id: text() };

/** Whose keys are used. */
export const getCallerIdentity: FunctionHandler = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  inputs,
  async invoke({ sts }) {
    const { accountId, arn, userId } = await sts.getCallerIdentity();
    const result: { [Name in keyof GetCallerIdentityResult]?: Inputs[string] } = {
      accountId,
      arn,
      id: accountId,
      userId,
    };
    return result as Inputs;
  },
};
