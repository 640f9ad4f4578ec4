import { imageId } from "@planet/local-cloud";
import { Asset, type Inputs } from "@planet/pulumi-plugin";
import { functions } from "../../functions/index.ts";
import { resources } from "../../resources/index.ts";
import { sshLine } from "../../testing/sshLine.ts";
import type { Made, Recorder } from "./recorder.ts";

const AMI = imageId("debian-12-cloud-init");
const HTTP = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] };
const LISTENER = { instancePort: 80, instanceProtocol: "HTTP", lbPort: 80, lbProtocol: "HTTP" };
const ALL = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

/** One resource of a type through all that can happen to it, and inputs to try each of its properties with. */
export interface Life {
  readonly token: string;
  /** Made when all lives before it are made, ended after all that come after it. */
  readonly inputs: (made: ReadonlyMap<string, Made>) => Inputs;
  /** What it cannot be made without, besides the inputs that are required by themselves. */
  readonly needs?: readonly string[];
  /** Of the one that is made of as little as possible. */
  readonly variant?: (mode: Recorder["mode"], made: ReadonlyMap<string, Made>) => Inputs;
  /** A second create of the same takes over what is there, as after an interrupted run. */
  readonly isAdopted?: boolean;
  /** Each in turn. */
  readonly changes: (mode: Recorder["mode"]) => readonly Inputs[];
  /** Whole inputs to try a property with, where `{...inputs, [property]: "x"}` will not do. */
  readonly trials: (inputs: Inputs, mode: Recorder["mode"]) => Readonly<Record<string, readonly Inputs[]>>;
}

const idOf = (made: ReadonlyMap<string, Made>, token: string) => made.get(token)?.id ?? "";

