import { isSameCheck } from "@planet/eucalyptus-client";
import type { Inputs, Value } from "@planet/pulumi-plugin";
import type { LoadBalancer } from "@pulumi/aws/elb/loadBalancer.js";
import type { CloudContext } from "../cloudContext.ts";
import type { StateOf } from "../handler.ts";
import { sameOrLive } from "../rules/sameOrLive.ts";
import { visibleTags } from "../rules/tags.ts";
import { defined, refreshed, textsOf } from "../values.ts";
import { checkFrom } from "./healthCheck.ts";
import { listenersFrom, sameLists, writtenListeners } from "./listeners.ts";
import type { WholeBalancer } from "./syncBalancer.ts";

/** Outputs that only the cloud knows. */
export const KNOWN_LATER = [
  "arn",
  "dnsName",
  "sourceSecurityGroup",
  "zoneId",
] as const satisfies readonly (keyof StateOf<LoadBalancer>)[];

/** Outputs that the cloud fills in where the program does not say. */
export const CHOSEN_BY_CLOUD = ["availabilityZones", "healthCheck", "securityGroups", "subnets"] as const;

/** Outputs that are the same for every balancer here. Servers come and go by themselves, so they are no state. */
export const FIXED = {
  connectionDraining: false,
  connectionDrainingTimeout: 300,
  desyncMitigationMode: "defensive",
  instances: [],
  sourceSecurityGroupId: "",
} as const satisfies StateOf<LoadBalancer>;

/** All outputs: what the program says, with what the cloud says now. */
export async function balancerState(cloud: CloudContext, whole: WholeBalancer, inputs: Inputs): Promise<Inputs> {
  const { live, tags } = whole;
  const account = await cloud.accountId();
  const observed: StateOf<LoadBalancer> = {
    ...FIXED,
    ...observedInputs(whole, inputs),
    arn: `arn:aws:elasticloadbalancing:${cloud.region}:${account}:loadbalancer/${live.name}`,
    dnsName: live.dnsName,
    namePrefix: inputs.namePrefix ?? "",
    region: cloud.region,
    sourceSecurityGroup: live.sourceGroup,
    tagsAll: visibleTags(tags),
    zoneId: live.hostedZoneId,
  };
  return { ...inputs, ...defined(observed), ...(inputs.tags !== undefined && { tags: visibleTags(tags) }) };
}

/** The program's inputs with live values: nothing is added. */
export function refreshedInputs(whole: WholeBalancer, known: Inputs): Inputs {
  return { ...known, ...refreshed(known, { ...observedInputs(whole, known), tags: visibleTags(whole.tags) }) };
}

/** The inputs that would have made this balancer. What the program then leaves out of them is not a difference. */
export function importedInputs(whole: WholeBalancer): Inputs {
  const tags = visibleTags(whole.tags);
  const { internal, ...observed } = observedInputs(whole, {});
  const isEmpty = (value: Value | undefined) => Array.isArray(value) && value.length === 0;
  return defined({
    ...Object.fromEntries(Object.entries(observed).filter(([, value]) => !isEmpty(value))),
    internal: internal === true ? true : undefined,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
  });
}

function observedInputs({ live, attributes }: WholeBalancer, written: Inputs): Inputs {
  const listeners = listenersFrom(written.listeners);
  const check = checkFrom(written.healthCheck);
  const isSame = check !== undefined && live.healthCheck !== undefined && isSameCheck(live.healthCheck, check);
  return defined({
    // Only zones in service are shown: none at all is no news of them.
    availabilityZones:
      live.zones.length === 0 ? textsOf(written.availabilityZones) : sameOrLive(written.availabilityZones, live.zones),
    crossZoneLoadBalancing: attributes.isCrossZone,
    healthCheck: isSame ? written.healthCheck : live.healthCheck && { ...live.healthCheck },
    idleTimeout: attributes.idleTimeout,
    internal: live.scheme === "internal",
    listeners: sameLists(live.listeners, listeners) ? written.listeners : writtenListeners(live.listeners),
    name: live.name,
    securityGroups: sameOrLive(written.securityGroups, live.securityGroupIds),
    subnets: sameOrLive(written.subnets, live.subnetIds),
  });
}
