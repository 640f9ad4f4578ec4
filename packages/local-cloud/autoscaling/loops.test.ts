import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { pass, query, valuesOf } from "../testing/queryClient.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import type { ScalingGroup } from "./types.ts";

let running: TestCloud;
beforeEach(async () => {
  running = await startTestCloud("edge");
  running.settings.now = new Date();
  await query(running, "elb", "CreateLoadBalancer", {
    LoadBalancerName: "lb",
    "Listeners.member.1.Protocol": "HTTP",
    "Listeners.member.1.LoadBalancerPort": 80,
    "Listeners.member.1.InstancePort": 80,
    "AvailabilityZones.member.1": "one",
  });
  await as("CreateLaunchConfiguration", {
    LaunchConfigurationName: "lc",
    ImageId: imageId("debian-12-cloud-init"),
    InstanceType: "t2.small",
  });
});
afterEach(() => running.close());

const as = (action: string, parameters: Readonly<Record<string, string | number | boolean>>) =>
  query(running, "autoscaling", action, parameters);
const elb = (action: string, parameters: Readonly<Record<string, string | number | boolean>> = {}) =>
  query(running, "elb", action, { LoadBalancerName: "lb", ...parameters });
const group = (): ScalingGroup => {
  const found = running.cloud.world.state.scalingGroups.get("g");
  if (!found) throw new Error("the group is gone");
  return found;
};
const members = () => [...group().members.values()];
const ids = () => members().map(({ instanceId }) => instanceId);
const registered = async () => valuesOf((await elb("DescribeInstanceHealth")).text, "InstanceId");
const size = (n: number) => ({ MinSize: n, MaxSize: n, DesiredCapacity: n });
const create = (settings: Readonly<Record<string, string | number | boolean>> = {}) =>
  as("CreateAutoScalingGroup", {
    ...{ AutoScalingGroupName: "g", LaunchConfigurationName: "lc", "AvailabilityZones.member.1": "one" },
    ...{ "LoadBalancerNames.member.1": "lb", HealthCheckType: "ELB", HealthCheckGracePeriod: 60 },
    ...size(2),
    ...settings,
  });
const update = (settings: Readonly<Record<string, string | number | boolean>>) =>
  as("UpdateAutoScalingGroup", { AutoScalingGroupName: "g", ...settings });
const suspend = (process: string) =>
  as("SuspendProcesses", { AutoScalingGroupName: "g", "ScalingProcesses.member.1": process });
const resume = (process: string) =>
  as("ResumeProcesses", { AutoScalingGroupName: "g", "ScalingProcesses.member.1": process });

/** Two members that are registered and in service with the load balancer. */
async function settled(settings = {}): Promise<void> {
  await create(settings);
  await pass(running, 90);
  expect(members()).toMatchObject([{ lifecycle: "InService" }, { lifecycle: "InService" }]);
}

describe("a group reaches its desired capacity (by a fake clock, with the intervals of a real cloud)", () => {
  test("launch after at most 10 s, in service at the look of each minute, registered 10 s later", async () => {
    await create();
    expect(ids()).toEqual([]);
    await pass(running, 11);
    expect(members()).toMatchObject([{ lifecycle: "Pending" }, { lifecycle: "Pending" }]);
    await pass(running, 50);
    expect(members()).toMatchObject([{ lifecycle: "InService" }, { lifecycle: "InService" }]);
    expect(await registered()).toEqual([]);
    await pass(running, 10);
    expect(await registered()).toEqual(ids());
    await pass(running, 10);
    expect(valuesOf((await elb("DescribeInstanceHealth")).text, "State")).toEqual(["InService", "InService"]);
  });

  test("with a clock factor the same takes a part of the time", async () => {
    running.cloud.world.clockFactor = 10;
    await create();
    await pass(running, 9);
    expect(await registered()).toEqual(ids());
    expect(ids()).toHaveLength(2);
  });

  test("while AddToLoadBalancer is suspended members are only marked: nobody registers them after it is resumed", async () => {
    await create(size(0));
    await suspend("AddToLoadBalancer");
    await update(size(2));
    await pass(running, 80);
    expect(members()).toMatchObject([{ isRegistered: true }, { isRegistered: true }]);
    await resume("AddToLoadBalancer");
    await pass(running, 120);
    expect(await registered()).toEqual([]);
    await update(size(3));
    await pass(running, 80);
    expect(await registered()).toEqual(ids().slice(2));
  });

  test("the members go on after a restart of the cloud, and none is launched twice", async () => {
    await create();
    await pass(running, 20);
    const before = ids();
    await running.restart();
    await pass(running, 80);
    expect(ids()).toEqual(before);
    expect(await registered()).toEqual(before);
  });
});

