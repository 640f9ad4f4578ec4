import { describe, expect, test } from "@jest/globals";
import { CloudError, type Permission } from "@planet/eucalyptus-client";
import fc from "fast-check";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { type FakeGroup, fakeGroup } from "../testing/fakeGroup.ts";
import { planRules } from "./planRules.ts";
import { ruleKey, type SingleRule, splitPermission } from "./securityRules.ts";
import { syncRules } from "./syncRules.ts";

/** The second source of a bridge: a set of it and another one is taken for a bridge, whoever made it. */
const NOBODY = "203.0.113.255/32";
const CIDRS = ["0.0.0.0/0", "10.0.0.0/8", "192.0.2.1/32", NOBODY];
const GROUPS = ["sg-1", "sg-2", "sg-3"];
const text = fc.constantFrom(undefined, "one", "two");
const port = fc.constantFrom(22, 80);

const single: fc.Arbitrary<SingleRule> = fc
  .record({ port, description: text, source: fc.constantFrom(...CIDRS, ...GROUPS) })
  .map(({ port: number, description, source }) => ({
    protocol: "tcp",
    fromPort: number,
    toPort: number,
    source: source.startsWith("sg-") ? { groupId: source } : { cidr: source },
    description,
  }));

const wantedRules = fc
  .array(single, { maxLength: 6 })
  .map((rules) => new Map(rules.map((rule) => [ruleKey(rule), rule])));

/** Also as others made them: with several sources in one rule. */
const livePermission: fc.Arbitrary<Permission> = fc
  .record({
    port,
    description: text,
    cidrs: fc.uniqueArray(fc.constantFrom(...CIDRS), { minLength: 1, maxLength: 3 }),
    groups: fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 2 }),
    isByGroup: fc.boolean(),
  })
  .map(({ port: number, description, cidrs, groups, isByGroup }) => ({
    protocol: "tcp",
    fromPort: number,
    toPort: number,
    cidrs: isByGroup ? [] : cidrs.map((cidr) => ({ cidr, description })),
    groups: isByGroup ? groups.map((groupId) => ({ groupId, description })) : [],
  }));
const liveRules = fc.uniqueArray(livePermission, {
  maxLength: 5,
  selector: (rule) => splitPermission(rule).map(ruleKey).toSorted().join(),
});

interface Story {
  readonly wanted: ReadonlyMap<string, SingleRule>;
  readonly olds: ReadonlyMap<string, SingleRule>;
  readonly isInline: boolean;
}

async function sync({ ec2 }: FakeGroup, { wanted, olds, isInline }: Story): Promise<void> {
  const live = await ec2.findSecurityGroup("sg-1");
  const isSurplus = (key: string) => !wanted.has(key) && (isInline || olds.has(key));
  const plan = planRules(live?.ingress ?? [], { wanted, olds, isSurplus });
  const { cloud } = fakeCloud({ ec2 });
  await syncRules(cloud, { urn: "u", direction: "ingress", groupId: "sg-1", plan });
}

const stories = fc.record({ wanted: wantedRules, olds: wantedRules, isInline: fc.boolean(), live: liveRules });