export const lives: readonly Life[] = [
  {
    token: "aws:ec2/keyPair:KeyPair",
    inputs: () => ({ publicKey: sshLine(2048) }),
    isAdopted: true,
    changes: () => [],
    trials: (inputs) => ({ publicKey: [inputs] }),
  },
  {
    token: "aws:ec2/securityGroup:SecurityGroup",
    inputs: () => ({ ingress: [HTTP], tags: { Name: "web" } }),
    changes: (mode) => [
      { ingress: [{ ...HTTP, toPort: 81 }], egress: [ALL], tags: { Name: "web2" } },
      { ingress: [], tags: {}, ...(mode === "vpc" && { egress: [] }) },
    ],
    trials: (inputs) => ({
      ingress: [inputs],
      egress: [
        { ...inputs, egress: [ALL] },
        { ...inputs, egress: [HTTP] },
      ],
      vpcId: [{ ...inputs, vpcId: "vpc-00000001" }],
    }),
  },
  {
    token: "aws:ec2/securityGroupRule:SecurityGroupRule",
    inputs: (made) => ({
      ...{ securityGroupId: idOf(made, "aws:ec2/securityGroup:SecurityGroup"), type: "ingress" },
      ...{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"] },
    }),
    needs: ["cidrBlocks"],
    variant: (mode) => ({ type: mode === "vpc" ? "egress" : "ingress" }),
    changes: () => [{ description: "ssh" }],
    trials(inputs) {
      const { cidrBlocks: _cidrs, ...bare } = inputs;
      return {
        securityGroupId: [inputs],
        cidrBlocks: [inputs],
        self: [{ ...bare, self: true }],
        sourceSecurityGroupId: [{ ...bare, sourceSecurityGroupId: "sg-00000001" }],
        protocol: [inputs],
        fromPort: [inputs],
        toPort: [inputs],
        type: [inputs, { ...inputs, type: "egress" }],
      };
    },
  },
  {
    token: "aws:s3/bucket:Bucket",
    inputs: () => ({ bucket: "planet", acl: "private", forceDestroy: true }),
    isAdopted: true,
    changes: () => [{ acl: "public-read" }],
    trials: (inputs) => ({ acl: [inputs], bucket: [inputs], bucketPrefix: [{ bucketPrefix: "planet-" }] }),
  },
  ...["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"].map(
    (token): Life => ({
      token,
      inputs: (made) => ({
        ...{ bucket: idOf(made, "aws:s3/bucket:Bucket"), key: `${token.length}.txt` },
        ...{ content: "one", acl: "public-read" },
      }),
      changes: () => [{ content: "two" }, { acl: "private" }],
      trials({ content: _content, ...bare }) {
        return {
          acl: [bare],
          contentBase64: [{ ...bare, contentBase64: "b25l" }],
          metadata: [{ ...bare, metadata: { note: "x" } }],
          source: [{ ...bare, source: new Asset({ hash: "0".repeat(64), text: "one" }) }],
        };
      },
    }),
  ),
  {
    token: "aws:ec2/instance:Instance",
    inputs: (made) => ({
      ...{ ami: AMI, instanceType: "t2.small", keyName: idOf(made, "aws:ec2/keyPair:KeyPair") },
      ...{ vpcSecurityGroupIds: [idOf(made, "aws:ec2/securityGroup:SecurityGroup")], tags: { Name: "one" } },
      userData: "#!/bin/sh\n",
    }),
    changes: () => [
      { tags: { Name: "two" } },
      { disableApiTermination: true },
      { disableApiTermination: false, tags: {} },
    ],
    trials(inputs, mode) {
      const { vpcSecurityGroupIds: _groups, userData: _data, ...bare } = inputs;
      return {
        ...Object.fromEntries(
          ["ami", "instanceType", "keyName", "vpcSecurityGroupIds"].map((name) => [name, [inputs]]),
        ),
        associatePublicIpAddress: [false, true].map((associatePublicIpAddress) => ({
          ...inputs,
          associatePublicIpAddress,
          ...(mode === "vpc" && { subnetId: "subnet-00000001" }),
        })),
        securityGroups: [{ ...bare, securityGroups: ["default"] }],
        subnetId: [{ ...inputs, subnetId: "subnet-00000001" }],
        privateIp: [{ ...inputs, subnetId: "subnet-00000001", privateIp: "172.31.0.9" }],
        userDataBase64: [{ ...bare, userDataBase64: "IyEK" }],
      };
    },
  },
  {
    token: "aws:elb/loadBalancer:LoadBalancer",
    inputs: () => ({
      ...{ name: "web", availabilityZones: ["one"], listeners: [LISTENER], idleTimeout: 20, tags: { a: "b" } },
      healthCheck: { target: "TCP:80", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 },
    }),
    needs: ["availabilityZones"],
    changes: () => [
      { listeners: [LISTENER, { ...LISTENER, lbPort: 81 }], tags: { a: "c" } },
      { listeners: [LISTENER], tags: {}, idleTimeout: 1 },
    ],
    trials(inputs, mode) {
      const { availabilityZones: _zones, ...bare } = inputs;
      return {
        ...Object.fromEntries(["availabilityZones", "healthCheck", "listeners"].map((name) => [name, [inputs]])),
        securityGroups: [{ ...inputs, securityGroups: ["sg-00000001"] }],
        subnets: [
          { ...bare, subnets: ["subnet-00000001"], ...(mode === "vpc" && { securityGroups: ["sg-00000001"] }) },
        ],
      };
    },
  },
  {
    token: "aws:ec2/launchConfiguration:LaunchConfiguration",
    inputs: (made) => ({
      ...{ imageId: AMI, instanceType: "t2.small", keyName: idOf(made, "aws:ec2/keyPair:KeyPair") },
      ...{ securityGroups: [idOf(made, "aws:ec2/securityGroup:SecurityGroup")], userData: "#!/bin/sh\n" },
    }),
    isAdopted: true,
    changes: () => [],
    trials({ userData: _data, ...bare }) {
      return {
        ...Object.fromEntries(["imageId", "instanceType", "keyName"].map((name) => [name, [bare]])),
        securityGroups: [{ ...bare, securityGroups: ["sg-00000001"] }],
        userDataBase64: [{ ...bare, userDataBase64: "IyEK" }],
      };
    },
  },
  {
    token: "aws:autoscaling/group:Group",
    inputs: (made) => ({
      ...{ launchConfiguration: idOf(made, "aws:ec2/launchConfiguration:LaunchConfiguration"), minSize: 2, maxSize: 2 },
      ...{ availabilityZones: ["one"], loadBalancers: ["web"], suspendedProcesses: ["AddToLoadBalancer"] },
      tags: [{ key: "Name", value: "one", propagateAtLaunch: true }],
    }),
    needs: ["availabilityZones", "vpcZoneIdentifiers"],
    variant(mode, made) {
      const subnetId = made.get("aws:ec2/instance:Instance")?.state.subnetId ?? "";
      return mode === "vpc" ? { availabilityZones: [], vpcZoneIdentifiers: [subnetId] } : {};
    },
    isAdopted: true,
    changes: () => [
      { minSize: 1, desiredCapacity: 1, tags: [] },
      { maxSize: 1, suspendedProcesses: ["AZRebalance"] },
      { suspendedProcesses: [] },
    ],
    trials(inputs) {
      const { availabilityZones: _zones, suspendedProcesses: _processes, ...bare } = inputs;
      return {
        ...Object.fromEntries(
          ["availabilityZones", "launchConfiguration", "loadBalancers"].map((name) => [name, [inputs]]),
        ),
        desiredCapacity: [{ ...inputs, desiredCapacity: 1 }],
        healthCheckType: [{ ...inputs, healthCheckType: "ELB" }],
        minSize: [inputs],
        suspendedProcesses: [
          { ...inputs, suspendedProcesses: ["Launch"] },
          { ...inputs, suspendedProcesses: ["HealthCheck"] },
        ],
        tags: [inputs],
        terminationPolicies: [{ ...inputs, terminationPolicies: ["OldestInstance"] }],
        vpcZoneIdentifiers: [{ ...bare, vpcZoneIdentifiers: ["subnet-00000001"] }],
        waitForCapacityTimeout: [{ ...inputs, waitForCapacityTimeout: "5m" }],
      };
    },
  },
  {
    token: "aws:autoscaling/attachment:Attachment",
    inputs: (made) => ({ autoscalingGroupName: idOf(made, "aws:autoscaling/group:Group"), elb: "web" }),
    changes: () => [],
    trials: (inputs) => ({ autoscalingGroupName: [inputs], elb: [inputs] }),
  },
  {
    token: "aws:ec2/eip:Eip",
    inputs: () => ({}),
    changes: () => [{}],
    trials: () => ({ domain: [{ domain: "standard" }, { domain: "vpc" }], address: [{ address: "192.0.2.1" }] }),
  },
  {
    token: "aws:ec2/eipAssociation:EipAssociation",
    inputs: (made) => ({
      publicIp: made.get("aws:ec2/eip:Eip")?.state.publicIp ?? "",
      instanceId: idOf(made, "aws:ec2/instance:Instance"),
      allowReassociation: true,
    }),
    needs: ["publicIp"],
    changes: () => [{ allowReassociation: false }],
    trials: (inputs) => ({
      publicIp: [inputs],
      instanceId: [inputs],
      allocationId: [{ instanceId: inputs.instanceId ?? "", allocationId: "eipalloc-00000001" }],
    }),
  },
];

/** Arguments that each function answers to; the rest has no arguments worth giving. */
const ARGUMENTS: Readonly<Record<string, (made: ReadonlyMap<string, Made>) => Inputs>> = {
  "aws:ec2/getAmi:getAmi": () => ({ filters: [{ name: "image-id", values: [AMI] }] }),
  "aws:ec2/getElasticIp:getElasticIp": (made) => ({ publicIp: made.get("aws:ec2/eip:Eip")?.state.publicIp ?? "" }),
  "aws:ec2/getKeyPair:getKeyPair": (made) => ({ keyName: idOf(made, "aws:ec2/keyPair:KeyPair") }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (made) => ({ id: idOf(made, "aws:ec2/securityGroup:SecurityGroup") }),
};

export interface Lived {
  /** Made of all that its life gives it, by token. */
  readonly made: ReadonlyMap<string, Made>;
  /** Made of as little as possible, so that what is there besides was chosen for it. */
  readonly bare: ReadonlyMap<string, Made>;
  /** Every state that was seen, of resources and of functions, by token. */
  readonly states: ReadonlyMap<string, readonly Inputs[]>;
}

/** Runs every life but for its end, and every function. */
export async function live(recorder: Recorder): Promise<Lived> {
  const made = new Map<string, Made>();
  const bare = new Map<string, Made>();
  const states = new Map<string, Inputs[]>();
  for (const life of lives) {
    const inputs = life.inputs(made);
    bare.set(life.token, await liveShortly(recorder, life, made));
    const first = await recorder.make(life.token, "one", inputs);
    const last = await change(recorder, first, life);
    made.set(life.token, last);
    states.set(life.token, [first.state, last.state]);
  }
  for (const { token } of functions) states.set(token, [await recorder.invoke(token, ARGUMENTS[token]?.(made) ?? {})]);
  for (const resource of made.values()) states.get(resource.token)?.push(await recorder.read(resource));
  return { made, bare, states };
}

async function liveShortly(recorder: Recorder, life: Life, made: ReadonlyMap<string, Made>): Promise<Made> {
  const little = { ...onlyNeeded(life, life.inputs(made)), ...life.variant?.(recorder.mode, made) };
  const bare = await recorder.make(life.token, "bare", little);
  if (life.isAdopted) await recorder.make(life.token, "bare", little);
  await recorder.end(bare);
  return bare;
}

/** What was made last goes first. */
export async function endAll(recorder: Recorder, { made }: Lived): Promise<void> {
  const left = "aws:s3/bucketObject:BucketObject"; // goes with its bucket, which is forced
  for (const resource of [...made.values()].toReversed()) {
    if (resource.token !== left) await recorder.end(resource);
  }
}

function onlyNeeded({ token, needs = [] }: Life, inputs: Inputs): Inputs {
  const rules = resources.find((handler) => handler.token === token)?.inputs ?? {};
  const isNeeded = (name: string) => {
    const rule = rules[name];
    return needs.includes(name) || (rule !== undefined && rule.kind !== "refused" && rule.required === true);
  };
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => isNeeded(name)));
}

async function change(recorder: Recorder, made: Made, { changes }: Life): Promise<Made> {
  await recorder.read(made, true);
  let now = made;
  for (const step of changes(recorder.mode)) now = await recorder.change(now, step);
  return now;
}
