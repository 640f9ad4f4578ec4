import { describe, expect, test } from "@jest/globals";
import type { Permission } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { groupProblems } from "./groupProblems.ts";
import { liveRules } from "./inlineRules.ts";
import { expandRule, expandRules, problemWithRule, ruleKey } from "./securityRules.ts";
import { planRules } from "./syncRules.ts";

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
  return planRules(live, keys, (key) => !keys.has(key));
};

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
      revoke: [],
      authorize: [tcp(22, "192.0.2.0/24"), tcp(80, "192.0.2.0/24")].map((permission) =>
        expect.objectContaining({
          fromPort: permission.fromPort,
          cidrs: [{ cidr: "192.0.2.0/24", description: undefined }],
        }),
      ),
    });
  });

  test("a foreign rule is revoked exactly as described, and what is still wanted of it comes back alone", () => {
    const foreign = tcp(80, "10.0.0.0/8", "192.0.2.0/24");
    const { revoke, authorize } = plan([foreign], [rule(80, "10.0.0.0/8")]);
    expect(revoke).toEqual([foreign]);
    expect(authorize).toMatchObject([{ protocol: "tcp", cidrs: [{ cidr: "10.0.0.0/8" }] }]);
  });

  test("a foreign rule of which all is wanted stays as it is", () => {
    expect(plan([tcp(80, "10.0.0.0/8", "192.0.2.0/24")], [rule(80, "192.0.2.0/24", "10.0.0.0/8")])).toEqual({
      revoke: [],
      authorize: [],
    });
  });

  test("another description makes the rule anew", () => {
    const live: Permission = { ...tcp(80), cidrs: [{ cidr: "10.0.0.0/8", description: "old" }] };
    expect(plan([live], [{ ...rule(80, "10.0.0.0/8"), description: "new" }])).toMatchObject({
      revoke: [live],
      authorize: [{ cidrs: [{ description: "new" }] }],
    });
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
    { name: "a port that is none", written: rule(70_000, "0.0.0.0/0"), text: "0 to 65535" },
    { name: "a protocol that is none", written: { ...rule(80, "0.0.0.0/0"), protocol: "quic" }, text: "none of tcp" },
  ])("$name", ({ written, text }) => {
    if (text === undefined) expect(problemWithRule(written)).toBeUndefined();
    else expect(problemWithRule(written)).toContain(text);
  });

  const facts = { name: "n", randomSeed: new Uint8Array(32) };
  test.each<{ name: string; news: Inputs; mode: "edge" | "vpc"; properties: string[] }>([
    {
      name: "allow-all egress in EDGE is what it does anyway",
      news: { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] },
      mode: "edge",
      properties: [],
    },
    { name: "another egress in EDGE", news: { egress: [rule(80, "0.0.0.0/0")] }, mode: "edge", properties: ["egress"] },
    { name: "no egress at all in EDGE", news: { egress: [] }, mode: "edge", properties: ["egress"] },
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
