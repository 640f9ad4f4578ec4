import { describe, expect, test } from "@jest/globals";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { createRequest, deleteRequest, diffRequest, readRequest, updateRequest } from "../testing/facts.ts";
import { type FakeScaling, fakeScaling, killedAt } from "../testing/fakeScaling.ts";
import { loadBalancer } from "./loadBalancer.ts";
import { scalingAttachment } from "./scalingAttachment.ts";
import { scalingGroup } from "./scalingGroup.ts";

const urnOf = (name: string) => `urn:pulumi:s::p::t::${name}`;
const HTTP = { instancePort: 80, instanceProtocol: "HTTP", lbPort: 80, lbProtocol: "HTTP" };
const WEB: Inputs = {
  name: "web",
  availabilityZones: ["one"],
  listeners: [HTTP],
  idleTimeout: 20,
  crossZoneLoadBalancing: true,
};

/** A group of two behind a balancer, judged at once: the trap is open. */
const groupInputs = (name: string, changes: Inputs = {}): Inputs => ({
  ...{ name, launchConfiguration: "lc", availabilityZones: ["one"], loadBalancers: ["web"] },
  ...{ minSize: 2, maxSize: 2, desiredCapacity: 2, healthCheckType: "ELB", healthCheckGracePeriod: 0 },
  ...{ suspendedProcesses: ["AddToLoadBalancer"], waitForCapacityTimeout: "10m" },
  ...changes,
});

const withGroups = (...names: string[]) => withGroupsOf({}, ...names);

async function withGroupsOf(changes: Inputs, ...names: string[]): Promise<FakeScaling> {
  const fake = fakeScaling();
  await loadBalancer.create(fake.cloud, { ...createRequest(WEB), urn: urnOf("web") });
  for (const name of names) {
    await scalingGroup.create(fake.cloud, { ...createRequest(groupInputs(name, changes)), urn: urnOf(name) });
    for (let turn = 0; turn < 3; turn++) fake.tick();
  }
  fake.calls.splice(0);
  return fake;
}
const pair = (group: string): Inputs => ({ autoscalingGroupName: group, elb: "web" });
const attach = (cloud: CloudContext, group: string) =>
  scalingAttachment.create(cloud, { ...createRequest(pair(group)), urn: urnOf(`traffic-${group}`), timeoutSeconds: 0 });
const detach = (cloud: CloudContext, id: string) =>
  scalingAttachment.delete(cloud, { ...deleteRequest(id), urn: urnOf("traffic") });
const members = ({ groups }: FakeScaling, name: string) =>
  groups.get(name)?.live.members.map(({ instanceId }) => instanceId) ?? [];
const registered = ({ balancers }: FakeScaling) => balancers.get("web")?.live.instanceIds ?? [];
const suspended = ({ groups }: FakeScaling, name: string) => groups.get(name)?.live.suspendedProcesses;
/** A run whose program keeps the balancer. */
function withProgram(fake: FakeScaling): CloudContext {
  const cloud = fake.nextRun();
  cloud.run.register(urnOf("web"));
  cloud.run.confirm("load balancer web", urnOf("web"));
  return cloud;
}

