import type { Inputs } from "@planet/pulumi-plugin";
import type { GetKeyPairArgs, GetKeyPairResult } from "@pulumi/aws/ec2/getKeyPair.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { objects, refused, region, text } from "../rules/inputRule.ts";
import { textIn } from "../values.ts";
import { readFilters, single } from "./filters.ts";

const inputs: RulesOf<GetKeyPairArgs> = {
  filters: objects(),
  includePublicKey: refused("Eucalyptus does not give public keys back; remove it", [false]),
  keyName: text(),
  keyPairId: refused("key pairs have no ids here; use keyName"),
  region,
  tags: refused("key pairs have no tags here; use keyName", [{}]),
};

/** One key pair of the account. */
export const getKeyPair: FunctionHandler = {
  token: "aws:ec2/getKeyPair:getKeyPair",
  inputs,
  async invoke(cloud, args) {
    const read = readFilters("keyPairs", args);
    if ("failures" in read) return read;
    const keyName = textIn(args, "keyName");
    const filters = { ...read.filters, ...(keyName !== undefined && { "key-name": [keyName] }) };
    const chosen = single(await cloud.ec2.describeKeyPairs(filters), "key pair");
    if ("failures" in chosen) return chosen;
    const pair = chosen.found;
    const result: { [Name in keyof GetKeyPairResult]?: Inputs[string] } = {
      ...args,
      arn: `arn:aws:ec2:${cloud.region}:${await cloud.accountId()}:key-pair/${pair.keyName}`,
      createTime: "",
      fingerprint: pair.fingerprint,
      id: pair.keyName,
      keyName: pair.keyName,
      keyPairId: "",
      keyType: "rsa",
      publicKey: "",
      region: cloud.region,
      tags: {},
    };
    return result as Inputs;
  },
};
