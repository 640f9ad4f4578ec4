import { EC2_CALLS, type Ec2Action, type Repetition, rootOfAction, S3_CALLS, type S3Operation } from "../calls.ts";
import type { Ec2 } from "../ec2/createEc2.ts";
import type { S3 } from "../s3/createS3.ts";
import type { Sts } from "../sts/createSts.ts";
import type { CannedAnswer } from "./cannedServer.ts";

export interface Services {
  readonly ec2: Ec2;
  readonly s3: S3;
  readonly sts: Sts;
}

/** A call with the answer that Eucalyptus 5.1.0 gave to it (2026-11-28; ids and times are made up). */
export interface EveryCall {
  readonly name: string;
  readonly repetition: Repetition;
  readonly good: CannedAnswer;
  run(services: Services): Promise<unknown>;
}

const address = { publicAddress: "192.0.2.1", allocationId: "eipalloc-1" };
const permission = { protocol: "tcp", fromPort: 80, toPort: 80, cidrs: [{ cidr: "0.0.0.0/0" }], groups: [] };
const INSTANCE =
  "<reservationId>r-1</reservationId><ownerId>000000000042</ownerId><groupSet/><instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><code>16</code><name>running</name></instanceState><privateDnsName/><dnsName/><reason>NORMAL:  -- []</reason><instanceType>t2.small</instanceType><placement><availabilityZone>one</availabilityZone></placement><tagSet/><iamInstanceProfile/></item></instancesSet>";
const DONE = "<return>true</return>";
const attribute = (inner: string) => `<instanceId>i-1</instanceId>${inner}`;

const EC2_ANSWERS: Readonly<Record<Ec2Action, readonly [inner: string, run: (ec2: Ec2) => Promise<unknown>]>> = {
  AllocateAddress: [
    "<publicIp>192.0.2.1</publicIp><domain>vpc</domain><allocationId>eipalloc-1</allocationId>",
    (ec2) => ec2.allocateAddress({}),
  ],
  AssociateAddress: [
    `${DONE}<associationId>eipassoc-1</associationId>`,
    (ec2) => ec2.associateAddress({ address, instanceId: "i-1", allowReassociation: true }),
  ],
  AuthorizeSecurityGroupEgress: [DONE, (ec2) => ec2.authorize("egress", "sg-1", [permission])],
  AuthorizeSecurityGroupIngress: [DONE, (ec2) => ec2.authorize("ingress", "sg-1", [permission])],
  CreateSecurityGroup: [
    `${DONE}<groupId>sg-1</groupId>`,
    (ec2) => ec2.createSecurityGroup({ name: "g", description: "d" }),
  ],
  CreateTags: [DONE, (ec2) => ec2.createTags("i-1", { a: "b" })],
  DeleteKeyPair: [DONE, (ec2) => ec2.deleteKeyPair("k")],
  DeleteSecurityGroup: [DONE, (ec2) => ec2.deleteSecurityGroup("sg-1")],
  DeleteTags: [DONE, (ec2) => ec2.deleteTags("i-1", ["a"])],
  DescribeAccountAttributes: [
    "<accountAttributeSet><item><attributeName>supported-platforms</attributeName><attributeValueSet><item><attributeValue>VPC</attributeValue></item></attributeValueSet></item></accountAttributeSet>",
    (ec2) => ec2.describePlatform(),
  ],
  DescribeAddresses: ["<addressesSet/>", (ec2) => ec2.describeAddresses({})],
  DescribeAvailabilityZones: [
    "<availabilityZoneInfo><item><zoneName>one</zoneName><zoneState>available</zoneState><regionName/><messageSet/></item></availabilityZoneInfo>",
    (ec2) => ec2.describeAvailabilityZones({}),
  ],
  DescribeImages: ["<imagesSet/>", (ec2) => ec2.describeImages({ filters: {} })],
  DescribeInstanceAttribute: [
    attribute("<userData><value>aGFsbG8=</value></userData>"),
    (ec2) => ec2.readUserData("i-1"),
  ],
  DescribeInstances: [
    `<reservationSet><item>${INSTANCE}</item></reservationSet>`,
    (ec2) => ec2.describeInstances({ "instance-id": ["i-1"] }),
  ],
  DescribeInstanceTypes: [
    "<instanceTypeDetails><item><name>t2.small</name><cpu>1</cpu><disk>10</disk><diskCount>0</diskCount><memory>2048</memory><networkInterfaces>2</networkInterfaces><availability/><ephemeralDisk/></item></instanceTypeDetails>",
    (ec2) => ec2.describeInstanceTypes(),
  ],
  DescribeKeyPairs: ["<keySet/>", (ec2) => ec2.describeKeyPairs({})],
  DescribeSecurityGroups: [
    "<securityGroupInfo><item><ownerId>000000000042</ownerId><groupId>sg-1</groupId><groupName>default</groupName><groupDescription>d</groupDescription><ipPermissions><item><ipProtocol>-1</ipProtocol><groups/><ipRanges/></item></ipPermissions><ipPermissionsEgress/><tagSet/></item></securityGroupInfo>",
    (ec2) => ec2.describeSecurityGroups({}),
  ],
  DisassociateAddress: [DONE, (ec2) => ec2.disassociateAddress("eipassoc-1")],
  GetConsoleOutput: [
    attribute("<timestamp>2026-11-28T00:00:00Z</timestamp><output/>"),
    (ec2) => ec2.readConsole("i-1"),
  ],
  ImportKeyPair: [
    "<keyName>k</keyName><keyFingerprint>e4:bf</keyFingerprint>",
    (ec2) => ec2.importKeyPair("k", "ssh-rsa AAAA"),
  ],
  ModifyInstanceAttribute: [DONE, (ec2) => ec2.setTerminationDisabled("i-1", true)],
  ReleaseAddress: [DONE, (ec2) => ec2.releaseAddress(address)],
  RevokeSecurityGroupEgress: [DONE, (ec2) => ec2.revoke("egress", "sg-1", [permission])],
  RevokeSecurityGroupIngress: [DONE, (ec2) => ec2.revoke("ingress", "sg-1", [permission])],
  RunInstances: [INSTANCE, (ec2) => ec2.runInstance({ imageId: "ami-1", clientToken: "t" })],
  TerminateInstances: [
    "<instancesSet><item><instanceId>i-1</instanceId><currentState><code>32</code><name>shutting-down</name></currentState></item></instancesSet>",
    (ec2) => ec2.terminateInstance("i-1"),
  ],
};