describe("changing rules, with a crash before any call and another run after it", () => {
  test("what is open before and wanted after is open all the time", () =>
    fc.assert(
      fc.asyncProperty(stories, fc.nat(4), async ({ live, ...story }, calls) => {
        let left = calls;
        let stayed = new Set<string>();
        const group = fakeGroup(live, () => {
          expect([...stayed].filter((source) => !group.open().has(source))).toEqual([]);
          if (left-- === 0) throw new Error("killed");
        });
        stayed = intersection(group.open(), fakeGroup([...story.wanted.values()].map(permission)).open());
        await sync(group, story).catch(() => undefined);
        left = Number.POSITIVE_INFINITY;
        await sync(group, story);
        expect([...stayed].filter((source) => !group.open().has(source))).toEqual([]);
      }),
    ));

  test("in the end all that is wanted is open, nothing that is not, and with the wanted texts", () =>
    fc.assert(
      fc.asyncProperty(stories, fc.nat(4), async ({ live, ...story }, calls) => {
        let left = calls;
        const group = fakeGroup(live, () => {
          if (left-- === 0) throw new Error("killed");
        });
        const foreign = [...group.open()].filter((source) => !story.isInline && !hasSource(story.olds, source));
        await sync(group, story).catch(() => undefined);
        left = Number.POSITIVE_INFINITY;
        await sync(group, story);
        const wanted = fakeGroup([...story.wanted.values()].map(permission)).open();
        const isCounted = (source: string) => wanted.has(source) || !source.endsWith(NOBODY);
        expect([...group.open()].filter(isCounted).toSorted()).toEqual(
          [...new Set([...wanted, ...foreign])].filter(isCounted).toSorted(),
        );
        for (const live of group.group.ingress.flatMap(splitPermission)) {
          const now = story.wanted.get(ruleKey(live));
          if ("groupId" in live.source || live.source.cidr === NOBODY) continue;
          if (now?.description === undefined || live.description === undefined) continue;
          expect(live.description).toBe(now.description);
        }
      }),
    ));
});

describe("calls that fail, or do nothing", () => {
  const web: SingleRule = {
    protocol: "tcp",
    fromPort: 80,
    toPort: 80,
    source: { cidr: "0.0.0.0/0" },
    description: "http",
  };
  const ssh: SingleRule = { ...web, fromPort: 22, toPort: 22 };
  const story = (...rules: SingleRule[]): Story => ({
    wanted: new Map(rules.map((rule) => [ruleKey(rule), rule])),
    olds: new Map(),
    isInline: true,
  });
  const broken = () => new CloudError({ action: "x", code: "InternalFailure", status: 500, message: "broken" });

  test("a call that acted and answered 500 is done", async () => {
    const group = fakeGroup([]);
    const { authorize } = group.ec2;
    const ec2 = {
      ...group.ec2,
      authorize: async (...args: Parameters<typeof authorize>) => {
        await authorize(...args);
        throw broken();
      },
    };
    await sync({ ...group, ec2 }, story(web));
    expect(group.open()).toEqual(new Set(["tcp 80-80 0.0.0.0/0"]));
  });

  test("one that did not act is not", async () => {
    const group = fakeGroup([]);
    const ec2 = { ...group.ec2, authorize: () => Promise.reject(broken()) };
    await expect(sync({ ...group, ec2 }, story(web))).rejects.toMatchObject({ code: "InternalFailure" });
  });

  test("a rule that somebody else adds at the same time does not keep ours out", async () => {
    let isFirst = true;
    const group = fakeGroup([], () => {
      if (isFirst) group.group.ingress.push(permission(web));
      isFirst = false;
    });
    await sync(group, story(web, ssh));
    expect(group.open()).toEqual(new Set(["tcp 80-80 0.0.0.0/0", "tcp 22-22 0.0.0.0/0"]));
  });

  test("a refusal to open closes nothing", async () => {
    const group = fakeGroup([permission({ ...web, description: "old" })]);
    const refusal = new CloudError({
      action: "x",
      code: "RulesPerSecurityGroupLimitExceeded",
      status: 400,
      message: "",
    });
    const ec2 = { ...group.ec2, authorize: () => Promise.reject(refusal) };
    await expect(sync({ ...group, ec2 }, story(web, ssh))).rejects.toBe(refusal);
    expect(group.open()).toEqual(new Set(["tcp 80-80 0.0.0.0/0"]));
  });
});

function permission({ source, description, ...rest }: SingleRule): Permission {
  return {
    ...rest,
    cidrs: "cidr" in source ? [{ cidr: source.cidr, description }] : [],
    groups: "groupId" in source ? [{ groupId: source.groupId, description }] : [],
  };
}

function hasSource(rules: ReadonlyMap<string, SingleRule>, source: string): boolean {
  return fakeGroup([...rules.values()].map(permission))
    .open()
    .has(source);
}

function intersection(one: Set<string>, other: Set<string>): Set<string> {
  return new Set([...one].filter((member) => other.has(member)));
}
