import { describe, expect, test } from "@jest/globals";
import type { Permission } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { BRIDGE_TEXT, bridgeOver } from "../rules/bridge.ts";
import { diffInputs } from "../rules/diffInputs.ts";
import { idOf, parseId } from "../rules/ruleId.ts";
import { createRequest, deleteRequest, diffRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { fakeGroup } from "../testing/fakeGroup.ts";
import { securityGroupRule } from "./securityGroupRule.ts";

const rule = (...cidrBlocks: string[]) => ({
  type: "ingress",
  securityGroupId: "sg-1",
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrBlocks,
});
const permission = (cidr: string): Permission => ({
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrs: [{ cidr }],
  groups: [],
});

const [LAN, ONE, TWO] = ["10.0.0.0/8", "192.0.2.1/32", "192.0.2.2/32"] as const;
const urn = (name: string) => `urn:pulumi:s::p::t::${name}`;

/** A group with these sources, and one run on it. */
function runOn(...cidrs: string[]) {
  const group = fakeGroup(cidrs.map(permission));
  const { cloud, calls } = fakeCloud({ ec2: group.ec2 });
  const open = () => [...group.open()].map((source) => source.replace("tcp 22-22 ", "")).toSorted();
  const create = (name: string, inputs: Inputs) =>
    securityGroupRule.create(cloud, { ...createRequest(inputs), urn: urn(name) });
  const remove = (name: string, inputs: Inputs) =>
    securityGroupRule.delete(cloud, { ...deleteRequest(idOf(inputs), {}, inputs), urn: urn(name) });
  const diff = (name: string, oldInputs: Inputs, news: Inputs) => {
    const found = diffInputs(securityGroupRule, oldInputs, news, "vpc");
    const request = { ...diffRequest({ id: idOf(oldInputs), oldInputs, news }), urn: urn(name) };
    return securityGroupRule.diffInCloud?.(cloud, request, found);
  };
  const check = (name: string, news: Inputs) => securityGroupRule.problemsInCloud?.(news, undefined, cloud, urn(name));
  return { cloud, calls, open, create, remove, diff, check };
}

describe("a rule of its own", () => {
  test("a replacement opens first; its delete leaves what the new one holds", async () => {
    const run = runOn(LAN, ONE);
    await run.create("a", rule(LAN, TWO));
    expect(run.open()).toEqual([LAN, ONE, TWO]);
    await run.remove("a", rule(LAN, ONE));
    expect(run.open()).toEqual([LAN, TWO]);
  });

  test.each(["first", "last"])(
    "a source that moves to another rule stays open, that one being the %s",
    async (order) => {
      const run = runOn(LAN, ONE);
      const changes = [() => run.create("a", rule(LAN)), () => run.create("b", rule(ONE))];
      for (const change of order === "first" ? changes.toReversed() : changes) {
        await change();
        expect(run.open()).toEqual([LAN, ONE]);
      }
      await run.remove("a", rule(LAN, ONE));
      expect(run.open()).toEqual([LAN, ONE]);
    },
  );

  test("what an older entry of the state names, too, stays open for the rule that the program still has", async () => {
    const run = runOn(LAN);
    await run.diff("a", rule(LAN), rule(LAN));
    await run.remove("a", rule(LAN));
    expect(run.open()).toEqual([LAN]);
  });

  test("the end of a rule closes its sources, and leaves others in one rule with them open", async () => {
    const group = fakeGroup([{ ...permission(LAN), cidrs: [{ cidr: LAN }, { cidr: ONE }, { cidr: TWO }] }]);
    const { cloud } = fakeCloud({ ec2: group.ec2 });
    const ends = [ONE, TWO].map((cidr) => securityGroupRule.delete(cloud, deleteRequest("x", {}, rule(cidr))));
    await Promise.all(ends);
    expect([...group.open()]).toEqual([`tcp 22-22 ${LAN}`]);
  });

  test("the same opened by two rules is refused, whatever its spelling", async () => {
    const run = runOn();
    expect(await run.check("a", rule("10.1.2.3/8"))).toEqual([]);
    expect(await run.check("a", rule("10.1.2.3/8", ONE))).toEqual([]);
    const reason = expect.stringContaining('the rule "a"');
    expect(await run.check("b", { ...rule(TWO, LAN), protocol: "6" })).toEqual([{ property: "", reason }]);
    expect(await run.check("c", { ...rule(LAN), type: "egress" })).toEqual([]);
  });

  test("a create of which something is open is kept in the state, one of which nothing is open is not", async () => {
    const failing = (cidrs: string[]) => {
      const { ec2 } = fakeGroup(cidrs.map(permission));
      return fakeCloud({ ec2: { ...ec2, authorize: () => false } }).cloud;
    };
    const create = (cloud: CloudContext) => securityGroupRule.create(cloud, createRequest(rule(LAN, ONE)));
    await expect(create(failing([]))).rejects.toMatchObject({ code: "RULES_CHANGED_MEANWHILE" });
    await expect(create(failing([ONE]))).rejects.toMatchObject({
      name: "InitializationError",
      id: idOf(rule(LAN, ONE)),
    });
  });

  test("a refresh sees which sources are left, and what a crash in a change of the text left", async () => {
    const read = async (...permissions: Permission[]) => {
      const { cloud } = fakeCloud({ ec2: fakeGroup(permissions).ec2 });
      const found = await securityGroupRule.read(cloud, { ...createRequest({}), id: "x", inputs: rule(LAN, ONE) });
      return found?.inputs;
    };
    expect(await read(permission(LAN))).toEqual(rule(LAN));
    expect(await read()).toBeUndefined();
    const bridge = bridgeOver({ protocol: "tcp", fromPort: 22, toPort: 22, source: { cidr: LAN }, description: "x" });
    expect(await read(permission(ONE), ...(bridge ? [bridge] : []))).toEqual({
      ...rule(LAN, ONE),
      description: BRIDGE_TEXT,
    });
  });

  test("an import reads the text, too", async () => {
    const { ec2 } = fakeGroup([{ ...permission(LAN), cidrs: [{ cidr: LAN, description: "ssh" }] }]);
    const request = { urn: urn("a"), type: "t", name: "a", id: idOf(rule(LAN)) };
    const found = await securityGroupRule.read(fakeCloud({ ec2 }).cloud, request);
    expect(found?.inputs).toEqual({ ...rule(LAN), description: "ssh" });
  });

  test.each([
    "sg-1_ingress_tcp_22_22_10.0.0.0/8_192.0.2.1/32",
    "sg-1_egress_-1_0_0_0.0.0.0/0",
    "sg-1_ingress_udp_53_53_self",
    "sg-1_ingress_tcp_80_80_sg-2",
  ])("the id %s is what an import takes", (id) => {
    const parsed = parseId(id);
    expect(parsed && idOf(parsed)).toBe(id);
  });
});
