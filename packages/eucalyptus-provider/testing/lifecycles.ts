import { imageId } from "@planet/local-cloud";
import { sshLine } from "./sshLine.ts";

/** Inputs as the program writes them: names to TypeScript. */
export type Written = Readonly<Record<string, string>>;

/** What the cloud and the engine said so far: the program's exports. */
export type Facts = Readonly<Record<string, string>>;

interface Change {
  /** The inputs that change; `undefined` drops the line. */
  readonly set: Readonly<Record<string, string | undefined>>;
  readonly means: "update" | "replace" | "same";
}

/** One resource type: what may happen to a thing of it, from its creation to its end. */
export interface Lifecycle {
  readonly type:
    | "autoscaling.Attachment"
    | "autoscaling.Group"
    | "ec2.LaunchConfiguration"
    | "elb.LoadBalancer"
    | "ec2.SecurityGroup"
    | "ec2.SecurityGroupRule"
    | "ec2.KeyPair"
    | "ec2.Eip"
    | "ec2.EipAssociation"
    | "ec2.Instance"
    | "s3.Bucket"
    | "s3.BucketObject"
    | "s3.BucketObjectv2";
  readonly token: string;
  /** Statements of the program before the thing, for what it needs. */
  readonly around?: string;
  /** Further exports: name to expression; `thing` is the thing. */
  readonly exports?: Written;
  readonly inputs: Written;
  /** One after the other, each in an update of its own. */
  changes(facts: Facts): readonly Change[];
  /** What a person writes for the thing as the changes leave it, with nothing that the cloud chose. */
  imported(facts: Facts): { readonly id: string; readonly program: Written };
}

type Mode = "edge" | "vpc";

const AMI = imageId("debian-12-cloud-init");
const OTHER_AMI = imageId("debian-13-cloud-init");
const quoted = (text: string | undefined) => JSON.stringify(text ?? "");
const ports = (from: number, rest: string) => `{ protocol: "tcp", fromPort: ${from}, toPort: ${from}, ${rest} }`;
const everyone = 'cidrBlocks: ["0.0.0.0/0"]';
const [KEY, OTHER_KEY] = [sshLine(2048), sshLine(2048)];

/** All types in one mode. */
export function lifecycles(mode: Mode): readonly Lifecycle[] {
  const isVpc = mode === "vpc";
  return [
    securityGroup(isVpc),
    securityGroupRule(),
    keyPair(),
    eip(isVpc),
    eipAssociation(isVpc),
    instance(isVpc),
    bucket(),
    bucketObject("s3.BucketObject", "aws:s3/bucketObject:BucketObject"),
    bucketObject("s3.BucketObjectv2", "aws:s3/bucketObjectv2:BucketObjectv2"),
    loadBalancer(isVpc),
    launchConfiguration(isVpc),
    scalingGroup(),
    scalingAttachment(),
  ];
}

const listener = (port: number, protocol = "HTTP") =>
  `{ instancePort: ${port}, instanceProtocol: "${protocol}", lbPort: ${port}, lbProtocol: "${protocol}" }`;
const zones = '["one"]';

function loadBalancer(isVpc: boolean): Lifecycle {
  const last = { name: '"life"', listeners: `[${listener(80)}]`, availabilityZones: zones, tags: '{ a: "c" }' };
  const check = (interval: number) =>
    `{ target: "HTTP:80/", interval: ${interval}, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 }`;
  return {
    type: "elb.LoadBalancer",
    token: "aws:elb/loadBalancer:LoadBalancer",
    inputs: { listeners: last.listeners, availabilityZones: zones, tags: '{ a: "b" }' },
    changes: () => [
      { set: { tags: last.tags }, means: "update" },
      { set: { idleTimeout: "20" }, means: "update" },
      { set: { idleTimeout: undefined, healthCheck: check(10) }, means: "update" },
      { set: { healthCheck: check(11) }, means: "update" },
      { set: { healthCheck: undefined, crossZoneLoadBalancing: "true" }, means: "same" },
      { set: { listeners: `[${listener(80, "tcp")}, ${listener(81)}]` }, means: "update" },
      { set: { listeners: `[${listener(81, "http")}, ${listener(80, "TCP")}]` }, means: "same" },
      { set: { listeners: last.listeners, crossZoneLoadBalancing: "false" }, means: "update" },
      { set: { crossZoneLoadBalancing: undefined }, means: "update" },
      ...(isVpc ? [{ set: { internal: "true" }, means: "replace" } as const] : []),
      { set: { namePrefix: '"pre-"', ...(isVpc && { internal: "false" }) }, means: "replace" },
      { set: { namePrefix: undefined, name: last.name, internal: undefined }, means: "replace" },
      { set: { name: undefined }, means: "same" },
    ],
    imported: ({ id = "" }) => ({ id, program: last }),
  };
}

