import { describe, expect, test } from "@jest/globals";
import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { diffInputs } from "../rules/diffInputs.ts";
import { secondsIn } from "../scaling/groupInputs.ts";
import { createRequest, deleteRequest, diffRequest, readRequest, updateRequest } from "../testing/facts.ts";
import { refusal } from "../testing/fakeBalancers.ts";
import { fakeScaling, killedAt } from "../testing/fakeScaling.ts";
import { scalingGroup } from "./scalingGroup.ts";

const facts = { urn: "urn:pulumi:s::p::t::n", name: "n", randomSeed: new Uint8Array(4) };
const complete = (news: Inputs): Inputs => scalingGroup.complete?.(news, facts) ?? {};
const NAME = { key: "Name", value: "web", propagateAtLaunch: true };
const inputs = complete({
  ...{
    launchConfiguration: "lc",
    availabilityZones: ["one"],
    minSize: 2,
    maxSize: 2,
    desiredCapacity: 2,
    tags: [NAME],
  },
});
const balanced: Inputs = {
  ...inputs,
  loadBalancers: ["web"],
  suspendedProcesses: ["AddToLoadBalancer"],
  healthCheckType: "ELB",
};

function scalingWith(overrides: object = {}) {
  const fake = fakeScaling(overrides);
  fake.balancers.set("web", {
    live: {
      ...{ name: "web", dnsName: "web.lb", hostedZoneId: "", listeners: [], zones: ["one"], subnetIds: [], vpcId: "" },
      ...{ instanceIds: [], healthCheck: undefined, sourceGroup: "", securityGroupIds: [], scheme: "internet-facing" },
    },
    attributes: { idleTimeout: 20, isCrossZone: true },
    tags: {},
  });
  return fake;
}
type Fake = ReturnType<typeof scalingWith>;
const create = ({ cloud }: Fake, news = inputs) => scalingGroup.create(cloud, createRequest(news));
const members = ({ groups }: Fake, name: string) =>
  groups.get(name)?.live.members.map(({ instanceId }) => instanceId) ?? [];
const tagsOf = ({ groups }: Fake, name: string) =>
  Object.fromEntries(groups.get(name)?.live.tags.map(({ key, value }) => [key, value]) ?? []);

describe("a group", () => {
  test("is made without members, suspended, raised, waited for, and tagged complete as the last act", async () => {
    const fake = scalingWith();
    const { id, state } = await create(fake, balanced);
    const writes = fake.calls.filter(([name]) => !/^(describe|find)/.test(name));
    expect(writes).toMatchObject([
      ["createGroup", { name: id, minSize: 0, maxSize: 0, desiredCapacity: 0, loadBalancerNames: ["web"] }],
      ["deleteGroupTags", id, []],
      ["setGroupTags", id, []],
      ["suspendProcesses", id, ["AddToLoadBalancer"]],
      ["resumeProcesses", id, []],
      ["updateGroup", id, { minSize: 2, maxSize: 2, desiredCapacity: 2 }],
      ["setGroupTags", id, [{ key: COMPLETE_TAG }]],
    ]);
    expect(members(fake, id)).toHaveLength(2);
    expect(fake.balancers.get("web")?.live.instanceIds).toEqual([]);
    expect(id).toMatch(/^n-[0-9a-f]{8}$/);
    expect(state).toMatchObject({ ...balanced, name: id, arn: `arn:${id}`, tags: [NAME] });
    expect(JSON.stringify(state)).not.toContain("i-0");
  });

  test("is read back as it was written, also when a server was healed and an attachment has resumed its processes", async () => {
    const fake = scalingWith();
    const { id, state } = await create(fake, balanced);
    await fake.cloud.autoScaling.resumeProcesses(id, ["AddToLoadBalancer"]);
    await fake.cloud.autoScaling.suspendProcesses(id, ["HealthCheck"]);
    const [first = ""] = members(fake, id);
    await fake.cloud.autoScaling.resumeProcesses(id, ["HealthCheck"]);
    fake.kill(first);
    for (let turn = 0; turn < 4; turn++) fake.tick();
    expect(members(fake, id)).not.toContain(first);
    const found = await scalingGroup.read(fake.nextRun(), readRequest(id, { inputs: balanced, state }));
    expect(found).toEqual({ id, inputs: balanced, state });
  });

  test("imported, is no difference to the program that one would write", async () => {
    const fake = scalingWith();
    const { id } = await create(fake, balanced);
    const found = await scalingGroup.read(fake.nextRun(), readRequest(id));
    const { desiredCapacity: _desired, suspendedProcesses: _processes, ...plain } = balanced;
    for (const news of [balanced, plain]) {
      expect(diffInputs(scalingGroup, found?.inputs ?? {}, news, "edge", found?.state).detailed).toEqual({});
    }
  });

  test("that is gone is gone", async () => {
    expect(await scalingGroup.read(scalingWith().cloud, readRequest("n", { inputs }))).toBeUndefined();
  });

  test("has a name in the preview only where the program gives one", async () => {
    const { cloud } = scalingWith();
    expect(await scalingGroup.preview(inputs, cloud)).toMatchObject({
      name: UNKNOWN,
      arn: UNKNOWN,
      desiredCapacity: 2,
    });
    expect(await scalingGroup.preview({ ...inputs, name: "web" }, cloud)).toMatchObject({ name: "web" });
  });
});

