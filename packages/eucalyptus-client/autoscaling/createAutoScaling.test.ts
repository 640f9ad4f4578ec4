import { afterEach, describe, expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import { type CannedServer, cannedServer } from "../testing/cannedServer.ts";
import { EVERY_CALL } from "../testing/everyCall.ts";
import { fakePace } from "../testing/fakePace.ts";
import { createAutoScaling } from "./createAutoScaling.ts";

let server: CannedServer | undefined;
afterEach(() => server?.close());

/** Auto Scaling that answers what was observed. */
async function autoScalingServer() {
  server = await cannedServer(({ parameters: { Action = "" } }) => {
    const observed = EVERY_CALL.find(({ name, good }) => name === Action && good.body?.includes("/doc/2011-01-01/"));
    return observed?.good ?? {};
  });
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const connection = { region: "r", credentials, clock: createClock(), pace: fakePace(), patienceMs: 0 };
  const autoScaling = createAutoScaling(`${server.origin}/services/AutoScaling/`, connection);
  return { autoScaling, seen: server.seen };
}

const settings = {
  launchConfigurationName: "lc",
  ...{ minSize: 0, maxSize: 0, desiredCapacity: 0 },
  healthCheckType: "ELB",
  ...{ defaultCooldown: 300, healthCheckGracePeriod: 600 },
  ...{ terminationPolicies: ["Default"], isProtectedFromScaleIn: false },
} as const;

describe("Auto Scaling on the wire (proves what is sent and read; not that a cloud takes it)", () => {
  test("a group is asked for in one signed POST, with zones also where it has subnets", async () => {
    const { autoScaling, seen } = await autoScalingServer();
    await autoScaling.createGroup({
      ...settings,
      ...{ name: "g", zones: ["one"], subnetIds: ["subnet-1", "subnet-2"], loadBalancerNames: ["web"] },
      tags: [{ key: "Name", value: "x", propagateAtLaunch: true }],
    });
    expect(seen[0]).toMatchObject({ method: "POST", target: "/services/AutoScaling/" });
    expect(seen[0]?.headers.get("Authorization")).toMatch(/\/r\/autoscaling\/aws4_request/);
    expect(seen[0]?.parameters).toEqual({
      Action: "CreateAutoScalingGroup",
      Version: "2011-01-01",
      AutoScalingGroupName: "g",
      LaunchConfigurationName: "lc",
      MinSize: "0",
      MaxSize: "0",
      DesiredCapacity: "0",
      DefaultCooldown: "300",
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: "600",
      "TerminationPolicies.member.1": "Default",
      NewInstancesProtectedFromScaleIn: "false",
      "AvailabilityZones.member.1": "one",
      VPCZoneIdentifier: "subnet-1,subnet-2",
      "LoadBalancerNames.member.1": "web",
      "Tags.member.1.ResourceId": "g",
      "Tags.member.1.ResourceType": "auto-scaling-group",
      "Tags.member.1.Key": "Name",
      "Tags.member.1.Value": "x",
      "Tags.member.1.PropagateAtLaunch": "true",
    });
  });

  test("a group is read as it was observed on 5.1.0", async () => {
    const { autoScaling } = await autoScalingServer();
    expect(await autoScaling.findGroup("a")).toEqual({
      ...{ name: "a", launchConfigurationName: "a", minSize: 2, maxSize: 2, desiredCapacity: 2 },
      arn: "arn:aws:autoscaling::000123456789:autoScalingGroup:2f48cb44:autoScalingGroupName/a",
      ...{ defaultCooldown: 300, healthCheckType: "ELB", healthCheckGracePeriod: 600 },
      ...{ zones: ["one"], subnetIds: [], loadBalancerNames: ["Lb2"] },
      members: [
        {
          ...{ instanceId: "i-1", zone: "one", lifecycleState: "InService", isHealthy: true },
          launchConfigurationName: "a",
        },
      ],
      suspendedProcesses: ["AddToLoadBalancer"],
      tags: [{ key: "Name", value: "one", propagateAtLaunch: true }],
      terminationPolicies: ["Default"],
      isProtectedFromScaleIn: false,
    });
    expect(await autoScaling.findGroup("A")).toBeUndefined();
  });

  test("user-data goes as base64 and comes back as bytes", async () => {
    const { autoScaling, seen } = await autoScalingServer();
    await autoScaling.createLaunchConfiguration({
      ...{ name: "lc", imageId: "ami-1", instanceType: "t2.small", keyName: "", securityGroupIds: ["sg-1"] },
      ...{ userData: Buffer.from("#!"), isMonitored: true, iamInstanceProfile: "", publicAddress: undefined },
    });
    expect(seen[0]?.parameters).toEqual({
      Action: "CreateLaunchConfiguration",
      Version: "2011-01-01",
      LaunchConfigurationName: "lc",
      ImageId: "ami-1",
      InstanceType: "t2.small",
      "SecurityGroups.member.1": "sg-1",
      UserData: "IyE=",
      "InstanceMonitoring.Enabled": "true",
    });
    const made = await autoScaling.findLaunchConfiguration("a");
    expect(made?.userData?.toString()).toBe("#!/bin/sh\necho hi\n");
    expect(made).toMatchObject({ imageId: "ami-0123456789abcdef0", isMonitored: true, publicAddress: undefined });
  });

  test("to suspend or resume no process asks for nothing: the cloud would take it for all of them", async () => {
    const { autoScaling, seen } = await autoScalingServer();
    await autoScaling.suspendProcesses("g", []);
    await autoScaling.resumeProcesses("g", []);
    expect(seen).toEqual([]);
  });
});