describe("a scale-in", () => {
  test("to zero ends all and leaves a group that may be deleted", async () => {
    await settled();
    const former = ids();
    await update(size(0));
    expect((await as("DeleteAutoScalingGroup", { AutoScalingGroupName: "g" })).code).toBe("ResourceInUse");
    await pass(running, 12);
    expect(ids()).toEqual([]);
    expect(await registered()).toEqual([]);
    for (const id of former) expect(running.cloud.world.instance(id)?.state).toBe("terminated");
    const activities = await as("DescribeScalingActivities", { AutoScalingGroupName: "g", MaxRecords: 1 });
    expect(valuesOf(activities.text, "Cause")[0]).toMatch(
      /shrinking the capacity from 2 to 0\. {2}At .* was selected for termination\.$/,
    );
    expect(activities.text).toContain("<NextToken>");
    expect((await as("DeleteAutoScalingGroup", { AutoScalingGroupName: "g" })).status).toBe(200);
  });

  test("waits for a member in transition; by force the group goes at once", async () => {
    await create();
    await pass(running, 11);
    await update(size(1));
    await pass(running, 20);
    expect(ids()).toHaveLength(2);
    expect((await as("DeleteAutoScalingGroup", { AutoScalingGroupName: "g" })).code).toBe("ScalingActivityInProgress");
    const former = ids();
    await as("DeleteAutoScalingGroup", { AutoScalingGroupName: "g", ForceDelete: true });
    await pass(running, 1);
    for (const id of former) expect(running.cloud.world.instance(id)?.state).toBe("terminated");
  });

  test("by hand takes that one, and the desired capacity below MinSize", async () => {
    await settled();
    const [first = "", second] = ids();
    const reply = await as("TerminateInstanceInAutoScalingGroup", {
      InstanceId: first,
      ShouldDecrementDesiredCapacity: true,
    });
    expect(valuesOf(reply.text, "StatusCode")).toEqual(["InProgress"]);
    expect(await registered()).toEqual([second]);
    await pass(running, 60);
    expect(ids()).toEqual([second]);
    expect([group().minSize, group().desiredCapacity]).toEqual([2, 1]);
  });
});

test("a group in cooldown refuses a wish that honours it, and takes one that does not", async () => {
  await settled({ MaxSize: 3 });
  const wish = (HonorCooldown: boolean) =>
    as("SetDesiredCapacity", { AutoScalingGroupName: "g", DesiredCapacity: 3, HonorCooldown });
  expect(await wish(true)).toMatchObject({ status: 500, code: "InternalFailure", message: "Group is in cooldown" });
  expect((await wish(false)).status).toBe(200);
  await pass(running, 12);
  expect(ids()).toHaveLength(3);
  expect((await wish(false)).code).toBe("ScalingActivityInProgress");
});

