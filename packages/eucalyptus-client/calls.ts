/**
 * What an end without a clear answer (no answer, a foreign one, a front end's 5xx) allows. An explicit "not done" may
 * be asked again for every call; see `isNotDone`.
 *
 * - `read`: changes nothing, so it is repeated; a fault of the cloud's (500) twice only, since Eucalyptus answers 500
 *   to many mistakes of the caller.
 * - `idempotent`: a second time ends in the same named state, so it is repeated; its 500 is final.
 * - `once`: never repeated. The caller looks what happened.
 */
export type Repetition = "read" | "idempotent" | "once";

interface Ec2Call {
  readonly repetition: Repetition;
  /** An element that every good answer has, empty or not. Observed on 5.1.0. */
  readonly has: string;
  /** Where it is not `<action>Response`. Source: Corymbia/eucalyptus `euca-instance-types.xml`, `ec2-security-16-11-15.xml`. */
  readonly root?: string;
}

/** Every EC2 action that is called. */
export const EC2_CALLS = {
  // The second may find the first still under way, and gives the address another id: the provider looks.
  AllocateAddress: { repetition: "once", has: "publicIp" },
  // The same address on the same instance again changes nothing.
  AssociateAddress: { repetition: "idempotent", has: "return" },
  // A second time says "false": somebody else's rule then looks like ours.
  AuthorizeSecurityGroupEgress: {
    repetition: "once",
    has: "return",
    root: "AuthorizeSecurityGroupEgressResponseType",
  },
  AuthorizeSecurityGroupIngress: { repetition: "once", has: "return" },
  // A second time is InvalidGroup.Duplicate, as for somebody else's group.
  CreateSecurityGroup: { repetition: "once", has: "groupId" },
  CreateTags: { repetition: "idempotent", has: "return" },
  DeleteKeyPair: { repetition: "idempotent", has: "return" },
  // Ids are not used twice; the second says InvalidGroup.NotFound, which is done.
  DeleteSecurityGroup: { repetition: "idempotent", has: "return" },
  DeleteTags: { repetition: "idempotent", has: "return" },
  DescribeAccountAttributes: { repetition: "read", has: "accountAttributeSet" },
  DescribeAddresses: { repetition: "read", has: "addressesSet" },
  DescribeAvailabilityZones: { repetition: "read", has: "availabilityZoneInfo" },
  DescribeImages: { repetition: "read", has: "imagesSet" },
  DescribeInstanceAttribute: { repetition: "read", has: "instanceId" },
  DescribeInstances: { repetition: "read", has: "reservationSet" },
  DescribeInstanceTypes: {
    repetition: "read",
    has: "instanceTypeDetails",
    root: "DescribeInstanceTypesResponseType",
  },
  DescribeKeyPairs: { repetition: "read", has: "keySet" },
  DescribeSecurityGroups: { repetition: "read", has: "securityGroupInfo" },
  DescribeSubnets: { repetition: "read", has: "subnetSet" },
  // In EDGE it names the address alone: a second time could take it from whom it went to in between.
  DisassociateAddress: { repetition: "once", has: "return" },
  // Its 500 says "does not run yet", which asking again does not change.
  GetConsoleOutput: { repetition: "idempotent", has: "output" },
  // A second time is InvalidKeyPair.Duplicate, as for somebody else's key.
  ImportKeyPair: { repetition: "once", has: "keyFingerprint" },
  ModifyInstanceAttribute: { repetition: "idempotent", has: "return" },
  // A second time could take the address from whom it was given to in between.
  ReleaseAddress: { repetition: "once", has: "return" },
  // What no longer matches is ignored and counts as success; but a rule may have been put back in between.
  RevokeSecurityGroupEgress: { repetition: "once", has: "return", root: "RevokeSecurityGroupEgressResponseType" },
  RevokeSecurityGroupIngress: { repetition: "once", has: "return" },
  // In spite of its token: two first calls with one token are not guarded, and the first may still be under way.
  RunInstances: { repetition: "once", has: "instancesSet" },
  TerminateInstances: { repetition: "idempotent", has: "instancesSet" },
} as const satisfies Record<string, Ec2Call>;

export type Ec2Action = keyof typeof EC2_CALLS;

/** The root element of the action's good answer. */
export function rootOfAction(action: Ec2Action): string {
  const { root = `${action}Response` }: Ec2Call = EC2_CALLS[action];
  return root;
}

export interface QueryCall {
  readonly repetition: Repetition;
  /** An element that every good answer has, empty or not. Observed on 5.1.0. */
  readonly has: string;
}

