import type { Inputs } from "@planet/pulumi-plugin";
import type { GetRegionArgs, GetRegionResult } from "@pulumi/aws/getRegion.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { region, text } from "../rules/inputRule.ts";
import { textIn } from "../values.ts";

const inputs: RulesOf<GetRegionArgs> = { endpoint: text(), id: text(), name: text(), region };

/** The provider's region; a Eucalyptus cloud has no other one. */
export const getRegion: FunctionHandler = {
  token: "aws:index/getRegion:getRegion",
  inputs,
  invoke({ region: ours, s3Url }, args) {
    for (const property of ["name", "id"]) {
      const wanted = textIn(args, property);
      if (wanted !== undefined && wanted !== ours) {
        return Promise.resolve({ failures: [{ property, reason: `the provider is for region "${ours}"` }] });
      }
    }
    const result: { [Name in keyof GetRegionResult]?: Inputs[string] } = {
      description: `Eucalyptus (${ours})`,
      endpoint: new URL(s3Url).host,
      id: ours,
      name: ours,
      region: ours,
    };
    return Promise.resolve(result as Inputs);
  },
};
