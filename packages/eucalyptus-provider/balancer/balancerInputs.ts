import type { Inputs, Problem, Value } from "@planet/pulumi-plugin";
import type { LoadBalancerArgs } from "@pulumi/aws/elb/loadBalancer.js";
import type { CheckFacts, RulesOf } from "../handler.ts";
import { flag, integer, object, objects, refused, region, text, textSet } from "../rules/inputRule.ts";
import { tags } from "../rules/tags.ts";
import { problemWithCheck, sameCheck } from "./healthCheck.ts";
import { problemWithListeners, sameListeners } from "./listeners.ts";

/** Source: Corymbia/eucalyptus `LoadBalancingService.java`. */
const NAME = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/;
const PREFIX = /^[a-zA-Z0-9][a-zA-Z0-9-]{0,24}$/;
/** So much of a logical name stays in a made-up one, before the hyphen and its digits. */
const LOGICAL_CHARACTERS = 24;

const NO_DRAINING =
  "Eucalyptus takes it and does nothing: connections go on to a server that has left for the idle timeout; remove it";

export const balancerInputs: RulesOf<LoadBalancerArgs> = {
  accessLogs: refused("access logs are not offered by the provider; remove it"),
  availabilityZones: textSet({ computed: true }),
  connectionDraining: refused(NO_DRAINING, [false]),
  connectionDrainingTimeout: refused(NO_DRAINING, [300]),
  crossZoneLoadBalancing: flag(),
  desyncMitigationMode: refused("Eucalyptus has no such mode; remove it", ["defensive"]),
  healthCheck: object({ computed: true, problem: problemWithCheck, same: sameCheck }),
  idleTimeout: integer({
    problem: (value) =>
      Number(value) >= 1 && Number(value) <= 3600
        ? undefined
        : "must be 1 to 3600 seconds, as the balancer keeps to these",
  }),
  instances: refused("servers come by a group's loadBalancers and aws.autoscaling.Attachment; remove it", [[]]),
  internal: flag({ replaces: true, computed: true }),
  listeners: objects({ required: true, problem: problemWithListeners, same: sameListeners }),
  name: text({
    replaces: true,
    problem: (value) =>
      NAME.test(String(value))
        ? undefined
        : "must be 1 to 32 letters, digits and hyphens, with no hyphen at either end",
  }),
  namePrefix: text({
    replaces: true,
    computed: true,
    problem: (value) =>
      PREFIX.test(String(value)) ? undefined : "must be 1 to 25 letters, digits and hyphens, the first not a hyphen",
  }),
  region,
  securityGroups: textSet({ computed: true }),
  sourceSecurityGroup: refused("is the group of the cloud's own workers, an output; remove it"),
  subnets: textSet({ computed: true }),
  tags,
};

/** What the program need not say. A name is made up from what a balancer's name may have of the logical one. */
export const BALANCER_DEFAULTS = { crossZoneLoadBalancing: true, idleTimeout: 60 } as const;

export function logicalPart(name: string): string {
  const allowed = name.replaceAll(/[^a-zA-Z0-9-]/g, "-").replace(/^-+/, "");
  return allowed === "" ? "balancer" : allowed.slice(0, LOGICAL_CHARACTERS);
}

/** What the table of inputs cannot say of a balancer. */
export function balancerProblems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const problems: Problem[] = [];
  const given = (name: string) => isGiven(news[name]);
  if (given("availabilityZones") === given("subnets")) {
    problems.push({ property: "", reason: "needs availabilityZones or subnets, and not both" });
  }
  if (mode === "edge") {
    const onlyVpc = "is for clouds in VPC mode, this one is in EDGE mode; remove it";
    for (const name of ["subnets", "securityGroups"])
      if (given(name)) problems.push({ property: name, reason: onlyVpc });
    if (news.internal === true) problems.push({ property: "internal", reason: onlyVpc });
  }
  if (mode === "vpc" && given("subnets") && !given("securityGroups")) {
    const reason = "is required with subnets: without it the cloud takes the group `default`, which lets nobody in";
    problems.push({ property: "securityGroups", reason });
  }
  return problems;
}

/** An empty list says as little as an absent one. */
const isGiven = (value: Value | undefined) => value !== undefined && !(Array.isArray(value) && value.length === 0);