const S3_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const OWNER = "<ID>0a1b</ID><DisplayName>planet</DisplayName>";
const ACL = `<AccessControlPolicy ${S3_NAMESPACE}><Owner>${OWNER}</Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${OWNER}</Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`;
const object = { bucket: "b", key: "k", bytes: Buffer.from("hello"), contentType: "text/plain" };
const ETag = '"5d41402abc4b2a76b9719d911017c592"';

const S3_ANSWERS: Readonly<Record<S3Operation, readonly [answer: CannedAnswer, run: (s3: S3) => Promise<unknown>]>> = {
  createBucket: [{}, (s3) => s3.createBucket("b")],
  deleteBucket: [{ status: 204 }, (s3) => s3.deleteBucket("b")],
  deleteObject: [{ status: 204 }, (s3) => s3.deleteObject("b", "k")],
  getBucketAcl: [{ body: ACL }, (s3) => s3.getBucketAcl("b")],
  getObject: [{ headers: { ETag, "Content-Length": "5" }, body: "hello" }, (s3) => s3.getObject("b", "k")],
  getObjectAcl: [{ body: ACL }, (s3) => s3.getObjectAcl("b", "k")],
  headBucket: [{}, (s3) => s3.headBucket("b")],
  headObject: [{ headers: { ETag, "Content-Length": "5" } }, (s3) => s3.headObject("b", "k")],
  listBuckets: [
    {
      body: `<ListAllMyBucketsResult ${S3_NAMESPACE}><Owner>${OWNER}</Owner><Buckets><Bucket><Name>b</Name><CreationDate>2026-11-28T00:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`,
    },
    (s3) => s3.listBuckets(),
  ],
  listObjects: [
    {
      body: `<ListBucketResult ${S3_NAMESPACE}><Name>b</Name><Prefix/><Marker/><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>k</Key><LastModified>2026-11-28T00:00:00.000Z</LastModified><ETag>${ETag}</ETag><Size>5</Size><Owner>${OWNER}</Owner><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`,
    },
    (s3) => s3.listObjects("b"),
  ],
  putBucketAcl: [{}, (s3) => s3.putBucketAcl("b", "private")],
  putObject: [{ headers: { ETag } }, (s3) => s3.putObject(object)],
  putObjectAcl: [{}, (s3) => s3.putObjectAcl("b", "k", "private")],
};

const NAMESPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';

function ec2Answer(action: Ec2Action, inner: string): CannedAnswer {
  const root = rootOfAction(action);
  // The only one whose id is not the first child.
  const id = "<requestId>4f-1</requestId>";
  const head = action === "DescribeInstanceTypes" ? `<VmTypeMessage>${id}</VmTypeMessage>` : id;
  const headers = { "Content-Type": "application/xml; charset=UTF-8" };
  return { headers, body: `<${root} ${NAMESPACE}>${head}${inner}</${root}>` };
}

const IDENTITY: EveryCall = {
  name: "GetCallerIdentity",
  repetition: "read",
  good: {
    body: '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::000000000042:user/admin</Arn><Account>000000000042</Account><UserId>AIDA</UserId></GetCallerIdentityResult><ResponseMetadata><RequestId>4f-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  },
  run: ({ sts }) => sts.getCallerIdentity(),
};

/** Every call that the client can make. */
export const EVERY_CALL: readonly EveryCall[] = [
  ...Object.entries(EC2_ANSWERS).map(([name, [inner, run]]): EveryCall => {
    const action = name as Ec2Action;
    const { repetition } = EC2_CALLS[action];
    return { name, repetition, good: ec2Answer(action, inner), run: ({ ec2 }) => run(ec2) };
  }),
  ...Object.entries(S3_ANSWERS).map(([name, [answer, run]]): EveryCall => {
    const { repetition } = S3_CALLS[name as S3Operation];
    const good = { ...answer, headers: { "x-amz-request-id": "4f-1", ...answer.headers } };
    return { name, repetition, good, run: ({ s3 }) => run(s3) };
  }),
  IDENTITY,
];
