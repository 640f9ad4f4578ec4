import { describe, expect, test } from "@jest/globals";
import {
  balancerName,
  groupDescription,
  isKeyPairOf,
  isServerOf,
  keyPairName,
  releaseOfTags,
  serverTags,
} from "./marks.ts";

describe("the marks of a planet, as they stand in clouds (proves their spelling; not that a cloud keeps them)", () => {
  test("a server has the stack's name and its release", () => {
    const tags = serverTags("prod", "7cf675d4");
    expect(tags).toEqual({ Name: "planet-prod", "planet:release": "7cf675d4" });
    expect(releaseOfTags(tags)).toBe("7cf675d4");
    expect(isServerOf("prod", { ...tags, "pulumi:complete": "true" })).toBe(true);
  });

  test.each([
    ["of another stack", serverTags("test", "7cf675d4")],
    ["with the name alone", { Name: "planet-prod" }],
    ["without tags", {}],
  ])("a server %s is not the stack's", (_, tags) => {
    expect(isServerOf("prod", tags)).toBe(false);
  });

  test("tags without a release have none", () => {
    expect(releaseOfTags({ Name: "planet-prod" })).toBeUndefined();
  });

  test("a group is described by its stack", () => {
    expect(groupDescription("prod")).toBe("Planet of stack prod");
  });

  test.each([
    ["prod", "planet-prod"],
    ["my_stack.2", /^planet-my-stack-2-[0-9a-f]{4}$/],
    ["a".repeat(40), /^planet-a{20}-[0-9a-f]{4}$/],
    [`${"a".repeat(19)}-${"b".repeat(9)}`, /^planet-a{19}-[0-9a-f]{4}$/],
    ["ends-with-", /^planet-ends-with-[0-9a-f]{4}$/],
  ])("the balancer of stack %s has a name that a balancer may have", (stack, name) => {
    expect(balancerName(stack)).toEqual(expect.stringMatching(name));
    expect(balancerName(stack).length).toBeLessThanOrEqual(32);
  });

  test("stacks whose names differ have balancers whose names do", () => {
    expect(new Set(["a_b", "a-b", "a.b", "A-b"].map((stack) => balancerName(stack).toLowerCase())).size).toBe(4);
  });

  test("a key pair's name has eight digits of its public key, and is the stack's alone", () => {
    const name = keyPairName("prod", "ssh-ed25519 AAAA");
    expect(name).toMatch(/^planet-prod-[0-9a-f]{8}$/);
    expect(isKeyPairOf("prod", name)).toBe(true);
    expect(isKeyPairOf("pro", name)).toBe(false);
    expect(isKeyPairOf("prod", "planet-prod-1")).toBe(false);
    expect(keyPairName("prod", "ssh-ed25519 BBBB")).not.toBe(name);
  });
});