describe("after a kill", () => {
  test("at any call of the create, the next one takes over what is there: one group, whole, with its members", async () => {
    const whole = scalingWith();
    await create(whole, balanced);
    for (let at = 0; at < whole.calls.length; at++) {
      const fake = scalingWith();
      await expect(scalingGroup.create(killedAt(fake, at), createRequest(balanced))).rejects.toThrow();
      const { id } = await scalingGroup.create(fake.nextRun(), createRequest(balanced));
      expect([...fake.groups.keys()]).toEqual([id]);
      expect(fake.living.size).toBe(2);
      expect(fake.groups.get(id)?.live.suspendedProcesses).toEqual(["AddToLoadBalancer"]);
      expect(tagsOf(fake, id)).toMatchObject({ [COMPLETE_TAG]: "true", [STACK_TAG]: "p/s" });
    }
  });

  test("a group of a generation that nobody deploys any more is ended by the next Diff and update", async () => {
    const fake = scalingWith();
    const { id, state } = await create(fake);
    const other = createRequest({ ...inputs, launchConfiguration: "lc-2" });
    await expect(scalingGroup.create(killedAt(fake, 6), other)).rejects.toThrow();
    expect(fake.groups.size).toBe(2);

    const cloud = fake.nextRun();
    cloud.run.noteInState(id);
    const same = { id, olds: state, oldInputs: inputs, news: inputs };
    const plain = { changes: false, replaces: [], detailed: {}, deleteBeforeReplace: false, stables: [] };
    expect(await scalingGroup.diffInCloud?.(cloud, diffRequest(same), plain)).toMatchObject({
      changes: true,
      replaces: [],
    });
    await scalingGroup.update(cloud, updateRequest(same));
    expect([...fake.groups.keys()]).toEqual([id]);
    expect(await scalingGroup.diffInCloud?.(cloud, diffRequest(same), plain)).toBe(plain);
  });

  test("another stack's half-made group stays, and so does one that this run is just making", async () => {
    const fake = scalingWith();
    const { id } = await create(fake);
    const theirs = { ...createRequest({ ...inputs, launchConfiguration: "lc-2" }), urn: "urn:pulumi:other::p::t::n" };
    await expect(scalingGroup.create(killedAt(fake, 6), theirs)).rejects.toThrow();
    const cloud = fake.nextRun();
    cloud.run.noteInState(id);
    await scalingGroup.update(cloud, updateRequest({ id, oldInputs: inputs, news: inputs }));
    expect(fake.groups.size).toBe(2);
    await Promise.all(
      ["a", "b"].map((name) =>
        scalingGroup.create(cloud, { ...createRequest(inputs), urn: `urn:pulumi:s::p::t::${name}` }),
      ),
    );
    expect(fake.groups.size).toBe(4);
  });
});

