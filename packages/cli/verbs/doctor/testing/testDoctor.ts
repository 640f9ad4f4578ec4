import type { Address, Image, Instance, SecurityGroup } from "@planet/eucalyptus-client";
import { manifestOf } from "../../../change/testing/testChange.ts";
import { stateWith } from "../../../stack/testing/testState.ts";
import type { CloudFacts, Configured, EndpointFacts, StateFacts, ToolFacts } from "../facts.ts";
import type { DoctorFacts } from "../readDoctor.ts";

export const refused = (error: Error) => ({ error });

export const image = (facts: Partial<Image>): Image => ({
  imageId: "emi-f3df1488",
  name: "debian-12-20260101",
  description: "",
  location: "",
  state: "available",
  ownerId: "",
  ownerAlias: "",
  isPublic: true,
  architecture: "x86_64",
  imageType: "machine",
  kernelId: "",
  ramdiskId: "",
  platform: "",
  rootDeviceType: "",
  rootDeviceName: "",
  virtualizationType: "",
  creationDate: "2026-01-01T00:00:00Z",
  tags: {},
  ...facts,
});

export const address = (facts: Partial<Address>): Address => ({
  publicAddress: "192.0.2.9",
  allocationId: "eipalloc-1",
  associationId: "",
  domain: "vpc",
  instanceId: "i-0001",
  networkInterfaceId: "",
  privateAddress: "",
  tags: {},
  ...facts,
});

/** A server that carries the stack's name. */
export const instance = (facts: Partial<Instance>): Instance => ({
  instanceId: "i-0001",
  state: "running",
  reason: "",
  imageId: "emi-f3df1488",
  instanceType: "m1.small",
  keyName: "",
  availabilityZone: "one",
  privateAddress: "",
  publicAddress: "",
  privateDns: "",
  publicDns: "",
  subnetId: "",
  vpcId: "",
  securityGroups: [],
  networkInterfaceId: "",
  clientToken: "",
  iamInstanceProfileArn: "",
  ownerId: "",
  tags: { Name: "planet-prod", "planet:release": "7cf675d4" },
  ...facts,
});

export const group = (facts: Partial<SecurityGroup>): SecurityGroup => ({
  groupId: "sg-0001",
  name: "planet-group-1",
  description: "Planet of stack prod",
  vpcId: "",
  ownerId: "",
  ingress: [],
  egress: [],
  tags: {},
  ...facts,
});

export const cloud = (changes: Partial<CloudFacts> = {}): CloudFacts => ({
  platform: { value: { mode: "vpc", defaultVpcId: "vpc-1" } },
  identity: { value: { accountId: "000000000042", arn: "arn:aws:iam::000000000042:user/admin", userId: "u" } },
  buckets: { value: ["planet"] },
  images: { value: [image({})] },
  types: { value: [{ name: "m1.small", cpus: 1, memoryMb: 512, diskGb: 5 }] },
  keyPairs: { value: [{ keyName: "mine", fingerprint: "aa:bb" }] },
  addresses: { value: [address({})] },
  instances: { value: [instance({})] },
  groups: { value: [group({})] },
  scalingGroups: { error: new Error("no such service") },
  launchConfigurations: { error: new Error("no such service") },
  bucket: { value: { exists: true, keys: ["manifest.json"] } },
  manifest: { value: { state: "present", manifest: manifestOf({ "planet.ini": "" }) } },
  memory: { value: new Map([["memory/", { objects: 210, bytes: 3_250_000 }]]) },
  userData: new Map(),
  publishers: new Map(),
  ...changes,
});

const CONFIG = {
  endpoint: "http://192.0.2.1:8773",
  bucket: "planet",
  image: "emi-f3df1488",
  instanceType: "m1.small",
  keyName: "mine",
};

const STATE = stateWith([
  { urn: "a::b::c::group", type: "aws:ec2/securityGroup:SecurityGroup", id: "sg-0001" },
  { urn: "a::b::c::bucket", type: "aws:s3/bucket:Bucket", id: "planet" },
]);

export const subject = (config: Readonly<Record<string, string>> = {}): Configured => ({
  stack: "prod",
  isLocal: false,
  config: { ...CONFIG, ...config },
  state: STATE,
});

export const tools = (changes: Partial<ToolFacts> = {}): ToolFacts => ({
  node: "v24.21.0",
  cli: { value: { path: "/usr/bin/pulumi", origin: "installed" } },
  commandPlugin: "official",
  hasProviderPlugin: true,
  ...changes,
});

export const stateFacts = (changes: Partial<StateFacts> = {}): StateFacts => ({
  backend: { kind: "file", folder: "/srv/state" },
  state: { value: STATE },
  locks: { value: [] },
  passphrase: "opens",
  isCompressed: false,
  ...changes,
});

export const endpoint = (changes: Partial<EndpointFacts> = {}): EndpointFacts => ({
  url: "http://192.0.2.1:8773",
  aheadMs: { value: 300 },
  keys: { value: { accessKeyId: "k" } },
  hasSigner: false,
  ...changes,
});

/** A stack that lacks nothing, but for what a test says. */
export const doctorFacts = (changes: Partial<DoctorFacts> = {}): DoctorFacts => ({
  now: new Date("2026-03-01T12:00:00Z"),
  tools: tools(),
  subject: subject(),
  state: stateFacts(),
  endpoint: endpoint(),
  cloud: cloud(),
  ...changes,
});