/** Every action of Elastic Load Balancing that is called. Every good answer has a result, also one that says nothing. */
export const ELB_CALLS = {
  AddTags: { repetition: "idempotent", has: "AddTagsResult" },
  ApplySecurityGroupsToLoadBalancer: { repetition: "idempotent", has: "ApplySecurityGroupsToLoadBalancerResult" },
  AttachLoadBalancerToSubnets: { repetition: "idempotent", has: "AttachLoadBalancerToSubnetsResult" },
  ConfigureHealthCheck: { repetition: "idempotent", has: "HealthCheck" },
  // A second time is DuplicateAccessPointName, as for somebody else's.
  CreateLoadBalancer: { repetition: "once", has: "DNSName" },
  // A second time is DuplicateListener.
  CreateLoadBalancerListeners: { repetition: "once", has: "CreateLoadBalancerListenersResult" },
  DeleteLoadBalancer: { repetition: "idempotent", has: "DeleteLoadBalancerResult" },
  DeleteLoadBalancerListeners: { repetition: "idempotent", has: "DeleteLoadBalancerListenersResult" },
  DeregisterInstancesFromLoadBalancer: { repetition: "idempotent", has: "DeregisterInstancesFromLoadBalancerResult" },
  DescribeInstanceHealth: { repetition: "read", has: "DescribeInstanceHealthResult" },
  DescribeLoadBalancerAttributes: { repetition: "read", has: "LoadBalancerAttributes" },
  DescribeLoadBalancers: { repetition: "read", has: "LoadBalancerDescriptions" },
  DescribeTags: { repetition: "read", has: "DescribeTagsResult" },
  DetachLoadBalancerFromSubnets: { repetition: "idempotent", has: "DetachLoadBalancerFromSubnetsResult" },
  DisableAvailabilityZonesForLoadBalancer: {
    repetition: "idempotent",
    has: "DisableAvailabilityZonesForLoadBalancerResult",
  },
  EnableAvailabilityZonesForLoadBalancer: {
    repetition: "idempotent",
    has: "EnableAvailabilityZonesForLoadBalancerResult",
  },
  ModifyLoadBalancerAttributes: { repetition: "idempotent", has: "LoadBalancerAttributes" },
  RegisterInstancesWithLoadBalancer: { repetition: "idempotent", has: "RegisterInstancesWithLoadBalancerResult" },
  RemoveTags: { repetition: "idempotent", has: "RemoveTagsResult" },
} as const satisfies Record<string, QueryCall>;

export type ElbAction = keyof typeof ELB_CALLS;

/** Every action of Auto Scaling that is called. Those that say nothing have no result. */
export const AUTO_SCALING_CALLS = {
  // A second time is AlreadyExists, as for somebody else's.
  CreateAutoScalingGroup: { repetition: "once", has: "ResponseMetadata" },
  CreateLaunchConfiguration: { repetition: "once", has: "ResponseMetadata" },
  CreateOrUpdateTags: { repetition: "idempotent", has: "ResponseMetadata" },
  DeleteAutoScalingGroup: { repetition: "idempotent", has: "ResponseMetadata" },
  DeleteLaunchConfiguration: { repetition: "idempotent", has: "ResponseMetadata" },
  DeleteTags: { repetition: "idempotent", has: "ResponseMetadata" },
  DescribeAutoScalingGroups: { repetition: "read", has: "AutoScalingGroups" },
  DescribeLaunchConfigurations: { repetition: "read", has: "DescribeLaunchConfigurationsResult" },
  DescribeScalingActivities: { repetition: "read", has: "DescribeScalingActivitiesResult" },
  ResumeProcesses: { repetition: "idempotent", has: "ResponseMetadata" },
  SuspendProcesses: { repetition: "idempotent", has: "ResponseMetadata" },
  // A second time would lower the capacity once more.
  TerminateInstanceInAutoScalingGroup: { repetition: "once", has: "TerminateInstanceInAutoScalingGroupResult" },
  UpdateAutoScalingGroup: { repetition: "idempotent", has: "ResponseMetadata" },
} as const satisfies Record<string, QueryCall>;

export type AutoScalingAction = keyof typeof AUTO_SCALING_CALLS;

interface S3Call {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly repetition: Repetition;
  /** What a policy has to allow. */
  readonly permission: string;
}

/**
 * Every call to the object storage. All may be repeated: a write puts the same bytes or the same word again, and what
 * is deleted is named. Whoever writes between two tries is overwritten, as between the guard's look and the first try.
 */
export const S3_CALLS = {
  createBucket: { method: "PUT", repetition: "idempotent", permission: "s3:CreateBucket" },
  deleteBucket: { method: "DELETE", repetition: "idempotent", permission: "s3:DeleteBucket" },
  deleteObject: { method: "DELETE", repetition: "idempotent", permission: "s3:DeleteObject" },
  getBucketAcl: { method: "GET", repetition: "read", permission: "s3:GetBucketAcl" },
  getObject: { method: "GET", repetition: "read", permission: "s3:GetObject" },
  getObjectAcl: { method: "GET", repetition: "read", permission: "s3:GetObjectAcl" },
  headBucket: { method: "HEAD", repetition: "read", permission: "s3:ListBucket" },
  headObject: { method: "HEAD", repetition: "read", permission: "s3:GetObject" },
  listBuckets: { method: "GET", repetition: "read", permission: "s3:ListAllMyBuckets" },
  listObjects: { method: "GET", repetition: "read", permission: "s3:ListBucket" },
  putBucketAcl: { method: "PUT", repetition: "idempotent", permission: "s3:PutBucketAcl" },
  putObject: { method: "PUT", repetition: "idempotent", permission: "s3:PutObject" },
  putObjectAcl: { method: "PUT", repetition: "idempotent", permission: "s3:PutObjectAcl" },
} as const satisfies Record<string, S3Call>;

export type S3Operation = keyof typeof S3_CALLS;