describe("a sick member", () => {
  test("that was ended outside is found within a minute and replaced", async () => {
    await settled();
    const [first = "", second = ""] = ids();
    await query(running, "ec2", "TerminateInstances", { "InstanceId.1": first });
    await pass(running, 130);
    expect(ids()).toHaveLength(2);
    expect(ids()).not.toContain(first);
    expect((await registered()).sort()).toEqual(ids().sort());
    expect(ids()).toContain(second);
    const { text } = await as("DescribeScalingActivities", { AutoScalingGroupName: "g" });
    expect(valuesOf(text, "Cause").join()).toContain("was taken out of service in response to a health-check.");
  });

  test("when everything is OutOfService after the grace period, all are ended at once", async () => {
    await settled();
    const former = ids();
    running.cloud.setFault({ fault: "all-out-of-service" });
    await pass(running, 110);
    expect(ids().filter((id) => former.includes(id))).toEqual([]);
    expect(former.map((id) => running.cloud.world.instance(id)?.state)).toEqual(["terminated", "terminated"]);
  });

  test("lives on while HealthCheck is suspended, also when it is dead", async () => {
    await settled();
    await suspend("HealthCheck");
    running.cloud.setFault({ fault: "all-out-of-service" });
    const former = ids();
    await query(running, "ec2", "TerminateInstances", { "InstanceId.1": former[0] ?? "" });
    await pass(running, 300);
    expect(ids()).toEqual(former);
  });

  test("a registration that is still in progress counts as OutOfService once the grace period is over", async () => {
    await create({ HealthCheckGracePeriod: 0, ...size(0) });
    await suspend("AddToLoadBalancer");
    await update(size(1));
    await pass(running, 80);
    const [only = ""] = ids();
    await pass(running, 180);
    expect(ids()).toEqual([only]); // one that is not registered is healthy
    running.cloud.world.reportedAt.clear();
    running.cloud.setFault({ fault: "lost-push" });
    await elb("RegisterInstancesWithLoadBalancer", { "Instances.member.1.InstanceId": only });
    expect(valuesOf((await elb("DescribeInstanceHealth")).text, "ReasonCode")).toEqual(["ELB"]);
    const looks = () => ids().includes(only);
    for (let second = 0; second < 75 && looks(); second += 1) await pass(running, 1);
    expect([looks(), running.cloud.world.instance(only)?.state === "running"]).toEqual([false, false]);
  });

  test("that is set unhealthy goes with the next run, once it is out of its grace period", async () => {
    await settled();
    const [first = ""] = ids();
    const set = (extra = {}) => as("SetInstanceHealth", { InstanceId: first, HealthStatus: "Unhealthy", ...extra });
    await set();
    await pass(running, 11);
    expect(ids()).toContain(first);
    await set({ ShouldRespectGracePeriod: false });
    await pass(running, 12);
    expect(ids()).not.toContain(first);
  });
});

describe("a launch that fails", () => {
  test("is an activity with EC2's words, and is tried again after 10, 20, 40 s", async () => {
    running.cloud.setFault({ fault: "no-capacity" });
    await create(size(1));
    await pass(running, 11);
    const { text } = await as("DescribeScalingActivities", { AutoScalingGroupName: "g" });
    expect(valuesOf(text, "StatusMessage")).toEqual(["Not enough resources (0 in one &lt; 1): vm instances."]);
    expect([valuesOf(text, "Description"), valuesOf(text, "StatusCode")]).toEqual([
      ["Launching a new EC2 instance"],
      ["Failed"],
    ]);
    await pass(running, 75);
    expect(group().activities).toHaveLength(4);
    running.cloud.clearFault();
    await pass(running, 80);
    expect(ids()).toHaveLength(1);
  });

  test("that fails 15 times suspends Launch for a group that nobody has changed for a day, until somebody resumes it", async () => {
    running.cloud.setFault({ fault: "no-capacity" });
    await create(size(1));
    const yesterday = (running.settings.now?.getTime() ?? 0) - 90_000_000;
    group().changedTime = new Date(yesterday).toISOString();
    running.cloud.world.clockFactor = 100;
    await pass(running, 120);
    expect([...group().suspended]).toEqual([["Launch", "Administrative suspension"]]);
    running.cloud.clearFault();
    await resume("Launch");
    await pass(running, 2);
    expect(ids()).toHaveLength(1);
  });

  test("user-data of more than 16 KiB shows there and nowhere before", async () => {
    const UserData = Buffer.alloc(20_000, "x").toString("base64");
    const wide = {
      LaunchConfigurationName: "wide",
      ImageId: imageId("debian-12-cloud-init"),
      InstanceType: "t2.small",
    };
    expect((await as("CreateLaunchConfiguration", { ...wide, UserData })).status).toBe(200);
    await create({ LaunchConfigurationName: "wide" });
    await pass(running, 11);
    expect(group().activities).toMatchObject([
      { status: "Failed", message: "User data may not exceed 16 KB" },
      { status: "Failed" },
    ]);
  });

  test("a load balancer that was deleted first makes its group churn", async () => {
    await create(size(1));
    await pass(running, 11);
    const former = ids();
    await elb("DeleteLoadBalancer");
    await pass(running, 400);
    expect(running.cloud.world.instance(former[0] ?? "")?.state).toBe("terminated");
    expect(group().activities.filter(({ status }) => status === "Failed").length).toBeGreaterThanOrEqual(5);
  });
});
