import { describe, expect, test } from "@jest/globals";
import { Asset, type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { resources } from "../resources/index.ts";
import { diffInputs } from "./diffInputs.ts";

function diff(type: string, olds: Inputs, news: Inputs, mode: "edge" | "vpc" = "vpc", state: Inputs = {}) {
  const handler = resources.find(({ token }) => token.endsWith(`:${type}`));
  if (!handler) throw new Error(`no ${type}`);
  return diffInputs(handler, olds, news, mode, state);
}

describe("nothing, update or replacement", () => {
  test.each<{
    name: string;
    type: string;
    olds: Inputs;
    news: Inputs;
    mode?: "edge" | "vpc";
    detailed: Record<string, string>;
  }>([
    { name: "equal", type: "Instance", olds: { ami: "a" }, news: { ami: "a" }, detailed: {} },
    {
      name: "another image",
      type: "Instance",
      olds: { ami: "a" },
      news: { ami: "b" },
      detailed: { ami: "update-replace" },
    },
    {
      name: "other user-data",
      type: "Instance",
      olds: { userData: "a" },
      news: { userData: "b" },
      detailed: { userData: "update-replace" },
    },
    {
      name: "another type: servers here cannot stop",
      type: "Instance",
      olds: { instanceType: "a" },
      news: { instanceType: "b" },
      detailed: { instanceType: "update-replace" },
    },
    {
      name: "a tag more",
      type: "Instance",
      olds: { tags: {} },
      news: { tags: { a: "b" } },
      detailed: { "tags.a": "add" },
    },
    {
      name: "a group less, VPC",
      type: "Instance",
      olds: { vpcSecurityGroupIds: ["a", "b"] },
      news: { vpcSecurityGroupIds: ["a"] },
      detailed: { "vpcSecurityGroupIds[1]": "delete" },
    },
    {
      name: "a group less, EDGE",
      type: "Instance",
      mode: "edge",
      olds: { vpcSecurityGroupIds: ["a", "b"] },
      news: { vpcSecurityGroupIds: ["a"] },
      detailed: { "vpcSecurityGroupIds[1]": "delete-replace" },
    },
    {
      name: "groups in another order",
      type: "Instance",
      olds: { vpcSecurityGroupIds: ["a", "b"] },
      news: { vpcSecurityGroupIds: ["b", "a"] },
      detailed: {},
    },
    {
      name: "an instance that is not known yet",
      type: "EipAssociation",
      olds: { instanceId: "i-1" },
      news: { instanceId: UNKNOWN },
      detailed: { instanceId: "update-replace" },
    },
    {
      name: "only permission to move",
      type: "EipAssociation",
      olds: { allowReassociation: false },
      news: { allowReassociation: true },
      detailed: { allowReassociation: "update" },
    },
    {
      name: "the comment of a key",
      type: "KeyPair",
      olds: { publicKey: "ssh-rsa AA me" },
      news: { publicKey: "ssh-rsa AA you" },
      detailed: {},
    },
    {
      name: "the key",
      type: "KeyPair",
      olds: { publicKey: "ssh-rsa AA" },
      news: { publicKey: "ssh-rsa BB" },
      detailed: { publicKey: "update-replace" },
    },
    {
      name: "rules grouped otherwise",
      type: "SecurityGroup",
      olds: { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8", "192.0.2.0/24"] }] },
      news: {
        ingress: ["192.0.2.0/24", "10.1.2.3/8"].map((cidr) => ({
          protocol: "6",
          fromPort: 80,
          toPort: 80,
          cidrBlocks: [cidr],
        })),
      },
      detailed: {},
    },
    {
      name: "a rule's port: the new one is opened first, the old one closed last",
      type: "SecurityGroupRule",
      olds: { toPort: 80 },
      news: { toPort: 81 },
      detailed: { toPort: "update-replace" },
    },
    {
      name: "a rule's text",
      type: "SecurityGroupRule",
      olds: { toPort: 80, description: "a" },
      news: { toPort: 80, description: "b" },
      detailed: { description: "update" },
    },
    {
      name: "the same sources, written otherwise",
      type: "SecurityGroupRule",
      olds: { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8", "192.0.2.1/32"] },
      news: { protocol: "6", fromPort: 80, toPort: 80, cidrBlocks: ["192.0.2.1/32", "10.1.2.3/8"], self: false },
      detailed: {},
    },
    {
      name: "a file with other bytes",
      type: "BucketObjectv2",
      olds: { source: new Asset({ hash: "a" }) },
      news: { source: new Asset({ hash: "b", path: "x" }) },
      detailed: { source: "update" },
    },
    {
      name: "the same file at another path",
      type: "BucketObjectv2",
      olds: { source: new Asset({ hash: "a" }) },
      news: { source: new Asset({ hash: "a", path: "y" }) },
      detailed: {},
    },
    {
      name: "another key",
      type: "BucketObjectv2",
      olds: { key: "a" },
      news: { key: "b" },
      detailed: { key: "update-replace" },
    },
    {
      name: "another bucket name",
      type: "Bucket",
      olds: { bucket: "a" },
      news: { bucket: "b" },
      detailed: { bucket: "update-replace" },
    },
  ])("$type: $name", ({ type, olds, news, mode, detailed }) => {
    const result = diff(type, olds, news, mode);
    expect(result.detailed).toEqual(detailed);
    expect(result.changes).toBe(Object.keys(detailed).length > 0);
    expect(result.replaces.length > 0).toBe(Object.values(detailed).some((kind) => kind.endsWith("replace")));
  });

  test.each<{
    name: string;
    type: string;
    olds: Inputs;
    news: Inputs;
    state: Inputs;
    detailed: Record<string, string>;
  }>([
    {
      name: "what the cloud may choose is left out",
      type: "Instance",
      olds: { ami: "a", availabilityZone: "one", keyName: "k", subnetId: "subnet-1", instanceType: "m1.small" },
      news: { ami: "a" },
      state: {},
      detailed: {},
    },
    {
      name: "what the cloud chose is written down",
      type: "Instance",
      olds: { ami: "a" },
      news: { ami: "a", availabilityZone: "one", vpcSecurityGroupIds: ["b", "a"], disableApiTermination: false },
      state: { availabilityZone: "one", vpcSecurityGroupIds: ["a", "b"], disableApiTermination: false },
      detailed: {},
    },
    {
      name: "something else than the cloud chose is written down",
      type: "Instance",
      olds: { ami: "a" },
      news: { ami: "a", availabilityZone: "two" },
      state: { availabilityZone: "one" },
      detailed: { availabilityZone: "update-replace" },
    },
    {
      name: "what the cloud did not choose is left out",
      type: "Instance",
      olds: { ami: "a", userData: "#!", tags: { a: "b" } },
      news: { ami: "a" },
      state: { userData: "#!" },
      detailed: { userData: "delete-replace", tags: "delete" },
    },
    {
      name: "user-data in its other form",
      type: "Instance",
      olds: { userData: "#!" },
      news: { userDataBase64: "IyE\n" },
      state: {},
      detailed: {},
    },
    {
      name: "other user-data in its other form",
      type: "Instance",
      olds: { userData: "#!/bin/sh" },
      news: { userDataBase64: "IyE=" },
      state: {},
      detailed: { userData: "delete-replace", userDataBase64: "add-replace" },
    },
    {
      name: "a value that says what the cloud does anyway",
      type: "Instance",
      olds: { ami: "a" },
      news: { ami: "a", monitoring: false, region: "eucalyptus" },
      state: { region: "eucalyptus" },
      detailed: {},
    },
    {
      name: "rules that were inline are left to others",
      type: "SecurityGroup",
      olds: { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }], vpcId: "vpc-1" },
      news: {},
      state: {},
      detailed: {},
    },
    {
      name: "an empty list of rules is not the same as an absent one",
      type: "SecurityGroup",
      olds: { ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }] },
      news: { ingress: [] },
      state: {},
      detailed: { "ingress[0]": "delete" },
    },
  ])("$type: $name", ({ type, olds, news, state, detailed }) => {
    expect(diff(type, olds, news, "vpc", state).detailed).toEqual(detailed);
  });

  test.each([
    { name: "a chosen group name", type: "SecurityGroup", inputs: { name: "web" }, first: true },
    { name: "a made-up group name", type: "SecurityGroup", inputs: { name: "web-0a1b2c3" }, first: false },
    { name: "an object at its place", type: "BucketObject", inputs: { bucket: "b", key: "k" }, first: true },
    { name: "an instance", type: "Instance", inputs: { ami: "a" }, first: false },
    { name: "an association", type: "EipAssociation", inputs: { instanceId: "i-1" }, first: false },
  ])("$name is deleted before its replacement: $first", ({ type, inputs, first }) => {
    expect(diff(type, inputs, inputs).deleteBeforeReplace).toBe(first);
  });
});
