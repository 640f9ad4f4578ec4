import type { QueryAction } from "../wire/queryAction.ts";
import type { QueryService } from "../wire/queryService.ts";
import {
  describeLoadBalancerAttributes,
  disableAvailabilityZones,
  enableAvailabilityZones,
  modifyLoadBalancerAttributes,
} from "./attributes.ts";
import { configureHealthCheck } from "./healthChecks.ts";
import { deregisterInstances, describeInstanceHealth, registerInstances } from "./instances.ts";
import { createLoadBalancerListeners, deleteLoadBalancerListeners } from "./listeners.ts";
import { createLoadBalancer, deleteLoadBalancer, describeLoadBalancers } from "./loadBalancers.ts";
import { applySecurityGroupsToLoadBalancer } from "./securityGroups.ts";
import { addTags, describeTags, removeTags } from "./tags.ts";

const ACTIONS: readonly QueryAction[] = [
  addTags,
  applySecurityGroupsToLoadBalancer,
  configureHealthCheck,
  createLoadBalancer,
  createLoadBalancerListeners,
  deleteLoadBalancer,
  deleteLoadBalancerListeners,
  deregisterInstances,
  describeInstanceHealth,
  describeLoadBalancerAttributes,
  describeLoadBalancers,
  describeTags,
  disableAvailabilityZones,
  enableAvailabilityZones,
  modifyLoadBalancerAttributes,
  registerInstances,
  removeTags,
];

/** Classic load balancing. */
export const ELB: QueryService = {
  host: "elasticloadbalancing",
  defaultVersion: "2012-06-01",
  messages: "com.eucalyptus.loadbalancing.common.msgs",
  actions: new Map(ACTIONS.map((action) => [action.name, action])),
  lacking: [
    ...["AttachLoadBalancerToSubnets", "DetachLoadBalancerFromSubnets"],
    ...["CreateAppCookieStickinessPolicy", "CreateLBCookieStickinessPolicy", "CreateLoadBalancerPolicy"],
    ...["DeleteLoadBalancerPolicy", "DescribeLoadBalancerPolicies", "DescribeLoadBalancerPolicyTypes"],
    ...["SetLoadBalancerListenerSSLCertificate", "SetLoadBalancerPoliciesForBackendServer"],
    "SetLoadBalancerPoliciesOfListener",
  ],
  hasEmptyResults: true,
};