function launchConfiguration(isVpc: boolean): Lifecycle {
  const last = {
    name: '"life"',
    imageId: quoted(OTHER_AMI),
    instanceType: '"t2.small"',
    userData: quoted("#!/bin/sh\n"),
  };
  return {
    type: "ec2.LaunchConfiguration",
    token: "aws:ec2/launchConfiguration:LaunchConfiguration",
    around: `
const group = new aws.ec2.SecurityGroup("of-the-configuration", {}, options);
const key = new aws.ec2.KeyPair("of-the-configuration", { publicKey: ${quoted(KEY)} }, options);`,
    inputs: { imageId: quoted(AMI), instanceType: '"t2.small"', userData: quoted("#!"), securityGroups: "[group.id]" },
    changes: () => [
      { set: { userData: undefined, userDataBase64: quoted("IyE=") }, means: "same" },
      { set: { userDataBase64: undefined, userData: last.userData }, means: "replace" },
      { set: { imageId: last.imageId, enableMonitoring: "true" }, means: "replace" },
      { set: { enableMonitoring: "false" }, means: "replace" },
      { set: { enableMonitoring: undefined, keyName: "key.keyName" }, means: "replace" },
      { set: { keyName: undefined }, means: "same" },
      { set: { securityGroups: undefined }, means: "replace" },
      ...(isVpc ? [{ set: { associatePublicIpAddress: "true" }, means: "replace" } as const] : []),
      ...(isVpc ? [{ set: { associatePublicIpAddress: undefined }, means: "same" } as const] : []),
      { set: { namePrefix: '"pre-"' }, means: "replace" },
      { set: { namePrefix: undefined, name: last.name }, means: "replace" },
      { set: { name: undefined }, means: "same" },
    ],
    imported: ({ id = "" }) => ({ id, program: last }),
  };
}

const startsWith = (name: string) =>
  `new aws.ec2.LaunchConfiguration("${name}", { imageId: "${AMI}", instanceType: "t2.small" }, options)`;
const sizes = (count: number) => ({ minSize: String(count), maxSize: String(count) });

function scalingGroup(): Lifecycle {
  const last = { name: '"life"', availabilityZones: zones, ...sizes(1), tags: tagsText("Name", "life") };
  return {
    type: "autoscaling.Group",
    token: "aws:autoscaling/group:Group",
    around: `const [a, b] = [${startsWith("a-of-the-group")}, ${startsWith("b-of-the-group")}];`,
    exports: { b: "b.name" },
    inputs: { launchConfiguration: "a.name", availabilityZones: zones, ...sizes(1) },
    changes: () => [
      { set: { tags: last.tags }, means: "update" },
      { set: { ...sizes(2), healthCheckGracePeriod: "60" }, means: "update" },
      { set: { desiredCapacity: "2", healthCheckType: '"EC2"' }, means: "same" },
      { set: { desiredCapacity: undefined, ...sizes(1), healthCheckGracePeriod: undefined }, means: "update" },
      { set: { suspendedProcesses: '["AZRebalance"]' }, means: "update" },
      { set: { suspendedProcesses: undefined, terminationPolicies: '["OldestInstance"]' }, means: "update" },
      { set: { terminationPolicies: undefined, launchConfiguration: "b.name" }, means: "update" },
      { set: { defaultCooldown: "60" }, means: "update" },
      { set: { defaultCooldown: undefined }, means: "same" },
      { set: { namePrefix: '"pre-"' }, means: "replace" },
      { set: { namePrefix: undefined, name: last.name }, means: "replace" },
      { set: { name: undefined }, means: "same" },
    ],
    imported: ({ id = "", b }) => ({ id, program: { ...last, launchConfiguration: quoted(b) } }),
  };
}

