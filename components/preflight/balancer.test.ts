import { describe, expect, test } from "@jest/globals";
import type { LoadBalancer } from "@planet/eucalyptus-client";
import { CloudError } from "@planet/eucalyptus-client";
import { type BalancerReader, checkBalancer } from "./balancer.ts";

const facts = { project: "planet", stack: "local" };

/** A cloud with these balancers, by the tag that says whose they are. */
const cloud = (balancers: Readonly<Record<string, string | undefined>>): BalancerReader => ({
  describeLoadBalancers: async () => Object.keys(balancers).map((name) => ({ name }) as LoadBalancer),
  describeTags: async (name) => {
    const owner = balancers[name];
    return owner === undefined ? {} : { "pulumi:stack": owner };
  },
});

describe("the balancer's check before a deploy (proves what it says; the cloud is made up)", () => {
  test.each([
    ["there is none", {}],
    ["there are others", { other: undefined, "planet-locality": "planet/locality" }],
    ["it is the stack's own", { "planet-local": "planet/local" }],
  ])("passes when %s", async (_, balancers) => {
    await expect(checkBalancer(facts, cloud(balancers))).resolves.toBeUndefined();
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["nobody's", { "planet-local": undefined }, "Nothing says who has made it."],
    ["another stack's", { "planet-local": "web/local" }, "The stack web/local has made it."],
    ["of a name that differs in case alone", { "Planet-Local": "planet/local" }, "planet/local"],
  ])("stops when one of the name is %s", async (_, balancers, why) => {
    const expected = { code: "BALANCER_TAKEN", why: expect.stringContaining(why) };
    await expect(checkBalancer(facts, cloud(balancers))).rejects.toMatchObject(expected);
  });

  test("a cloud without the service stops it, with what its administrator does", async () => {
    const reader = cloud({});
    const off = new CloudError({ code: "ServiceNotEnabled", status: 307, action: "x", message: "not enabled" });
    await expect(
      checkBalancer(facts, { ...reader, describeLoadBalancers: () => Promise.reject(off) }),
    ).rejects.toMatchObject({
      code: "NO_BALANCING",
      next: expect.stringContaining("esi-install-image"),
    });
    const broken = new Error("socket hang up");
    await expect(checkBalancer(facts, { ...reader, describeLoadBalancers: () => Promise.reject(broken) })).rejects.toBe(
      broken,
    );
  });
});
