import type { Inputs } from "@planet/pulumi-plugin";
import type { GetSecurityGroupArgs, GetSecurityGroupResult } from "@pulumi/aws/ec2/getSecurityGroup.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { objects, region, stringMap, text } from "../rules/inputRule.ts";
import { visibleTags } from "../rules/tags.ts";
import { textIn } from "../values.ts";
import { readFilters, single } from "./filters.ts";

const inputs: RulesOf<GetSecurityGroupArgs> = {
  filters: objects(),
  id: text(),
  name: text(),
  region,
  tags: stringMap(),
  vpcId: text(),
};

/** One security group, e.g. the account's `default`. */
export const getSecurityGroup: FunctionHandler = {
  token: "aws:ec2/getSecurityGroup:getSecurityGroup",
  inputs,
  async invoke({ ec2, region: ours }, args) {
    const read = readFilters("securityGroups", args);
    if ("failures" in read) return read;
    const named = {
      "group-id": textIn(args, "id"),
      "group-name": textIn(args, "name"),
      "vpc-id": textIn(args, "vpcId"),
    };
    const given = Object.entries(named).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value]] as const],
    );
    const found = await ec2.describeSecurityGroups({ ...read.filters, ...Object.fromEntries(given) });
    const chosen = single(found, "security group");
    if ("failures" in chosen) return chosen;
    const group = chosen.found;
    const result: { [Name in keyof GetSecurityGroupResult]?: Inputs[string] } = {
      ...(args.filters !== undefined && { filters: args.filters }),
      arn: `arn:aws:ec2:${ours}:${group.ownerId}:security-group/${group.groupId}`,
      description: group.description,
      id: group.groupId,
      name: group.name,
      region: ours,
      tags: visibleTags(group.tags),
      vpcId: group.vpcId,
    };
    return result as Inputs;
  },
};
