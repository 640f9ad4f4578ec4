export { type AutoScaling, createAutoScaling } from "./autoscaling/createAutoScaling.ts";
export {
  type AutoScalingGroup,
  type GroupMember,
  type GroupSettings,
  type GroupTag,
  SCALING_PROCESSES,
} from "./autoscaling/groups.ts";
export type { LaunchConfiguration, MadeLaunchConfiguration } from "./autoscaling/launchConfigurations.ts";
export type { ScalingActivity } from "./autoscaling/members.ts";
export { AUTO_SCALING_CALLS, EC2_CALLS, ELB_CALLS } from "./calls.ts";
export { type CloudClock, createClock } from "./clock.ts";
export { CloudError, FOREIGN_ANSWER, isCloudError, SERVICE_NOT_ENABLED, type TransportCode } from "./cloudError.ts";
export type { Connection, SeenCall } from "./connection.ts";
export { type Credentials, credentialsFromEnvironment, MissingCredentialsError } from "./credentials.ts";
export type { NetworkMode, Platform, Zone } from "./ec2/account.ts";
export type { Address } from "./ec2/addresses.ts";
export { createEc2, type Ec2 } from "./ec2/createEc2.ts";
export { FILTER_NAMES, type Filterable, type Filters, isKnownFilter } from "./ec2/filters.ts";
export type { Image } from "./ec2/images.ts";
export { type Instance, type InstanceState, isLiving, type Launch } from "./ec2/instances.ts";
export type { InstanceType } from "./ec2/instanceTypes.ts";
export type { KeyPair } from "./ec2/keyPairs.ts";
export type { Direction, Permission, SecurityGroup } from "./ec2/securityGroups.ts";
export { TAG_LIMIT } from "./ec2/tags.ts";
export type { Attributes } from "./elb/attributes.ts";
export { createElb, type Elb } from "./elb/createElb.ts";
export { type HealthCheck, type InstanceHealth, isSameCheck } from "./elb/instanceHealth.ts";
export type { Listener } from "./elb/listeners.ts";
export type { LoadBalancer, NewLoadBalancer } from "./elb/loadBalancers.ts";
export { isAmbiguous } from "./outcome.ts";
export { type Acl, CANNED_ACLS, type CannedAcl, cannedWord, openTo } from "./s3/acl.ts";
export type { ListedObject } from "./s3/buckets.ts";
export { createS3, type S3 } from "./s3/createS3.ts";
export { machineAhead } from "./s3/machineAhead.ts";
export type { ObjectFacts, PutObject, StoredObject } from "./s3/objects.ts";
export { readPublicObject } from "./s3/readPublicObject.ts";
export { publicBucketUrl, serviceUrls } from "./serviceUrls.ts";
export { type CallerIdentity, createSts, type Sts } from "./sts/createSts.ts";
