import type { AutoScaling } from "../autoscaling/createAutoScaling.ts";
import {
  AUTO_SCALING_CALLS,
  type AutoScalingAction,
  EC2_CALLS,
  type Ec2Action,
  ELB_CALLS,
  type ElbAction,
  type Repetition,
  rootOfAction,
  S3_CALLS,
  type S3Operation,
} from "../calls.ts";
import type { Ec2 } from "../ec2/createEc2.ts";
import type { Elb } from "../elb/createElb.ts";
import type { S3 } from "../s3/createS3.ts";
import type { Sts } from "../sts/createSts.ts";
import type { CannedAnswer } from "./cannedServer.ts";

export interface Services {
  readonly autoScaling: AutoScaling;
  readonly elb: Elb;
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
  DescribeSubnets: [
    "<subnetSet><item><subnetId>subnet-1</subnetId><state>available</state><vpcId>vpc-1</vpcId><cidrBlock>172.31.0.0/20</cidrBlock><availabilityZone>one</availabilityZone></item></subnetSet>",
    (ec2) => ec2.describeSubnets({ "subnet-id": ["subnet-1"] }),
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

const CHECK =
  "<HealthCheck><Target>HTTP:80/status.json</Target><Interval>10</Interval><Timeout>5</Timeout><UnhealthyThreshold>3</UnhealthyThreshold><HealthyThreshold>2</HealthyThreshold></HealthCheck>";
const check = { target: "http:80/status.json", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 };
const BALANCER = `<member><LoadBalancerName>Lb2</LoadBalancerName><DNSName>Lb2-000123456789.lb.localhost</DNSName><ListenerDescriptions><member><Listener><Protocol>HTTP</Protocol><LoadBalancerPort>80</LoadBalancerPort><InstanceProtocol>HTTP</InstanceProtocol><InstancePort>80</InstancePort></Listener><PolicyNames/></member></ListenerDescriptions><Policies><AppCookieStickinessPolicies/><LBCookieStickinessPolicies/><OtherPolicies/></Policies><BackendServerDescriptions/><AvailabilityZones><member>one</member></AvailabilityZones><Instances><member><InstanceId>i-1</InstanceId></member></Instances>${CHECK}<CreatedTime>2026-11-28T22:50:26.022Z</CreatedTime><Scheme>internet-facing</Scheme></member>`;
const ATTRIBUTES =
  "<LoadBalancerAttributes><CrossZoneLoadBalancing><Enabled>true</Enabled></CrossZoneLoadBalancing><AccessLog><Enabled>false</Enabled></AccessLog><ConnectionDraining><Enabled>false</Enabled></ConnectionDraining><ConnectionSettings><IdleTimeout>20</IdleTimeout></ConnectionSettings></LoadBalancerAttributes>";
const listener = { protocol: "http", port: 80, instanceProtocol: "HTTP", instancePort: 80, certificateId: "" };

const ELB_ANSWERS: Readonly<Record<ElbAction, readonly [result: string, run: (elb: Elb) => Promise<unknown>]>> = {
  AddTags: ["", (elb) => elb.addTags("Lb2", { a: "b" })],
  ApplySecurityGroupsToLoadBalancer: ["", (elb) => elb.setSecurityGroups("Lb2", ["sg-1"])],
  AttachLoadBalancerToSubnets: ["", (elb) => elb.attachSubnets("Lb2", ["subnet-1"])],
  ConfigureHealthCheck: [CHECK, (elb) => elb.configureHealthCheck("Lb2", check)],
  CreateLoadBalancer: [
    "<DNSName>Lb2-000123456789.lb.localhost</DNSName>",
    (elb) => elb.createLoadBalancer({ name: "Lb2", listeners: [listener], zones: ["one"], tags: {} }),
  ],
  CreateLoadBalancerListeners: ["", (elb) => elb.createListeners("Lb2", [listener])],
  DeleteLoadBalancer: ["", (elb) => elb.deleteLoadBalancer("Lb2")],
  DeleteLoadBalancerListeners: ["", (elb) => elb.deleteListeners("Lb2", [80])],
  DeregisterInstancesFromLoadBalancer: ["", (elb) => elb.deregisterInstances("Lb2", ["i-1"])],
  DescribeInstanceHealth: [
    "<InstanceStates><member><InstanceId>i-1</InstanceId><State>OutOfService</State><ReasonCode>ELB</ReasonCode><Description>Instance registration is still in progress.</Description></member></InstanceStates>",
    (elb) => elb.describeInstanceHealth("Lb2"),
  ],
  DescribeLoadBalancerAttributes: [ATTRIBUTES, (elb) => elb.describeAttributes("Lb2")],
  DescribeLoadBalancers: [
    `<LoadBalancerDescriptions>${BALANCER}</LoadBalancerDescriptions>`,
    (elb) => elb.findLoadBalancer("Lb2"),
  ],
  DescribeTags: [
    "<TagDescriptions><member><LoadBalancerName>Lb2</LoadBalancerName><Tags><member><Key>planet</Key><Value>x</Value></member></Tags></member></TagDescriptions>",
    (elb) => elb.describeTags("Lb2"),
  ],
  DetachLoadBalancerFromSubnets: ["", (elb) => elb.detachSubnets("Lb2", ["subnet-1"])],
  DisableAvailabilityZonesForLoadBalancer: ["", (elb) => elb.disableZones("Lb2", ["two"])],
  EnableAvailabilityZonesForLoadBalancer: ["", (elb) => elb.enableZones("Lb2", ["two"])],
  ModifyLoadBalancerAttributes: [
    ATTRIBUTES,
    (elb) => elb.modifyAttributes("Lb2", { idleTimeout: 20, isCrossZone: true }),
  ],
  RegisterInstancesWithLoadBalancer: [
    "<Instances><member><InstanceId>i-2</InstanceId></member><member><InstanceId>i-1</InstanceId></member></Instances>",
    (elb) => elb.registerInstances("Lb2", ["i-1"]),
  ],
  RemoveTags: ["", (elb) => elb.removeTags("Lb2", ["a"])],
};

const SETTINGS = {
  launchConfigurationName: "a",
  ...{ minSize: 2, maxSize: 2, desiredCapacity: 2 },
  healthCheckType: "ELB",
  ...{ defaultCooldown: 300, healthCheckGracePeriod: 600 },
  ...{ terminationPolicies: ["Default"], isProtectedFromScaleIn: false },
} as const;
const GROUP =
  "<member><AutoScalingGroupName>a</AutoScalingGroupName><AutoScalingGroupARN>arn:aws:autoscaling::000123456789:autoScalingGroup:2f48cb44:autoScalingGroupName/a</AutoScalingGroupARN><LaunchConfigurationName>a</LaunchConfigurationName><MinSize>2</MinSize><MaxSize>2</MaxSize><DesiredCapacity>2</DesiredCapacity><DefaultCooldown>300</DefaultCooldown><AvailabilityZones><member>one</member></AvailabilityZones><LoadBalancerNames><member>Lb2</member></LoadBalancerNames><HealthCheckType>ELB</HealthCheckType><HealthCheckGracePeriod>600</HealthCheckGracePeriod><Instances><member><InstanceId>i-1</InstanceId><AvailabilityZone>one</AvailabilityZone><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus><LaunchConfigurationName>a</LaunchConfigurationName><ProtectedFromScaleIn>false</ProtectedFromScaleIn></member></Instances><CreatedTime>2026-11-28T22:52:20.501Z</CreatedTime><SuspendedProcesses><member><ProcessName>AddToLoadBalancer</ProcessName><SuspensionReason>Manual suspension</SuspensionReason></member></SuspendedProcesses><EnabledMetrics/><Tags><member><ResourceId>a</ResourceId><ResourceType>auto-scaling-group</ResourceType><Key>Name</Key><Value>one</Value><PropagateAtLaunch>true</PropagateAtLaunch></member></Tags><TerminationPolicies><member>Default</member></TerminationPolicies><NewInstancesProtectedFromScaleIn>false</NewInstancesProtectedFromScaleIn></member>";
const CONFIGURATION =
  "<member><LaunchConfigurationName>a</LaunchConfigurationName><LaunchConfigurationARN>arn:aws:autoscaling::000123456789:launchConfiguration:b3508393:launchConfigurationName/a</LaunchConfigurationARN><ImageId>ami-0123456789abcdef0</ImageId><UserData>IyEvYmluL3NoCmVjaG8gaGkK</UserData><InstanceType>t2.micro</InstanceType><InstanceMonitoring><Enabled>true</Enabled></InstanceMonitoring><CreatedTime>2026-11-28T22:52:20.097Z</CreatedTime></member>";
const ACTIVITY =
  "<member><ActivityId>930ec3e2</ActivityId><AutoScalingGroupName>a</AutoScalingGroupName><Description>Launching a new EC2 instance: i-1</Description><Cause>At 2026-11-28T22:52:21Z a user request update.</Cause><StartTime>2026-11-28T22:52:21.390Z</StartTime><EndTime>2026-11-28T22:52:21.824Z</EndTime><StatusCode>Successful</StatusCode><Progress>100</Progress></member>";
const configuration = {
  ...{ name: "a", imageId: "ami-1", instanceType: "t2.small", keyName: "", securityGroupIds: ["sg-1"] },
  ...{ userData: Buffer.from("#!"), isMonitored: true, iamInstanceProfile: "", publicAddress: undefined },
};
const tag = { key: "Name", value: "one", propagateAtLaunch: true };

/** Undefined: the answer has no result. */
const AUTO_SCALING_ANSWERS: Readonly<
  Record<AutoScalingAction, readonly [result: string | undefined, run: (autoScaling: AutoScaling) => Promise<unknown>]>
> = {
  CreateAutoScalingGroup: [
    undefined,
    (autoScaling) =>
      autoScaling.createGroup({
        ...SETTINGS,
        ...{ name: "a", zones: ["one"], subnetIds: [], loadBalancerNames: ["Lb2"], tags: [tag] },
      }),
  ],
  CreateLaunchConfiguration: [undefined, (autoScaling) => autoScaling.createLaunchConfiguration(configuration)],
  CreateOrUpdateTags: [undefined, (autoScaling) => autoScaling.setGroupTags("a", [tag])],
  DeleteAutoScalingGroup: [undefined, (autoScaling) => autoScaling.deleteGroup("a", { isForced: false })],
  DeleteLaunchConfiguration: [undefined, (autoScaling) => autoScaling.deleteLaunchConfiguration("a")],
  DeleteTags: [undefined, (autoScaling) => autoScaling.deleteGroupTags("a", [tag])],
  DescribeAutoScalingGroups: [
    `<AutoScalingGroups>${GROUP}</AutoScalingGroups>`,
    (autoScaling) => autoScaling.findGroup("a"),
  ],
  DescribeLaunchConfigurations: [
    `<LaunchConfigurations>${CONFIGURATION}</LaunchConfigurations>`,
    (autoScaling) => autoScaling.findLaunchConfiguration("a"),
  ],
  DescribeScalingActivities: [
    `<Activities>${ACTIVITY}</Activities>`,
    (autoScaling) => autoScaling.describeActivities("a"),
  ],
  ResumeProcesses: [undefined, (autoScaling) => autoScaling.resumeProcesses("a", ["HealthCheck"])],
  SuspendProcesses: [undefined, (autoScaling) => autoScaling.suspendProcesses("a", ["HealthCheck"])],
  TerminateInstanceInAutoScalingGroup: [
    ACTIVITY.replaceAll("member>", "Activity>"),
    (autoScaling) => autoScaling.terminateMember("i-1"),
  ],
  UpdateAutoScalingGroup: [undefined, (autoScaling) => autoScaling.updateGroup("a", SETTINGS)],
};

/** The envelope of Elastic Load Balancing and Auto Scaling. */
function queryAnswer(action: string, namespace: string, result: string | undefined): CannedAnswer {
  const inner = result === undefined ? "" : `<${action}Result>${result}</${action}Result>`;
  const metadata = "<ResponseMetadata><RequestId>4f-1</RequestId></ResponseMetadata>";
  return { body: `<${action}Response xmlns="${namespace}">${inner}${metadata}</${action}Response>` };
}

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
  ...Object.entries(ELB_ANSWERS).map(([name, [result, run]]): EveryCall => {
    const good = queryAnswer(name, "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/", result);
    return { name, repetition: ELB_CALLS[name as ElbAction].repetition, good, run: ({ elb }) => run(elb) };
  }),
  ...Object.entries(AUTO_SCALING_ANSWERS).map(([name, [result, run]]): EveryCall => {
    const good = queryAnswer(name, "http://autoscaling.amazonaws.com/doc/2011-01-01/", result);
    const { repetition } = AUTO_SCALING_CALLS[name as AutoScalingAction];
    return { name, repetition, good, run: ({ autoScaling }) => run(autoScaling) };
  }),
  ...Object.entries(S3_ANSWERS).map(([name, [answer, run]]): EveryCall => {
    const { repetition } = S3_CALLS[name as S3Operation];
    const good = { ...answer, headers: { "x-amz-request-id": "4f-1", ...answer.headers } };
    return { name, repetition, good, run: ({ s3 }) => run(s3) };
  }),
  IDENTITY,
];
