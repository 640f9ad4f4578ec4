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