const tagsText = (key: string, value: string) => `[{ key: "${key}", value: "${value}", propagateAtLaunch: true }]`;

function scalingAttachment(): Lifecycle {
  const group = (name: string) => `new aws.autoscaling.Group("${name}", {
  launchConfiguration: starts.name, availabilityZones: ${zones}, minSize: 1, maxSize: 1,
  loadBalancers: [balancer.name], suspendedProcesses: ["AddToLoadBalancer"],
}, options)`;
  return {
    type: "autoscaling.Attachment",
    token: "aws:autoscaling/attachment:Attachment",
    around: `
const starts = ${startsWith("of-the-attachment")};
const balancer = new aws.elb.LoadBalancer("of-the-attachment", {
  name: "traffic", availabilityZones: ${zones}, listeners: [${listener(80)}], idleTimeout: 1,
}, options);
const [one, other] = [${group("one-of-the-attachment")}, ${group("other-of-the-attachment")}];`,
    exports: { group: "thing.autoscalingGroupName", balancer: "balancer.name" },
    inputs: { autoscalingGroupName: "one.name", elb: "balancer.name" },
    changes: () => [{ set: { autoscalingGroupName: "other.name" }, means: "replace" }],
    imported: ({ group: name = "", balancer = "" }) => ({
      id: `${name}/${balancer}`,
      program: { autoscalingGroupName: quoted(name), elb: quoted(balancer) },
    }),
  };
}

function securityGroup(isVpc: boolean): Lifecycle {
  const egress = '[{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }]';
  const last = { name: '"life"', description: '"another"', tags: '{ a: "c", d: "e" }' };
  return {
    type: "ec2.SecurityGroup",
    token: "aws:ec2/securityGroup:SecurityGroup",
    exports: { vpcId: "thing.vpcId" },
    inputs: { description: '"life"', ingress: `[${ports(80, everyone)}]`, tags: '{ a: "b" }' },
    changes: ({ vpcId }) => [
      { set: { tags: last.tags }, means: "update" },
      { set: { ingress: `[${ports(80, `${everyone}, description: "http"`)}]` }, means: "update" },
      {
        set: { ingress: `[${ports(80, `${everyone}, description: "web"`)}, ${ports(443, "self: true")}]` },
        means: "update",
      },
      { set: { egress }, means: "update" },
      { set: { ingress: undefined, egress: undefined }, means: "same" },
      ...(isVpc ? [{ set: { vpcId: quoted(vpcId) }, means: "same" } as const] : []),
      { set: { description: last.description, vpcId: undefined }, means: "replace" },
      { set: { description: undefined }, means: "same" },
      { set: { namePrefix: '"pre-"', description: last.description }, means: "replace" },
      { set: { namePrefix: undefined, name: last.name }, means: "replace" },
    ],
    imported: ({ id = "" }) => ({ id, program: last }),
  };
}

