import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { query, valuesOf } from "../testing/queryClient.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

let running: TestCloud;
beforeEach(async () => {
  running = await startTestCloud("edge");
});
afterEach(() => running.close());

const as = (action: string, parameters: Readonly<Record<string, string | number | boolean>>) =>
  query(running, "autoscaling", action, parameters);

const CONFIGURATION = {
  LaunchConfigurationName: "lc",
  ImageId: imageId("debian-12-cloud-init"),
  InstanceType: "t2.small",
};
const GROUP = {
  AutoScalingGroupName: "g",
  LaunchConfigurationName: "lc",
  ...{ MinSize: 1, MaxSize: 1, "AvailabilityZones.member.1": "one" },
};

describe("refusals of Auto Scaling (codes and texts as in the reference, not on another Eucalyptus)", () => {
  test.each([
    [{ ImageId: "foo" }, "'foo' for parameter ImageId is invalid"],
    [{ InstanceType: "m1.small" }, "Invalid parameters [Invalid instance type: m1.small]"],
    [
      { KeyName: "nokey", "SecurityGroups.member.1": "nogroup", IamInstanceProfile: "noprofile" },
      "Invalid parameters [Invalid ssh key: nokey, Invalid security group(s): [nogroup], Invalid instance profile: noprofile]",
    ],
  ])("CreateLaunchConfiguration with %j", async (wrong, message) => {
    const reply = await as("CreateLaunchConfiguration", { ...CONFIGURATION, ...wrong });
    expect(reply).toMatchObject({ status: 400, code: "ValidationError", message });
  });

  test("the alphabetically first field that is missing is named", async () => {
    expect(await as("CreateLaunchConfiguration", {})).toMatchObject({ message: "ImageId is required" });
  });

  test.each([
    [{ LaunchConfigurationName: "nope" }, "ValidationError", "Launch configuration not found: nope"],
    [{ MinSize: -1 }, "ValidationError", "-1 for parameter MinSize is invalid"],
    [{ MinSize: 2 }, "ValidationError", "MinSize must not be greater than MaxSize"],
    [{ DesiredCapacity: 2 }, "ValidationError", "DesiredCapacity must not be greater than MaxSize"],
    [{ DesiredCapacity: 0 }, "ValidationError", "DesiredCapacity must not be less than MinSize"],
    [
      { "AvailabilityZones.member.1": "two" },
      "ValidationError",
      "Invalid parameters [Invalid availability zone(s): [two]]",
    ],
    [
      { "LoadBalancerNames.member.1": "nope" },
      "ValidationError",
      "Invalid parameters [Invalid load balancer name(s): [nope]]",
    ],
  ])("CreateAutoScalingGroup with %j", async (wrong, code, message) => {
    await as("CreateLaunchConfiguration", CONFIGURATION);
    expect(await as("CreateAutoScalingGroup", { ...GROUP, ...wrong })).toMatchObject({ status: 400, code, message });
  });

  test("zones are required with subnets too, and launch templates do not help", async () => {
    const { "AvailabilityZones.member.1": _zone, ...rest } = GROUP;
    const reply = await as("CreateAutoScalingGroup", { ...rest, VPCZoneIdentifier: "subnet-12345678" });
    expect(reply.message).toBe("Failed to build a valid message: Missing required object");
    const { LaunchConfigurationName: _lc, ...without } = GROUP;
    const template = await as("CreateAutoScalingGroup", { ...without, "LaunchTemplate.LaunchTemplateName": "t" });
    expect(template.message).toBe("LaunchConfigurationName is required");
  });

  test("what is not there: AttachLoadBalancers is an unknown action, a policy one that the local cloud lacks", async () => {
    expect((await as("AttachLoadBalancers", {})).message).toBe(
      "Failed to find corresponding class mapping for element: AttachLoadBalancers in namespace: autoscaling_amazonaws_com_doc_2011_01_01",
    );
    expect((await as("PutScalingPolicy", {})).message).toMatch(/^The local cloud has no PutScalingPolicy/);
    expect((await as("PutScheduledUpdateGroupAction", {})).status).toBe(200);
  });
});

describe("a group", () => {
  beforeEach(async () => {
    await as("CreateLaunchConfiguration", CONFIGURATION);
    await as("CreateAutoScalingGroup", { ...GROUP, MinSize: 0, MaxSize: 0 });
  });

  test("the three sizes of an update are checked together; a smaller MaxSize lowers the desired capacity", async () => {
    await as("UpdateAutoScalingGroup", { AutoScalingGroupName: "g", MinSize: 1, MaxSize: 3, DesiredCapacity: 1 });
    const alone = await as("UpdateAutoScalingGroup", { AutoScalingGroupName: "g", MinSize: 3 });
    expect(alone.message).toBe("DesiredCapacity must not be less than MinSize");
    await as("UpdateAutoScalingGroup", { AutoScalingGroupName: "g", DesiredCapacity: 3 });
    await as("UpdateAutoScalingGroup", { AutoScalingGroupName: "g", MaxSize: 2 });
    expect(valuesOf((await as("DescribeAutoScalingGroups", {})).text, "DesiredCapacity")).toEqual(["2"]);
    const above = await as("SetDesiredCapacity", { AutoScalingGroupName: "g", DesiredCapacity: 5 });
    expect(above.message).toBe("New SetDesiredCapacity value 5 is above max value 2 for the AutoScalingGroup.");
  });

  test("holds its launch configuration, and both go by deletes that may be repeated", async () => {
    expect(await as("DeleteLaunchConfiguration", { LaunchConfigurationName: "lc" })).toMatchObject({
      code: "ResourceInUse",
    });
    for (const _time of [1, 2])
      expect((await as("DeleteAutoScalingGroup", { AutoScalingGroupName: "g" })).status).toBe(200);
    for (const _time of [1, 2]) {
      expect((await as("DeleteLaunchConfiguration", { LaunchConfigurationName: "lc" })).status).toBe(200);
    }
  });

  test("its tags and suspended processes change, and survive a restart", async () => {
    const tag = { "Tags.member.1.ResourceId": "g", "Tags.member.1.Key": "a", "Tags.member.1.Value": "1" };
    await as("CreateOrUpdateTags", { ...tag, "Tags.member.1.PropagateAtLaunch": true });
    await as("SuspendProcesses", { AutoScalingGroupName: "g", "ScalingProcesses.member.1": "HealthCheck" });
    await running.restart();
    const { text } = await as("DescribeAutoScalingGroups", { "AutoScalingGroupNames.member.1": "g" });
    expect([valuesOf(text, "Key"), valuesOf(text, "ProcessName")]).toEqual([["a"], ["HealthCheck"]]);
    await as("DeleteTags", tag);
    await as("ResumeProcesses", { AutoScalingGroupName: "g" });
    const after = (await as("DescribeAutoScalingGroups", {})).text;
    expect([after.includes("<Tags>"), after.includes("SuspendedProcesses")]).toEqual([false, false]);
    expect(
      (await as("SuspendProcesses", { AutoScalingGroupName: "g", "ScalingProcesses.member.1": "Nap" })).status,
    ).toBe(400);
  });
});