describe("an attachment", () => {
  test("registers the members, waits until all serve, and nobody is judged meanwhile", async () => {
    const fake = await withGroups("a");
    const before = members(fake, "a");
    const { id, state } = await attach(fake.cloud, "a");
    expect(id).toBe("a/web:0000000a");
    expect(state).toEqual({ ...pair("a"), region: "eucalyptus" });
    expect(registered(fake)).toEqual(before);
    for (let turn = 0; turn < 3; turn++) fake.tick();
    expect(members(fake, "a")).toEqual(before); // a registration under way would have ended both
    expect(suspended(fake, "a")).toEqual([]);
    expect(fake.said.some((text) => text.includes("were registered with the load balancer"))).toBe(true);
  });

  test("is read back, imported by group and balancer alone, and no difference", async () => {
    const fake = await withGroups("a");
    const { id, state } = await attach(fake.cloud, "a");
    const cloud = fake.nextRun();
    expect(await scalingAttachment.read(cloud, readRequest(id, { inputs: pair("a"), state }))).toEqual({
      id,
      inputs: pair("a"),
      state,
    });
    expect(await scalingAttachment.read(cloud, readRequest("a/web"))).toEqual({
      id: "a/web",
      inputs: pair("a"),
      state,
    });
    const found = plain();
    const request = diffRequest({ id, olds: state, oldInputs: pair("a"), news: pair("a") });
    expect(await scalingAttachment.diffInCloud?.(cloud, request, found)).toBe(found);
  });

  test("is no difference after a server was healed, also when it is not registered yet", async () => {
    const fake = await withGroupsOf({ healthCheckGracePeriod: 300 }, "a");
    const { id, state } = await attach(fake.cloud, "a");
    fake.tick();
    const [first = ""] = members(fake, "a");
    fake.kill(first);
    for (let turn = 0; turn < 5; turn++) {
      fake.tick();
      expect(await scalingAttachment.read(fake.nextRun(), readRequest(id, { inputs: pair("a"), state }))).toBeDefined();
    }
    expect(members(fake, "a")).not.toContain(first);
    expect(registered(fake)).toEqual(members(fake, "a"));
  });

  test.each<{ name: string; change: (fake: FakeScaling) => unknown }>([
    {
      name: "AddToLoadBalancer is suspended",
      change: ({ cloud }) => cloud.autoScaling.suspendProcesses("a", ["AddToLoadBalancer"]),
    },
    {
      name: "HealthCheck is left suspended",
      change: ({ cloud }) => cloud.autoScaling.suspendProcesses("a", ["HealthCheck"]),
    },
    {
      name: "a member was taken out",
      change: (fake) => fake.cloud.elb.deregisterInstances("web", members(fake, "a").slice(1)),
    },
    { name: "the balancer is gone", change: ({ balancers }) => balancers.delete("web") },
    { name: "the group is gone", change: ({ groups }) => groups.delete("a") },
  ])("is over when $name: gone to a refresh, another attachment to a preview", async ({ change }) => {
    const fake = await withGroups("a");
    const { id, state } = await attach(fake.cloud, "a");
    fake.tick();
    await change(fake);
    const cloud = fake.nextRun();
    expect(await scalingAttachment.read(cloud, readRequest(id, { inputs: pair("a"), state }))).toBeUndefined();
    const request = diffRequest({ id, olds: state, oldInputs: pair("a"), news: pair("a") });
    const found = await scalingAttachment.diffInCloud?.(cloud, request, plain());
    expect(found).toMatchObject({ changes: true, replaces: ["autoscalingGroupName"] });
  });

  test("of a group that was made without the balancer is refused, with what the group needs", async () => {
    const fake = await withGroups();
    await scalingGroup.create(
      fake.cloud,
      createRequest(groupInputs("b", { loadBalancers: [], suspendedProcesses: [] })),
    );
    await expect(attach(fake.cloud, "b")).rejects.toMatchObject({ code: "BALANCER_NOT_OF_GROUP" });
  });

  test("whose servers never pass the check is kept, and names them with the balancer's words", async () => {
    const fake = await withGroups("a");
    const [first = ""] = members(fake, "a");
    fake.sick.add(first);
    const made = attach(fake.cloud, "a");
    await expect(made).rejects.toBeInstanceOf(InitializationError);
    await expect(made).rejects.toMatchObject({
      id: "a/web:0000000a",
      reasons: [expect.stringContaining(`${first} is OutOfService`)],
    });
    expect(members(fake, "a")).toContain(first); // it is not judged as long as it is not attached
    fake.sick.clear();
    await scalingAttachment.update(fake.nextRun(), updateRequest({ id: "a/web:0000000a", news: pair("a") }));
    expect(suspended(fake, "a")).toEqual([]);
  });

  test("killed at any call is over, and attaching again brings it to its end with the same servers", async () => {
    const whole = await withGroups("a");
    await attach(whole.cloud, "a");
    const calls = whole.calls.length;
    for (let at = 0; at < calls; at++) {
      const fake = await withGroups("a");
      const before = members(fake, "a");
      await expect(attach(killedAt(fake, at), "a")).rejects.toThrow();
      for (let turn = 0; turn < 3; turn++) fake.tick();
      await attach(fake.nextRun(), "a");
      for (let turn = 0; turn < 3; turn++) fake.tick();
      expect({
        at,
        members: members(fake, "a"),
        registered: registered(fake),
        suspended: suspended(fake, "a"),
      }).toEqual({
        ...{ at, members: before, registered: before, suspended: [] },
      });
    }
  });
});

