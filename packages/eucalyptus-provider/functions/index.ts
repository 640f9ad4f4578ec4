import type { FunctionHandler } from "../handler.ts";
import { getAmi } from "./getAmi.ts";
import { getAvailabilityZones } from "./getAvailabilityZones.ts";
import { getCallerIdentity } from "./getCallerIdentity.ts";
import { getElasticIp } from "./getElasticIp.ts";
import { getKeyPair } from "./getKeyPair.ts";
import { getRegion } from "./getRegion.ts";
import { getSecurityGroup } from "./getSecurityGroup.ts";

/** Every data source that the plugin offers. */
export const functions: readonly FunctionHandler[] = [
  getAmi,
  getAvailabilityZones,
  getCallerIdentity,
  getElasticIp,
  getKeyPair,
  getRegion,
  getSecurityGroup,
];
