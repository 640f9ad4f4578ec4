import type { Inputs } from "@planet/pulumi-plugin";
import type { GetAvailabilityZonesArgs, GetAvailabilityZonesResult } from "@pulumi/aws/getAvailabilityZones.js";
import type { FunctionHandler, RulesOf } from "../handler.ts";
import { objects, refused, region, text, textSet } from "../rules/inputRule.ts";
import { textIn, textsOf } from "../values.ts";
import { readFilters } from "./filters.ts";

const inputs: RulesOf<GetAvailabilityZonesArgs> = {
  allAvailabilityZones: refused("Eucalyptus has no zones to opt into; remove it", [false]),
  excludeNames: textSet(),
  excludeZoneIds: refused("zones have no ids here; use excludeNames", [[]]),
  filters: objects(),
  region,
  state: text(),
};

/** The zones, whose names the operator chose. */
export const getAvailabilityZones: FunctionHandler = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  inputs,
  async invoke({ ec2, region: ours }, args) {
    const read = readFilters("availabilityZones", args);
    if ("failures" in read) return read;
    const state = textIn(args, "state");
    const zones = await ec2.describeAvailabilityZones({
      ...read.filters,
      ...(state !== undefined && { state: [state] }),
    });
    const excluded = textsOf(args.excludeNames);
    const names = zones.map(({ name }) => name).filter((name) => !excluded.includes(name));
    const result: { [Name in keyof GetAvailabilityZonesResult]?: Inputs[string] } = {
      ...args,
      groupNames: [],
      id: ours,
      names,
      region: ours,
      zoneIds: [],
    };
    return result as Inputs;
  },
};