describe("a difference that no input shows", () => {
  const plain = { changes: false, replaces: [], detailed: {}, deleteBeforeReplace: false, stables: [] };
  const found = async (change: (fake: Fake, id: string) => unknown) => {
    const fake = scalingWith();
    const { id, state } = await create(fake);
    await change(fake, id);
    return scalingGroup.diffInCloud?.(
      fake.nextRun(),
      diffRequest({ id, olds: state, oldInputs: inputs, news: inputs }),
      plain,
    );
  };

  test("a group that a broken delete has left without members gets them again", async () => {
    const sizes = { minSize: 0, maxSize: 0, desiredCapacity: 0 };
    const emptied = ({ cloud, groups }: Fake, id: string) =>
      cloud.autoScaling.updateGroup(id, { ...(groups.get(id)?.live as AutoScalingGroup), ...sizes });
    expect(await found(emptied)).toMatchObject({
      changes: true,
      replaces: [],
      detailed: { desiredCapacity: "update" },
    });
  });

  test("one that is gone is made again", async () => {
    expect(await found(({ groups }, id) => groups.delete(id))).toMatchObject({ changes: true, replaces: ["arn"] });
  });

  test("a forced replacement that was killed before the engine's write is undone", async () => {
    const fake = scalingWith();
    const { id, state } = await create(fake);
    const killed = fake.nextRun();
    killed.run.noteInState(id);
    await scalingGroup.create(killed, createRequest(inputs));
    const cloud = fake.nextRun();
    cloud.run.noteInState(id);
    const same = { id, olds: state, oldInputs: inputs, news: inputs };
    expect(await scalingGroup.diffInCloud?.(cloud, diffRequest(same), plain)).toMatchObject({
      changes: true,
      replaces: [],
    });
    await scalingGroup.update(cloud, updateRequest(same));
    expect([...fake.groups.keys()]).toEqual([id]);
  });
});

describe("a name that is taken", () => {
  test("by the group of our state: the next one, which replaces it", async () => {
    const fake = scalingWith();
    const { id } = await create(fake);
    const cloud = fake.nextRun();
    cloud.run.noteInState(id);
    expect(await scalingGroup.create(cloud, createRequest(inputs))).toMatchObject({ id: `${id}-2` });
    expect(fake.living.size).toBe(4);
  });

  test("by one of ours that no state has, as after a kill right before the engine's write: taken over", async () => {
    const fake = scalingWith();
    const { id } = await create(fake);
    expect(await scalingGroup.create(fake.nextRun(), createRequest(inputs))).toMatchObject({ id });
    expect(fake.living.size).toBe(2);
  });

  test.each([
    { name: "ours", stack: "p/s", loadBalancers: ["web"], isOurs: true },
    { name: "ours with other balancers, which cannot change", stack: "p/s", loadBalancers: [], isOurs: false },
    { name: "another stack's", stack: "p/other", loadBalancers: ["web"], isOurs: false },
  ])("that the program chose, $name: taken over: $isOurs", async ({ stack, loadBalancers, isOurs }) => {
    const fake = scalingWith();
    const [, , ...path] = ["urn", "pulumi", ...stack.split("/").toReversed()];
    const urn = `urn:pulumi:${path[0]}::${path[1]}::t::n`;
    const news = { ...balanced, name: "fixed" };
    await scalingGroup.create(fake.cloud, { ...createRequest({ ...news, loadBalancers }), urn });
    const again = scalingGroup.create(fake.nextRun(), createRequest(news));
    if (isOurs) expect(await again).toMatchObject({ id: "fixed" });
    else await expect(again).rejects.toMatchObject({ code: "SCALING_GROUP_EXISTS" });
  });

  test("of a group that an attachment uses, taken over under another logical name: its processes stay", async () => {
    const fake = scalingWith();
    const news = { ...balanced, name: "fixed" };
    await create(fake, news);
    await fake.cloud.autoScaling.resumeProcesses("fixed", ["AddToLoadBalancer"]);
    await scalingGroup.create(fake.nextRun(), { ...createRequest(news), urn: "urn:pulumi:s::p::t::renamed" });
    expect(fake.groups.get("fixed")?.live.suspendedProcesses).toEqual([]);
  });
});