function securityGroupRule(): Lifecycle {
  const last = {
    type: '"ingress"',
    protocol: '"udp"',
    fromPort: "53",
    toPort: "53",
    self: "true",
    description: '"names"',
  };
  return {
    type: "ec2.SecurityGroupRule",
    token: "aws:ec2/securityGroupRule:SecurityGroupRule",
    around: 'const group = new aws.ec2.SecurityGroup("of-the-rule", {}, options);',
    exports: { groupId: "group.id" },
    inputs: {
      type: '"ingress"',
      securityGroupId: "group.id",
      protocol: '"tcp"',
      fromPort: "22",
      toPort: "22",
      cidrBlocks: '["10.0.0.0/8"]',
    },
    changes: () => [
      { set: { description: '"ssh"' }, means: "update" },
      { set: { description: '"shell"' }, means: "update" },
      { set: { cidrBlocks: '["10.0.0.0/8", "192.0.2.7/32"]' }, means: "replace" },
      { set: { cidrBlocks: '["192.0.2.7/32", "10.9.9.9/8"]', self: "false" }, means: "same" },
      { set: { cidrBlocks: '["192.0.2.7/32"]', self: undefined }, means: "replace" },
      { set: { fromPort: "53", toPort: "53" }, means: "replace" },
      { set: { protocol: '"udp"', description: '"names"' }, means: "replace" },
      { set: { cidrBlocks: undefined, self: "true" }, means: "replace" },
    ],
    imported: ({ groupId = "" }) => ({
      id: `${groupId}_ingress_udp_53_53_self`,
      program: { ...last, securityGroupId: quoted(groupId) },
    }),
  };
}

function keyPair(): Lifecycle {
  const last = { keyName: '"life"', publicKey: quoted(OTHER_KEY) };
  return {
    type: "ec2.KeyPair",
    token: "aws:ec2/keyPair:KeyPair",
    inputs: { publicKey: quoted(KEY) },
    changes: () => [
      { set: { publicKey: quoted(KEY.replace(/ \S+$/, " you@there")) }, means: "same" },
      { set: { publicKey: quoted(OTHER_KEY) }, means: "replace" },
      { set: { keyNamePrefix: '"pre-"' }, means: "replace" },
      { set: { keyNamePrefix: undefined, keyName: last.keyName }, means: "replace" },
      { set: { keyName: undefined }, means: "same" },
    ],
    imported: ({ id = "" }) => ({ id, program: last }),
  };
}

function eip(isVpc: boolean): Lifecycle {
  return {
    type: "ec2.Eip",
    token: "aws:ec2/eip:Eip",
    exports: { publicIp: "thing.publicIp", domain: "thing.domain" },
    inputs: isVpc ? { tags: '{ a: "b" }' } : {},
    changes: ({ publicIp, domain }) => [
      ...(isVpc ? [{ set: { tags: '{ a: "c" }' }, means: "update" } as const] : []),
      { set: { domain: quoted(domain) }, means: "same" },
      { set: { address: quoted(publicIp), domain: undefined }, means: "same" },
      { set: { address: undefined }, means: "same" },
    ],
    imported: ({ id = "" }) => ({ id, program: isVpc ? { tags: '{ a: "c" }' } : {} }),
  };
}

function eipAssociation(isVpc: boolean): Lifecycle {
  const server = (name: string) =>
    `new aws.ec2.Instance("${name}", { ami: "${AMI}", instanceType: "t2.small" }, options)`;
  return {
    type: "ec2.EipAssociation",
    token: "aws:ec2/eipAssociation:EipAssociation",
    around: `
const address = new aws.ec2.Eip("of-the-association", {}, options);
const [one, other] = [${server("one")}, ${server("other")}];`,
    exports: { publicIp: "address.publicIp", instanceId: "thing.instanceId" },
    inputs: { publicIp: "address.publicIp", instanceId: "one.id", allowReassociation: "true" },
    changes: () => [
      { set: { instanceId: "other.id" }, means: "replace" },
      ...(isVpc ? [{ set: { publicIp: undefined, allocationId: "address.id" }, means: "same" } as const] : []),
      { set: { publicIp: "address.publicIp", allocationId: undefined }, means: "same" },
      { set: { allowReassociation: undefined }, means: "same" },
    ],
    imported: ({ id = "", publicIp, instanceId }) => ({
      id,
      program: { publicIp: quoted(publicIp), instanceId: quoted(instanceId) },
    }),
  };
}