describe("its end", () => {
  test("takes the old servers out when the new ones serve, and lasts until readers have left them", async () => {
    const fake = await withGroups("a", "b");
    const { id } = await attach(fake.cloud, "a");
    await attach(fake.cloud, "b");
    await detach(withProgram(fake), id);
    expect(registered(fake)).toEqual(members(fake, "b"));
    expect(suspended(fake, "a")).toEqual(["AddToLoadBalancer"]);
    await scalingGroup.delete(withProgram(fake), { ...deleteRequest("a"), timeoutSeconds: 0 });
    expect([fake.cutOff, [...fake.groups.keys()]]).toEqual([[], ["b"]]);
  });

  test("is refused for the last servers as long as the program keeps the balancer", async () => {
    const fake = await withGroups("a");
    const { id } = await attach(fake.cloud, "a");
    await expect(detach(withProgram(fake), id)).rejects.toMatchObject({ code: "LAST_SERVERS" });
    expect(registered(fake)).toEqual(members(fake, "a"));
    await detach(fake.nextRun(), id); // a destroy has no program
    expect(registered(fake)).toEqual([]);
  });

  test.each(["groups", "balancers"] as const)("without its %s is nothing to do", async (gone) => {
    const fake = await withGroups("a");
    const { id } = await attach(fake.cloud, "a");
    fake[gone].clear();
    await detach(withProgram(fake), id);
    expect(fake.cutOff).toEqual([]);
  });

  test("says every five seconds what it waits for, for 60 s and the balancer's idle timeout and 5 s", async () => {
    const fake = await withGroups("a");
    const { id } = await attach(fake.cloud, "a");
    fake.said.splice(0);
    let slept = 0;
    const cloud = fake.nextRun();
    const sleep = (ms: number) => {
      slept += ms;
      expect(ms).toBeLessThanOrEqual(5000);
      return cloud.sleep(ms);
    };
    await detach({ ...cloud, sleep }, id);
    expect(slept / 1000).toBeGreaterThanOrEqual(85);
    expect(fake.said.length).toBeGreaterThan(85 / 5);
    expect(fake.said.every((text) => text.includes("readers' last requests"))).toBe(true);
  });

  test("killed at any call goes on in the next run, and the servers that serve stay", async () => {
    const ready = async () => {
      const fake = await withGroups("a", "b");
      const { id } = await attach(fake.cloud, "a");
      await attach(fake.cloud, "b");
      fake.calls.splice(0);
      return { fake, id };
    };
    const whole = await ready();
    await detach(whole.fake.cloud, whole.id);
    for (let at = 0; at < whole.fake.calls.length; at++) {
      const { fake, id } = await ready();
      await expect(detach(killedAt(fake, at), id)).rejects.toThrow();
      await detach(withProgram(fake), id);
      expect({ at, registered: registered(fake) }).toEqual({ at, registered: members(fake, "b") });
      expect(fake.cutOff).toEqual([]);
    }
  });
});

test("two attachments of one pair are one thing to the run: replaced by force, it stays", () => {
  expect(scalingAttachment.naturalKey?.("a/web:0000000a", {})).toBe(
    scalingAttachment.naturalKey?.("a/web:0000000b", {}),
  );
  expect(scalingAttachment.naturalKey?.("a/b/web", {})).toBe("attachment of a/b to web");
});

const plain = () => ({ changes: false, replaces: [], detailed: {}, deleteBeforeReplace: false, stables: [] });