describe("the wait for members", () => {
  test("says how many there are", async () => {
    const fake = scalingWith();
    await create(fake);
    expect(fake.said.some((text) => /0 of 2 members of n-\w+ are in service/.test(text))).toBe(true);
  });

  test("ends at a launch that fails for the configuration's sake, with the cloud's words; the group is kept", async () => {
    const fake = scalingWith();
    fake.failLaunches("User data may not exceed 16 KB");
    const made = create(fake);
    await expect(made).rejects.toBeInstanceOf(InitializationError);
    await expect(made).rejects.toMatchObject({ reasons: [expect.stringContaining("may not exceed 16 KB")] });
    const [id = ""] = fake.groups.keys();
    expect(tagsOf(fake, id)).toHaveProperty([COMPLETE_TAG]);
  });

  test("goes on while there is no room, says so, and comes to its end when there is", async () => {
    const fake = scalingWith();
    fake.failLaunches("Not enough resources (0 in one < 1): vm instances.");
    const { cloud } = fake;
    let sleeps = 0;
    const sleep = (ms: number) => {
      sleeps += 1;
      if (sleeps === 5) fake.failLaunches(undefined);
      return cloud.sleep(ms);
    };
    await scalingGroup.create({ ...cloud, sleep }, createRequest(inputs));
    expect(fake.said.some((text) => text.includes("Not enough resources"))).toBe(true);
  });

  test("is left out for a capacity timeout of 0", async () => {
    const fake = scalingWith();
    const { id } = await create(fake, { ...inputs, waitForCapacityTimeout: "0" });
    expect(members(fake, id)).toEqual([]);
  });

  test("lasts until the balancer has as many as are asked for", async () => {
    const fake = scalingWith();
    await create(fake, { ...balanced, suspendedProcesses: [], minElbCapacity: 2, healthCheckType: "EC2" });
    expect(await fake.cloud.elb.describeInstanceHealth("web")).toMatchObject([
      { state: "InService" },
      { state: "InService" },
    ]);
  });

  test.each([
    ["10m", 600],
    ["1h30m", 5400],
    ["0", 0],
    ["90s", 90],
    ["10", undefined],
    ["ten", undefined],
  ])("understands %s", (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds);
  });
});

/** With the group attached: its members are registered, and later ones will be. */
async function attached(news: Inputs = balanced) {
  const fake = scalingWith();
  const { id, state } = await create(fake, news);
  fake.tick();
  await fake.cloud.elb.registerInstances("web", members(fake, id));
  fake.tick();
  await fake.cloud.autoScaling.resumeProcesses(id, ["AddToLoadBalancer"]);
  fake.calls.splice(0);
  return { fake, id, state };
}

