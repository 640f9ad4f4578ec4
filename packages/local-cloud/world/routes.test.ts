import { describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { testInstance } from "../testing/testInstance.ts";
import { newWorldState } from "./newWorld.ts";
import { routesOf } from "./routes.ts";
import type { Rule } from "./types.ts";
import { World } from "./world.ts";

const rule = (change: Partial<Rule>): Rule => ({
  protocol: "tcp",
  fromPort: 80,
  toPort: 80,
  ranges: [{ cidr: "0.0.0.0/0", description: undefined }],
  groups: [],
  ...change,
});

describe("routesOf (proves which ports a group opens, and to whom)", () => {
  test.each([
    { name: "tcp", rules: [rule({})], ports: [{ from: 80, to: 80, cidrs: ["0.0.0.0/0"] }] },
    {
      name: "every protocol",
      rules: [rule({ protocol: "-1", fromPort: undefined, toPort: undefined })],
      ports: [{ from: 0, to: 65_535, cidrs: ["0.0.0.0/0"] }],
    },
    {
      name: "udp and icmp open nothing here",
      rules: [rule({ protocol: "udp" }), rule({ protocol: "icmp" })],
      ports: [],
    },
    {
      name: "another group's members",
      rules: [rule({ ranges: [], groups: [{ groupId: "sg-2", description: undefined }] })],
      ports: [{ from: 80, to: 80, cidrs: ["10.66.0.11/32"] }],
    },
  ])("$name", ({ rules, ports }) => {
    const world = new World(
      newWorldState({ mode: "vpc", version: "5.1" }, cloudIdentity("local"), "seed"),
      cloudIdentity("local"),
      [],
      () => new Date(),
    );
    for (const groupId of ["sg-1", "sg-2"]) {
      world.state.groups.set(groupId, {
        groupId,
        groupName: groupId,
        description: "",
        vpcId: undefined,
        ingress: rules,
        egress: [],
      });
    }
    const open = testInstance("i-1", { groupIds: ["sg-1"], systemAddress: "127.66.0.10", state: "running" });
    const member = testInstance("i-2", { groupIds: ["sg-2"], privateAddress: "10.66.0.11" });
    for (const instance of [open, member]) world.state.instances.set(instance.instanceId, instance);
    expect(routesOf(world)).toEqual([
      { publicAddress: "127.66.0.10", instanceId: "i-1", privateAddress: "10.66.0.10", ports },
    ]);
  });
});
