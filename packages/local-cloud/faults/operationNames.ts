import { AUTO_SCALING } from "../autoscaling/service.ts";
import { ACTIONS } from "../ec2/actions.ts";
import { STUBS } from "../ec2/stubs.ts";
import { ELB } from "../elb/service.ts";
import { OPERATIONS } from "../s3/operations.ts";
import { STS_ACTION } from "../sts/service.ts";

/** Whatever a call may ask for, as the service that it asks names it. */
export const OPERATION_NAMES: ReadonlySet<string> = new Set([
  ...ACTIONS.keys(),
  ...STUBS.keys(),
  ...OPERATIONS.keys(),
  STS_ACTION,
  ...ELB.actions.keys(),
  ...AUTO_SCALING.actions.keys(),
]);