describe("an update", () => {
  test("of nothing writes nothing", async () => {
    const { fake, id } = await attached();
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: balanced, news: balanced }));
    const writes = fake.calls.filter(([name, , what]) => !/^(describe|find)/.test(name) && String(what) !== "");
    expect(writes).toEqual([]);
  });

  test("up: three sizes in one call, and the new member comes to the balancer by itself", async () => {
    const { fake, id } = await attached();
    const news = { ...balanced, minSize: 3, maxSize: 3, desiredCapacity: 3 };
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: balanced, news }));
    for (let turn = 0; turn < 3; turn++) fake.tick();
    expect(fake.balancers.get("web")?.live.instanceIds).toHaveLength(3);
  });

  test("down: readers leave before the server is ended, and it is one that does not serve", async () => {
    const three = { ...balanced, minSize: 3, maxSize: 3, desiredCapacity: 3 };
    const { fake, id } = await attached(three);
    const [first = "", , third = ""] = members(fake, id);
    await fake.cloud.elb.deregisterInstances("web", [third]);
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: three, news: balanced }));
    expect(members(fake, id)).toHaveLength(2);
    expect(members(fake, id)).toContain(first);
    expect(members(fake, id)).not.toContain(third);
    expect(fake.cutOff).toEqual([]);
    expect(fake.groups.get(id)?.live).toMatchObject({ minSize: 2, maxSize: 2, desiredCapacity: 2 });
    expect(fake.said.some((text) => text.includes("readers' last requests"))).toBe(true);
  });

  test("down: a server that the cloud puts in after we have taken it out is drained once more", async () => {
    const three = { ...balanced, minSize: 3, maxSize: 3, desiredCapacity: 3 };
    const { fake, id } = await attached(balanced);
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: balanced, news: three }));
    expect(fake.balancers.get("web")?.live.instanceIds).toHaveLength(2); // the third is in service, and not registered yet
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: three, news: balanced }));
    expect(members(fake, id)).toHaveLength(2);
    expect(fake.cutOff).toEqual([]);
  });

  test("down, killed at any call, comes to the same end: nobody is cut off, and no other server goes", async () => {
    const three = { ...balanced, minSize: 3, maxSize: 3, desiredCapacity: 3 };
    const lower = (id: string) => updateRequest({ id, oldInputs: three, news: balanced });
    const whole = await attached(three);
    await scalingGroup.update(whole.fake.cloud, lower(whole.id));
    for (let at = 0; at < whole.fake.calls.length; at++) {
      const { fake, id } = await attached(three);
      const before = members(fake, id);
      await expect(scalingGroup.update(killedAt(fake, at), lower(id))).rejects.toThrow();
      const cloud = fake.nextRun();
      cloud.run.noteInState(id);
      await scalingGroup.update(cloud, lower(id));
      const now = members(fake, id);
      expect(now).toHaveLength(2);
      expect(before).toEqual(expect.arrayContaining(now));
      expect(fake.cutOff).toEqual([]);
    }
  });

  test("leaves what the attachment suspends alone, and suspends and resumes the rest", async () => {
    const { fake, id } = await attached();
    await fake.cloud.autoScaling.suspendProcesses(id, ["HealthCheck", "AZRebalance"]);
    const news = { ...balanced, suspendedProcesses: ["AddToLoadBalancer", "Launch"] };
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: balanced, news }));
    expect(fake.groups.get(id)?.live.suspendedProcesses).toEqual(["HealthCheck", "Launch"]);
  });

  test("takes away the tags that the program had, and no others", async () => {
    const { fake, id } = await attached();
    const foreign = { key: "foreign", value: "x", propagateAtLaunch: false };
    await fake.cloud.autoScaling.setGroupTags(id, [foreign]);
    const news = { ...balanced, tags: [{ ...NAME, key: "Other" }] };
    await scalingGroup.update(fake.cloud, updateRequest({ id, oldInputs: balanced, news }));
    expect(tagsOf(fake, id)).toEqual({ Other: "web", foreign: "x", [COMPLETE_TAG]: "true", [STACK_TAG]: "p/s" });
  });
});

describe("a delete", () => {
  test("ends the members, waits until they are terminated, and then the group", async () => {
    const fake = scalingWith();
    const { id } = await create(fake);
    await scalingGroup.delete(fake.nextRun(), deleteRequest(id));
    expect([fake.groups.size, fake.living.size]).toEqual([0, 0]);
    expect(fake.said.some((text) => text.includes("on their way out"))).toBe(true);
  });

  test("of a group that still serves lets readers leave, where others serve", async () => {
    const { fake, id } = await attached();
    await fake.cloud.elb.registerInstances("web", ["i-900"]);
    fake.living.add("i-900");
    fake.tick();
    const cloud = fake.nextRun();
    cloud.run.register("urn:pulumi:s::p::t::web");
    cloud.run.confirm("load balancer web", "urn:pulumi:s::p::t::web");
    await scalingGroup.delete(cloud, deleteRequest(id));
    expect(fake.cutOff).toEqual([]);
    expect(fake.groups.size).toBe(0);
  });

  test("of the last that serve is refused as long as the program keeps the balancer; a destroy is not", async () => {
    const { fake, id } = await attached();
    const cloud = fake.nextRun();
    cloud.run.register("urn:pulumi:s::p::t::web");
    cloud.run.confirm("load balancer web", "urn:pulumi:s::p::t::web");
    await expect(scalingGroup.delete(cloud, deleteRequest(id))).rejects.toMatchObject({ code: "LAST_SERVERS" });
    expect(fake.balancers.get("web")?.live.instanceIds).toHaveLength(2);
    await scalingGroup.delete(fake.nextRun(), deleteRequest(id));
    expect(fake.groups.size).toBe(0);
  });

  test("of a group whose members do not go makes the cloud forget it, after five minutes or by forceDelete", async () => {
    for (const forceDelete of [false, true]) {
      const fake = scalingWith();
      const { id } = await create(fake);
      const group = fake.groups.get(id);
      const updateGroup = () => undefined; // a member in transition blocks it
      const { cloud } = fake;
      const stuck = {
        ...cloud,
        autoScaling: { ...proxied(cloud.autoScaling), updateGroup } as unknown as typeof cloud.autoScaling,
      };
      await scalingGroup.delete(stuck, { ...deleteRequest(id, {}, { forceDelete }), timeoutSeconds: 0 });
      expect(group && fake.groups.size).toBe(0);
    }
  });

  test("of one that is gone waits for its members all the same", async () => {
    const fake = scalingWith();
    fake.living.add("i-1");
    fake.groupOf.set("i-1", "gone");
    const { cloud } = fake;
    const sleep = (ms: number) => {
      fake.living.clear();
      return cloud.sleep(ms);
    };
    await scalingGroup.delete({ ...cloud, sleep }, deleteRequest("gone"));
    expect(fake.said).toEqual(["i-1 is running"]);
  });
});

