import { imageId } from "@planet/local-cloud";
import type { Clients } from "./engineProject.ts";
import { sshLine } from "./sshLine.ts";

const KEY = sshLine(2048);

/** The types whose things have a name of the program's own, so that an older entry of the state can mean the same one. */
export const NATURAL = [
  ...(["key", "group", "rule", "association", "bucket", "object", "objectv2"] as const),
  ...(["balancer", "starts", "servers", "traffic"] as const),
] as const;

/** One thing of each such type; `suffix` changes all logical names and nothing else. */
export function naturalProgram(suffix = ""): string {
  const name = (logical: string) => JSON.stringify(`${logical}${suffix}`);
  return `
new aws.ec2.KeyPair(${name("key")}, { keyName: "fixed", publicKey: ${JSON.stringify(KEY)} }, options);
const group = new aws.ec2.SecurityGroup(${name("group")}, { name: "fixed", description: "fixed" }, options);
new aws.ec2.SecurityGroupRule(${name("rule")}, {
  type: "ingress", securityGroupId: group.id, protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"],
}, options);
const server = new aws.ec2.Instance("server", { ami: "${imageId("debian-12-cloud-init")}", instanceType: "t2.small" }, options);
const address = new aws.ec2.Eip("address", {}, options);
new aws.ec2.EipAssociation(${name("association")}, {
  publicIp: address.publicIp, instanceId: server.id, allowReassociation: true,
}, options);
const bucket = new aws.s3.Bucket(${name("bucket")}, { bucket: "fixed" }, options);
new aws.s3.BucketObject(${name("object")}, { bucket: bucket.id, key: "one", content: "one" }, options);
new aws.s3.BucketObjectv2(${name("objectv2")}, { bucket: bucket.id, key: "two", content: "two" }, options);
const balancer = new aws.elb.LoadBalancer(${name("balancer")}, {
  name: "fixed", availabilityZones: ["one"], idleTimeout: 1,
  listeners: [{ instancePort: 80, instanceProtocol: "HTTP", lbPort: 80, lbProtocol: "HTTP" }],
}, options);
const starts = new aws.ec2.LaunchConfiguration(${name("starts")}, {
  name: "fixed", imageId: "${imageId("debian-12-cloud-init")}", instanceType: "t2.small",
}, options);
const servers = new aws.autoscaling.Group(${name("servers")}, {
  name: "fixed", launchConfiguration: starts.name, availabilityZones: ["one"], minSize: 1, maxSize: 1,
  loadBalancers: [balancer.name], suspendedProcesses: ["AddToLoadBalancer"],
}, options);
new aws.autoscaling.Attachment(${name("traffic")}, { autoscalingGroupName: servers.name, elb: balancer.name }, options);`;
}

/** What is there of them, in the cloud's own words. */
export async function naturalThings({
  autoScaling,
  ec2,
  elb,
  s3,
}: Clients): Promise<Record<(typeof NATURAL)[number], boolean>> {
  const [group] = await ec2.describeSecurityGroups({ "group-name": ["fixed"] });
  const addresses = await ec2.describeAddresses({});
  const balancer = await elb.findLoadBalancer("fixed");
  const members = (await autoScaling.findGroup("fixed"))?.members.map(({ instanceId }) => instanceId);
  return {
    key: (await ec2.findKeyPair("fixed")) !== undefined,
    group: group !== undefined,
    rule: group?.ingress.length === 1,
    association: addresses.every(({ instanceId }) => instanceId !== ""),
    bucket: (await s3.listBuckets()).includes("fixed"),
    object: (await s3.headObject("fixed", "one")) !== undefined,
    objectv2: (await s3.headObject("fixed", "two")) !== undefined,
    balancer: balancer !== undefined,
    starts: (await autoScaling.findLaunchConfiguration("fixed")) !== undefined,
    servers: members?.length === 1,
    traffic: members?.every((id) => balancer?.instanceIds.includes(id)) === true,
  };
}

/** The urns of the things, as the command line takes them. */
export const naturalUrns = (stack: string, suffix = ""): string[] =>
  Object.entries(TOKENS).map(([logical, token]) => `urn:pulumi:${stack}::provider-test::${token}::${logical}${suffix}`);

const TOKENS: Readonly<Record<(typeof NATURAL)[number], string>> = {
  key: "aws:ec2/keyPair:KeyPair",
  group: "aws:ec2/securityGroup:SecurityGroup",
  rule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  association: "aws:ec2/eipAssociation:EipAssociation",
  bucket: "aws:s3/bucket:Bucket",
  object: "aws:s3/bucketObject:BucketObject",
  objectv2: "aws:s3/bucketObjectv2:BucketObjectv2",
  balancer: "aws:elb/loadBalancer:LoadBalancer",
  starts: "aws:ec2/launchConfiguration:LaunchConfiguration",
  servers: "aws:autoscaling/group:Group",
  traffic: "aws:autoscaling/attachment:Attachment",
};
