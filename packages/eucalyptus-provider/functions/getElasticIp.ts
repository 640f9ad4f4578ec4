import type { Inputs } from "@planet/pulumi-plugin";
import type { GetElasticIpArgs, GetElasticIpResult } from "@pulumi/aws/ec2/getElasticIp.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { objects, region, stringMap, text } from "../rules/inputRule.ts";
import { visibleTags } from "../rules/tags.ts";
import { textIn } from "../values.ts";
import { readFilters, single } from "./filters.ts";

const inputs: RulesOf<GetElasticIpArgs> = {
  filters: objects(),
  id: text(),
  publicIp: text(),
  region,
  tags: stringMap(),
};

/** One elastic address of the account. `id`: the allocation id; in EDGE, which has none, the address itself. */
export const getElasticIp: FunctionHandler = {
  token: "aws:ec2/getElasticIp:getElasticIp",
  inputs,
  async invoke(cloud, args) {
    const read = readFilters("addresses", args);
    if ("failures" in read) return read;
    const [id, publicIp] = [textIn(args, "id"), textIn(args, "publicIp")];
    const all = await cloud.ec2.describeAddresses(read.filters);
    const fitting = all.filter(
      ({ allocationId, publicAddress }) =>
        (id === undefined || id === allocationId || id === publicAddress) &&
        (publicIp === undefined || publicIp === publicAddress),
    );
    const chosen = single(fitting, "elastic address");
    if ("failures" in chosen) return chosen;
    const address = chosen.found;
    const ownId = address.allocationId === "" ? address.publicAddress : address.allocationId;
    const result: { [Name in keyof GetElasticIpResult]?: Inputs[string] } = {
      ...(args.filters !== undefined && { filters: args.filters }),
      arn: `arn:aws:ec2:${cloud.region}:${await cloud.accountId()}:elastic-ip/${ownId}`,
      associationId: address.associationId,
      carrierIp: "",
      customerOwnedIp: "",
      customerOwnedIpv4Pool: "",
      domain: address.domain,
      id: ownId,
      instanceId: address.instanceId,
      ipamPoolId: "",
      networkInterfaceId: address.networkInterfaceId,
      networkInterfaceOwnerId: "",
      privateDns: "",
      privateIp: address.privateAddress,
      ptrRecord: "",
      publicDns: address.publicAddress,
      publicIp: address.publicAddress,
      publicIpv4Pool: "",
      region: cloud.region,
      tags: visibleTags(address.tags),
    };
    return result as Inputs;
  },
};