describe("what the checks say", () => {
  const refusals = (news: Inputs, mode: "edge" | "vpc" = "vpc") =>
    (scalingGroup.problems?.({ ...inputs, ...news }, { ...facts, mode }) ?? []).map(({ property }) => property);

  test.each<{ name: string; news: Inputs; mode?: "edge" | "vpc"; found: string[] }>([
    { name: "all right", news: {}, found: [] },
    { name: "no place", news: { availabilityZones: [] }, found: [""] },
    { name: "both places", news: { vpcZoneIdentifiers: ["subnet-1"] }, found: [""] },
    {
      name: "subnets in EDGE",
      news: { availabilityZones: [], vpcZoneIdentifiers: ["s"] },
      mode: "edge",
      found: ["vpcZoneIdentifiers"],
    },
    { name: "sizes that cross", news: { minSize: 3, desiredCapacity: 3 }, found: ["maxSize", "desiredCapacity"] },
    { name: "too many wanted", news: { desiredCapacity: 3 }, found: ["desiredCapacity"] },
    { name: "a wait for no balancer", news: { minElbCapacity: 1 }, found: ["minElbCapacity"] },
    {
      name: "what an attachment resumes",
      news: { loadBalancers: ["web"], suspendedProcesses: ["HealthCheck"] },
      found: ["suspendedProcesses"],
    },
    { name: "both names", news: { name: "a", namePrefix: "b" }, found: ["namePrefix"] },
  ])("$name", ({ news, mode, found }) => {
    expect(refusals(news, mode)).toEqual(found);
  });

  test.each<{ property: string; value: unknown }>([
    { property: "tags", value: [{ ...NAME, propagateAtLaunch: "yes" }] },
    { property: "tags", value: [NAME, NAME] },
    { property: "tags", value: [{ ...NAME, key: "aws:x" }] },
    { property: "tags", value: [{ ...NAME, key: STACK_TAG }] },
    { property: "suspendedProcesses", value: ["Lunch"] },
    { property: "terminationPolicies", value: ["Newest"] },
    { property: "healthCheckType", value: "elb" },
    { property: "minSize", value: -1 },
    { property: "name", value: "a:b" },
  ])("refuses $value as $property", ({ property, value }) => {
    const rule = scalingGroup.inputs[property];
    expect(rule && rule.kind !== "refused" && rule.problem?.(value as never)).toEqual(expect.any(String));
  });
});

/** Its calls as own properties, so that one can be put in place of another. */
function proxied<Api extends object>(api: Api): Partial<Api> {
  const names = ["findGroup", "describeGroups", "deleteGroup", "describeActivities"] as (keyof Api)[];
  return Object.fromEntries(names.map((name) => [name, api[name]])) as Partial<Api>;
}

test("a create whose first call is refused leaves nothing", async () => {
  const createGroup = () => {
    throw refusal("ValidationError", "Launch configuration not found: lc");
  };
  const fake = scalingWith({ autoScaling: { createGroup } });
  await expect(create(fake)).rejects.toMatchObject({ code: "ValidationError" });
  expect(fake.groups.size).toBe(0);
});
