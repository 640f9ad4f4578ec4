import { describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { testInstance } from "../testing/testInstance.ts";
import { newWorldState } from "./newWorld.ts";
import { instancePortsOf, routesOf } from "./routes.ts";
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

describe("instancePortsOf (proves what groups allow inside the cloud)", () => {
  const worldOf = (mode: "edge" | "vpc") => {
    const identity = cloudIdentity("local");
    const world = new World(newWorldState({ mode, version: "5.1" }, identity, "seed"), identity, [], () => new Date());
    const group = world.addGroup("web", "");
    const groupIds = [group.groupId, world.defaultGroup().groupId];
    world.state.instances.set("i-1", testInstance("i-1", { groupIds, state: "running" }));
    world.state.instances.set("i-2", testInstance("i-2", { groupIds, privateAddress: "10.66.0.11" }));
    world.state.instances.set("i-3", testInstance("i-3", { groupIds, state: "terminated" }));
    group.ingress = [rule({ protocol: "udp", fromPort: 53, toPort: 53 })];
    return { world, group };
  };
  const anything = { protocol: "-1", from: 0, to: 65_535 };

  test("VPC: rules of all groups, members by their addresses, and what the groups let out", () => {
    const { world, group } = worldOf("vpc");
    expect(instancePortsOf(world).map(({ instanceId }) => instanceId)).toEqual(["i-1", "i-2"]);
    expect(instancePortsOf(world)[0]).toEqual({
      ...{ instanceId: "i-1", privateAddress: "10.66.0.10", macAddress: "D0:0D:00:00:00:01" },
      ingress: [
        { protocol: "udp", from: 53, to: 53, cidrs: ["0.0.0.0/0"] },
        { ...anything, cidrs: ["10.66.0.10/32", "10.66.0.11/32"] },
      ],
      egress: [
        { ...anything, cidrs: ["0.0.0.0/0"] },
        { ...anything, cidrs: ["0.0.0.0/0"] },
      ],
    });
    group.egress = [];
    world.defaultGroup().egress = [];
    expect(instancePortsOf(world)[0]?.egress).toEqual([]);
  });

  test("EDGE: nobody reaches a member without a rule, and everything goes out", () => {
    const { world, group } = worldOf("edge");
    group.ingress = [];
    const [first] = instancePortsOf(world);
    expect([first?.ingress, first?.egress]).toEqual([[], [{ ...anything, cidrs: ["0.0.0.0/0"] }]]);
  });
});