function instance(isVpc: boolean): Lifecycle {
  const last = {
    ami: quoted(OTHER_AMI),
    userData: quoted("#!/bin/sh\n"),
    userDataReplaceOnChange: "true",
    tags: '{ Name: "life" }',
  };
  return {
    type: "ec2.Instance",
    token: "aws:ec2/instance:Instance",
    around: `
const [a, b] = ["a", "b"].map((name) => new aws.ec2.SecurityGroup(name, {}, options));
const key = new aws.ec2.KeyPair("of-the-instance", { publicKey: ${quoted(KEY)} }, options);`,
    exports: { zone: "thing.availabilityZone", subnetId: "thing.subnetId", group: "a.name" },
    inputs: {
      ami: quoted(AMI),
      instanceType: '"t2.small"',
      userData: quoted("#!"),
      userDataReplaceOnChange: "true",
      vpcSecurityGroupIds: "[a.id]",
    },
    changes: ({ zone, subnetId }) => [
      { set: { tags: last.tags }, means: "update" },
      { set: { disableApiTermination: "true" }, means: "update" },
      { set: { disableApiTermination: "false" }, means: "update" },
      { set: { availabilityZone: quoted(zone), monitoring: "false", disableApiTermination: undefined }, means: "same" },
      { set: { userData: undefined, userDataBase64: quoted("IyE=") }, means: "same" },
      {
        set: { vpcSecurityGroupIds: "[b.id, a.id]", availabilityZone: undefined },
        means: isVpc ? "update" : "replace",
      },
      { set: { vpcSecurityGroupIds: undefined, instanceType: undefined }, means: "same" },
      ...(isVpc ? [{ set: { subnetId: quoted(subnetId) }, means: "same" } as const] : []),
      { set: { userDataBase64: undefined, userData: last.userData, subnetId: undefined }, means: "replace" },
      { set: { keyName: "key.keyName" }, means: "replace" },
      { set: { keyName: undefined }, means: "same" },
      { set: { ami: last.ami }, means: "replace" },
    ],
    imported: ({ id = "" }) => ({ id, program: last }),
  };
}

function bucket(): Lifecycle {
  return {
    type: "s3.Bucket",
    token: "aws:s3/bucket:Bucket",
    inputs: { bucket: '"life-bucket"' },
    changes: () => [
      { set: { acl: '"public-read"' }, means: "update" },
      { set: { acl: undefined }, means: "same" },
      { set: { forceDestroy: "true" }, means: "update" },
      { set: { bucket: '"life-bucket-2"', forceDestroy: undefined }, means: "replace" },
      { set: { bucket: undefined }, means: "same" },
    ],
    imported: ({ id = "" }) => ({ id, program: { bucket: quoted(id) } }),
  };
}

function bucketObject(type: "s3.BucketObject" | "s3.BucketObjectv2", token: string): Lifecycle {
  const name = type.toLowerCase().replace("s3.", "");
  const last = { key: '"two.txt"', contentType: '"text/html"' };
  return {
    type,
    token,
    around: `const bucket = new aws.s3.Bucket("of-${name}", { bucket: "of-${name}" }, options);`,
    exports: { bucket: "bucket.id" },
    inputs: { bucket: "bucket.id", key: '"one.txt"', content: '"one"', contentType: '"text/plain"' },
    changes: () => [
      { set: { content: '"two"' }, means: "update" },
      { set: { acl: '"public-read"' }, means: "update" },
      { set: { contentType: last.contentType }, means: "update" },
      { set: { cacheControl: '"max-age=60"', metadata: '{ a: "b" }' }, means: "update" },
      { set: { cacheControl: undefined, metadata: undefined, acl: undefined }, means: "update" },
      { set: { key: last.key }, means: "replace" },
    ],
    // What an object contains is not read back: the program that one would write uploads it once more.
    imported: ({ bucket: place = "" }) => ({ id: `${place}/two.txt`, program: { ...last, bucket: quoted(place) } }),
  };
}
