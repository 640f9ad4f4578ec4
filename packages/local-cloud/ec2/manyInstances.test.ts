import { expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { testInstance } from "../testing/testInstance.ts";
import { element } from "../wire/xml.ts";
import { newWorldState } from "../world/newWorld.ts";
import { World } from "../world/world.ts";
import { describeInstances } from "./describeInstances.ts";

type Request = Parameters<typeof describeInstances.run>[1];

const NO_IDS: Request = { InstanceId: [], Filter: [], MaxResults: undefined, NextToken: undefined };
/** All that a cloud has. */
const ADDRESSES = 241;

test("1,000 instances are described in time that grows with their number, all at once and by their ids", () => {
  const [few, many] = [worldWith(250), worldWith(1000)];
  const ids = (world: World) => ({ ...NO_IDS, InstanceId: [...world.state.instances.keys()] });
  expect(described(many, NO_IDS).match(/<instanceId>/g)?.length).toBeGreaterThanOrEqual(1000);
  for (const request of [() => NO_IDS, ids]) {
    const [short, long] = [quickest(few, request(few)), quickest(many, request(many))];
    expect(long).toBeLessThan(8 * short); // four times as many; a square would be sixteen
  }
});

const described = (world: World, request: Request) =>
  element("DescribeInstancesResponse", describeInstances.run(world, request, Buffer.alloc(0)), "item");

/** Microseconds of this process, since others run too; the best of some tries. */
function quickest(world: World, request: Request): number {
  const times = Array.from({ length: 3 }, () => {
    const begun = process.cpuUsage();
    described(world, request);
    return process.cpuUsage(begun).user;
  });
  return Math.min(...times);
}

/** Each with tags and a group, as many as can with an elastic address. */
function worldWith(count: number): World {
  const identity = cloudIdentity("many");
  const world = new World(
    newWorldState({ mode: "vpc", version: "5.1" }, identity, "seed"),
    identity,
    [],
    () => new Date(),
  );
  const { groupId } = world.defaultGroup();
  for (let index = 0; index < count; index += 1) {
    const instanceId = `i-${index.toString(16).padStart(17, "0")}`;
    const placed = { networkInterfaceId: `eni-${index}`, attachmentId: `eni-attach-${index}`, groupIds: [groupId] };
    world.state.instances.set(instanceId, testInstance(instanceId, { state: "running", ...placed }));
    world.state.tags.set(instanceId, new Map([["Name", `server ${index}`]]));
    if (index >= ADDRESSES) continue;
    const publicAddress = `198.51.${index >>> 8}.${index & 255}`;
    const domain = "vpc" as const;
    const ids = { allocationId: `eipalloc-${index}`, associationId: `eipassoc-${index}`, instanceId };
    world.state.addresses.set(publicAddress, { publicAddress, domain, ...ids });
  }
  return world;
}
