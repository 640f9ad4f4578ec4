import { describe, expect, test } from "@jest/globals";
import type { Permission } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { groupProblems } from "./groupProblems.ts";
import { liveRules } from "./inlineRules.ts";
import { planRules } from "./planRules.ts";
import { problemWithRule } from "./ruleProblems.ts";
import { expandRule, expandRules, ruleKey } from "./securityRules.ts";

const tcp = (port: number, ...cidrs: string[]): Permission => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrs: cidrs.map((cidr) => ({ cidr })),
  groups: [],
});
const rule = (port: number, ...cidrBlocks: string[]): Inputs => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks,
});
const plan = (live: Permission[], wanted: Inputs[]) => {
  const keys = expandRules(wanted, "sg-1");
  return planRules(live, { wanted: keys, olds: new Map(), isSurplus: (key) => !keys.has(key) });
};
const NOTHING = { open: [], close: [], reopen: [], cleanUp: [], unchangeable: [] };

describe("rules as the cloud counts them", () => {
  test.each<{ name: string; one: Inputs; other: Inputs; isSame: boolean }>([
    { name: "host bits do not count", one: rule(80, "10.1.2.3/8"), other: rule(80, "10.0.0.0/8"), isSame: true },
    {
      name: "a protocol's number is its name",
      one: rule(80, "10.0.0.0/8"),
      other: { ...rule(80, "10.0.0.0/8"), protocol: "6" },
      isSame: true,
    },
    {
      name: "descriptions do not count",
      one: rule(80, "10.0.0.0/8"),
      other: { ...rule(80, "10.0.0.0/8"), description: "x" },
      isSame: true,
    },
    { name: "ports count", one: rule(80, "10.0.0.0/8"), other: rule(81, "10.0.0.0/8"), isSame: false },
    {
      name: "without ports, ports do not count",
      one: { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
      other: { protocol: "all", fromPort: 0, toPort: 65_535, cidrBlocks: ["0.0.0.0/0"] },
      isSame: true,
    },
    {
      name: "with a group 0-0 means all ports",
      one: { protocol: "tcp", fromPort: 0, toPort: 0, self: true },
      other: { protocol: "tcp", fromPort: 0, toPort: 65_535, securityGroups: ["sg-1"] },
      isSame: true,
    },
  ])("$name", ({ one, other, isSame }) => {
    const keys = [one, other].map((written) => expandRule(written, "sg-1").map(ruleKey).join());
    expect(keys[0] === keys[1]).toBe(isSame);
  });

  test("one CIDR per element is authorised, and nothing that exists: one such would drop the whole call", () => {
    expect(plan([tcp(80, "10.0.0.0/8")], [rule(80, "10.0.0.0/8", "192.0.2.0/24"), rule(22, "192.0.2.0/24")])).toEqual({
      ...NOTHING,
      open: [tcp(22, "192.0.2.0/24"), tcp(80, "192.0.2.0/24")].map((permission) =>
        expect.objectContaining({
          fromPort: permission.fromPort,
          cidrs: [{ cidr: "192.0.2.0/24", description: undefined }],
        }),
      ),
    });
  });

  test("a foreign rule is closed exactly as described, after what is still wanted of it was opened alone", () => {
    const foreign = tcp(80, "10.0.0.0/8", "192.0.2.0/24");
    const { open, close } = plan([foreign], [rule(80, "10.0.0.0/8")]);
    expect(open).toMatchObject([{ protocol: "tcp", cidrs: [{ cidr: "10.0.0.0/8" }] }]);
    expect(close).toEqual([foreign]);
  });

  test("a foreign rule of which all is wanted stays as it is", () => {
    expect(plan([tcp(80, "10.0.0.0/8", "192.0.2.0/24")], [rule(80, "192.0.2.0/24", "10.0.0.0/8")])).toEqual(NOTHING);
  });

  test("another description makes the rule anew, under a bridge", () => {
    const live: Permission = { ...tcp(80), cidrs: [{ cidr: "10.0.0.0/8", description: "old" }] };
    const { open, close, reopen, cleanUp } = plan([live], [{ ...rule(80, "10.0.0.0/8"), description: "new" }]);
    expect(open).toMatchObject([{ ...tcp(80), cidrs: [{ cidr: "10.0.0.0/8" }, { cidr: "203.0.113.255/32" }] }]);
    expect(close).toEqual([live]);
    expect(reopen).toMatchObject([{ cidrs: [{ cidr: "10.0.0.0/8", description: "new" }] }]);
    expect(cleanUp).toEqual(open);
  });

  test("a bridge that a crash left goes when the rule itself is open, and shows in a refresh until then", () => {
    const bridge = tcp(80, "10.0.0.0/8", "203.0.113.255/32");
    const { open, close } = plan([bridge], [rule(80, "10.0.0.0/8")]);
    expect(open).toMatchObject([tcp(80, "10.0.0.0/8")]);
    expect(close).toEqual([bridge]);
    expect(liveRules([bridge], [rule(80, "10.0.0.0/8")], "sg-1")).toHaveLength(2);
  });

  test("a refresh keeps the program's words, drops what is gone and adds what came", () => {
    const written = [rule(80, "10.1.2.3/8", "192.0.2.0/24"), rule(22, "10.0.0.0/8")];
    expect(liveRules([tcp(80, "10.0.0.0/8"), tcp(22, "10.0.0.0/8"), tcp(443, "0.0.0.0/0")], written, "sg-1")).toEqual([
      rule(80, "10.1.2.3/8"),
      rule(22, "10.0.0.0/8"),
      rule(443, "0.0.0.0/0"),
    ]);
  });
});

describe("rules that the cloud would refuse or drop", () => {
  test.each<{ name: string; written: Inputs; text?: string }>([
    { name: "a good one", written: rule(80, "0.0.0.0/0") },
    { name: "unknown sources", written: { ...rule(80), cidrBlocks: UNKNOWN } },
    { name: "no source", written: rule(80), text: "no source" },
    {
      name: "IPv6, dropped without a word",
      written: { ...rule(80, "0.0.0.0/0"), ipv6CidrBlocks: ["::/0"] },
      text: "dropped by Eucalyptus",
    },
    { name: "an address without a length", written: rule(80, "10.0.0.1"), text: "not an IPv4 network" },
    { name: "a port out of range", written: rule(70_000, "0.0.0.0/0"), text: "0 to 65535" },
    { name: "an unknown protocol", written: { ...rule(80, "0.0.0.0/0"), protocol: "quic" }, text: "not one of tcp" },
    { name: "a group by its name", written: { ...rule(80), securityGroups: ["web"] }, text: "by id" },
    { name: "another account's group", written: { ...rule(80), securityGroups: ["000000000042/sg-1"] } },
  ])("$name", ({ written, text }) => {
    if (text === undefined) expect(problemWithRule(written, "vpc")).toBeUndefined();
    else expect(problemWithRule(written, "vpc")).toContain(text);
  });

  const facts = { name: "n", urn: "u", randomSeed: new Uint8Array(32) };
  test.each<{ name: string; news: Inputs; mode: "edge" | "vpc"; properties: string[] }>([
    {
      name: "allow-all egress in EDGE is what it does anyway",
      news: { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
      mode: "edge",
      properties: [],
    },
    { name: "another egress in EDGE", news: { egress: [rule(80, "0.0.0.0/0")] }, mode: "edge", properties: ["egress"] },
    { name: "no egress at all in EDGE", news: { egress: [] }, mode: "edge", properties: ["egress"] },
    ...["-1", "all", "47"].map((protocol) => ({
      name: `protocol ${protocol} in EDGE, which would refuse it`,
      news: { ingress: [{ protocol, fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
      mode: "edge" as const,
      properties: ["ingress[0]"],
    })),
    {
      name: "protocol -1 in VPC",
      news: { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
      mode: "vpc",
      properties: [],
    },
    { name: "a name that only EDGE takes", news: { name: "a|b" }, mode: "edge", properties: [] },
    { name: "a name that VPC does not take", news: { name: "a|b" }, mode: "vpc", properties: ["name"] },
    { name: "a name that no cloud takes", news: { name: "für" }, mode: "edge", properties: ["name"] },
    { name: "an empty name", news: { name: "" }, mode: "edge", properties: ["name"] },
    { name: "a VPC in EDGE", news: { vpcId: "vpc-1" }, mode: "edge", properties: ["vpcId"] },
    {
      name: "the same opened twice",
      news: { ingress: [rule(80, "10.0.0.0/8"), rule(80, "10.0.0.0/8")] },
      mode: "vpc",
      properties: ["ingress[1]"],
    },
  ])("$name", ({ news, mode, properties }) => {
    expect(groupProblems(news, { ...facts, mode }).map(({ property }) => property)).toEqual(properties);
  });
});
