import { describe, expect, test } from "@jest/globals";
import { createRequest, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { idOf, parseId, securityGroupRule } from "./securityGroupRule.ts";

const rule = (...cidrBlocks: string[]) => ({
  type: "ingress",
  securityGroupId: "sg-1",
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrBlocks,
});
const permission = (cidr: string) => ({
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  cidrs: [{ cidr, description: undefined }],
  groups: [],
});

function groupWith(cidrs: string[], authorized = true) {
  const group = {
    groupId: "sg-1",
    name: "g",
    description: "",
    vpcId: "",
    ownerId: "",
    ingress: cidrs.map(permission),
    egress: [],
    tags: {},
  };
  return fakeCloud({ ec2: { findSecurityGroup: () => group, authorize: () => authorized, revoke: () => undefined } });
}

describe("a rule of its own", () => {
  test("an update opens the new and closes the old, and leaves what is in both", async () => {
    const fake = groupWith(["10.0.0.0/8", "192.0.2.1/32"]);
    await securityGroupRule.update(
      fake.cloud,
      updateRequest({
        id: "x",
        oldInputs: rule("10.0.0.0/8", "192.0.2.1/32"),
        news: rule("10.0.0.0/8", "192.0.2.2/32"),
      }),
    );
    expect(fake.calls.slice(1)).toEqual([
      ["revoke", "ingress", "sg-1", [permission("192.0.2.1/32")]],
      ["authorize", "ingress", "sg-1", [permission("192.0.2.2/32")]],
    ]);
  });

  test("`return` false is no success", async () => {
    const fake = groupWith([], false);
    await expect(securityGroupRule.create(fake.cloud, createRequest(rule("10.0.0.0/8")))).rejects.toMatchObject({
      code: "RULES_CHANGED_MEANWHILE",
    });
  });

  test("a refresh sees which sources are left", async () => {
    const read = (cidrs: string[]) =>
      securityGroupRule.read(groupWith(cidrs).cloud, {
        ...createRequest({}),
        id: "x",
        inputs: rule("10.0.0.0/8", "192.0.2.1/32"),
      });
    expect((await read(["10.0.0.0/8"]))?.inputs).toEqual(rule("10.0.0.0/8"));
    expect(await read([])).toBeUndefined();
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
