import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { query, valuesOf } from "../testing/queryClient.ts";
import { exchange } from "../testing/s3Client.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";

let running: TestCloud;
beforeEach(async () => {
  running = await startTestCloud("edge");
});
afterEach(() => running.close());

const LISTENER = {
  "Listeners.member.1.Protocol": "HTTP",
  "Listeners.member.1.LoadBalancerPort": 80,
  "Listeners.member.1.InstancePort": 80,
};
const LB = { LoadBalancerName: "lb", ...LISTENER, "AvailabilityZones.member.1": "one" };
const elb = (action: string, parameters: Readonly<Record<string, string | number | boolean>>) =>
  query(running, "elb", action, parameters);
const ec2 = (action: string, parameters: Readonly<Record<string, string | number>> = {}) =>
  query(running, "ec2", action, parameters);

async function runInstance(): Promise<string> {
  const parameters = { ImageId: imageId("debian-12-cloud-init"), InstanceType: "t2.small", MinCount: 1, MaxCount: 1 };
  const [id = ""] = valuesOf((await ec2("RunInstances", parameters)).text, "instanceId");
  await eventually(() => running.cloud.world.instance(id)?.state === "running");
  return id;
}

const PREFIX = "Requested configuration change is invalid: ";
const health = (check: object) => ({
  LoadBalancerName: "lb",
  ...Object.fromEntries(
    Object.entries({
      Target: "TCP:80",
      Interval: 30,
      Timeout: 5,
      UnhealthyThreshold: 3,
      HealthyThreshold: 3,
      ...check,
    }).map(([name, value]) => [`HealthCheck.${name}`, value]),
  ),
});

describe("refusals of load balancing in EDGE (codes and texts as in the reference, not on another Eucalyptus)", () => {
  test.each([
    [
      "a name with a dot",
      { LoadBalancerName: "a.b" },
      409,
      `${PREFIX}Invalid character found in the loadbalancer name`,
    ],
    [
      "a name that ends with a hyphen",
      { LoadBalancerName: "a-" },
      409,
      `${PREFIX}Invalid character found in the loadbalancer name`,
    ],
    [
      "33 characters",
      { LoadBalancerName: "a".repeat(33) },
      409,
      `${PREFIX}Invalid character found in the loadbalancer name`,
    ],
    ["an unknown protocol", { "Listeners.member.1.Protocol": "UDP" }, 400, "The requested protocol is not supported"],
    ["port 0", { "Listeners.member.1.LoadBalancerPort": 0 }, 409, `${PREFIX}Invalid listener format`],
    ["a port above the last", { "Listeners.member.1.InstancePort": 65_536 }, 409, `${PREFIX}Invalid port range`],
    [
      "port 22",
      { "Listeners.member.1.LoadBalancerPort": 22 },
      500,
      "The specified port(s) 22, are restricted for use as a loadbalancer port.",
    ],
    ["an unknown zone", { "AvailabilityZones.member.1": "two" }, 409, `${PREFIX}No cluster named two is available`],
    ["an unknown scheme", { Scheme: "foo" }, 409, `${PREFIX}Invalid scheme (foo)`],
    [
      "an internal one",
      { Scheme: "internal" },
      409,
      `${PREFIX}Scheme (internal) should not be specified for EC2-Classic platform`,
    ],
    [
      "a security group",
      { "SecurityGroups.member.1": "sg-12345678" },
      409,
      `${PREFIX}Security groups should not be specified for EC2-Classic platform`,
    ],
    ["a reserved tag", { "Tags.member.1.Key": "aws:x" }, 409, `${PREFIX}Invalid tag key (reserved prefix)`],
    ["a tag twice", { "Tags.member.1.Key": "x", "Tags.member.2.Key": "x" }, 400, "Duplicate tag key (x)"],
  ])("CreateLoadBalancer with %s", async (_what, wrong, status, message) => {
    expect(await elb("CreateLoadBalancer", { ...LB, ...wrong })).toMatchObject({ status, message });
    expect((await elb("DescribeLoadBalancers", {})).text).toContain("<LoadBalancerDescriptions/>");
  });

  test.each([
    [{ Target: "HTTP:80" }, "Port and Path must be specified for HTTP"],
    [{ Target: "TCP:x" }, "Invalid target specified"],
    [{ Target: "UDP:80" }, "target must starts with one of HTTP, HTTPS, TCP, SSL"],
    [{ Interval: 4 }, "Interval must be longer than 5 seconds"],
    [{ Interval: 121 }, "Interval must be smaller than 120 seconds"],
    [{ HealthyThreshold: 1 }, "Healthy thresholds must be larger than 2"],
  ])("ConfigureHealthCheck with %j, before it looks for the name", async (wrong, message) => {
    const reply = await elb("ConfigureHealthCheck", { ...health(wrong), LoadBalancerName: "nope" });
    expect(reply).toMatchObject({ status: 409, message: `${PREFIX}${message}` });
  });

  test("a missing list, number or name is a fault of the front end", async () => {
    const missing = await elb("CreateLoadBalancer", { LoadBalancerName: "lb" });
    expect(missing.message).toBe("Failed to build a valid message: Missing required object");
    const number = await elb("ConfigureHealthCheck", { ...health({}), "HealthCheck.Interval": "soon" });
    expect(number).toMatchObject({ status: 400, code: "400 Bad Request" });
    expect(number.message).toMatch(/^Failed to build a valid message: Cannot invoke "java.lang.Integer.toString\(\)"/);
    const name = await elb("DeleteLoadBalancer", {});
    expect(name.message).toContain(
      "failed to marshall type com.eucalyptus.loadbalancing.common.msgs.DeleteLoadBalancerType",
    );
  });
});

describe("what load balancing takes without a word", () => {
  test("an unknown parameter is ignored, and a port that is no number makes a load balancer without a listener", async () => {
    const wrong = { "Listeners.member.1.LoadBalancerPort": "abc", Typo: "x" };
    expect((await elb("CreateLoadBalancer", { ...LB, ...wrong })).status).toBe(200);
    expect((await elb("DescribeLoadBalancers", {})).text).not.toContain("ListenerDescriptions");
  });

  test("deletes and deregistrations of what is not there, and descriptions of unknown names", async () => {
    await elb("CreateLoadBalancer", LB);
    const replies = [
      await elb("DeleteLoadBalancer", { LoadBalancerName: "nope" }),
      await elb("DeleteLoadBalancerListeners", { LoadBalancerName: "lb", "LoadBalancerPorts.member.1": 81 }),
      await elb("DeregisterInstancesFromLoadBalancer", {
        LoadBalancerName: "lb",
        "Instances.member.1.InstanceId": "i-12345678",
      }),
      await elb("DescribeLoadBalancers", { "LoadBalancerNames.member.1": "LB" }),
      await elb("DescribeTags", { "LoadBalancerNames.member.1": "nope" }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});

test("a name is taken ignoring case, and EDGE cleans up for a while after a delete", async () => {
  running.settings.now = new Date();
  await elb("CreateLoadBalancer", LB);
  expect(await elb("CreateLoadBalancer", { ...LB, LoadBalancerName: "LB" })).toMatchObject({
    code: "DuplicateAccessPointName",
  });
  await elb("DeleteLoadBalancer", { LoadBalancerName: "lb" });
  expect(await elb("CreateLoadBalancer", LB)).toMatchObject({ status: 500, code: "InternalFailure" });
  running.settings.now = new Date(running.settings.now.getTime() + 61_000);
  expect((await elb("CreateLoadBalancer", LB)).status).toBe(200);
});

test("an identical listener is a duplicate", async () => {
  await elb("CreateLoadBalancer", LB);
  const again = await elb("CreateLoadBalancerListeners", { LoadBalancerName: "lb", ...LISTENER });
  expect(again).toMatchObject({ status: 400, code: "DuplicateListener" });
});

test("one instance that does not run refuses a whole registration; a second registration answers all", async () => {
  await elb("CreateLoadBalancer", LB);
  const [one, other] = [await runInstance(), await runInstance()];
  const register = (ids: readonly string[]) =>
    elb("RegisterInstancesWithLoadBalancer", {
      LoadBalancerName: "lb",
      ...Object.fromEntries(ids.map((id, index) => [`Instances.member.${index + 1}.InstanceId`, id])),
    });
  expect(await register([one, "i-12345678"])).toMatchObject({ status: 400, code: "InvalidEndPoint" });
  expect((await elb("DescribeInstanceHealth", { LoadBalancerName: "lb" })).text).toContain("<InstanceStates/>");
  await register([one]);
  expect(valuesOf((await register([other])).text, "InstanceId").sort()).toEqual([one, other].sort());
  await ec2("TerminateInstances", { "InstanceId.1": one });
  const { text } = await elb("DescribeInstanceHealth", {
    LoadBalancerName: "lb",
    "Instances.member.1.InstanceId": one,
  });
  expect([...valuesOf(text, "State"), ...valuesOf(text, "Description")]).toEqual([
    "Error",
    "Instance is in invalid state.",
  ]);
});

test("the path counts with or without its last slash, in that spelling alone; a disabled service answers 307", async () => {
  const send = (path: string) =>
    exchange({ method: "POST", url: `${running.endpoint}${path}`, body: "Action=DescribeLoadBalancers" });
  expect((await send("/services/LoadBalancing/")).status).toBe(403);
  expect((await send("/services/loadbalancing")).status).toBe(404);
  running.cloud.setFault({ fault: "no-load-balancing" });
  const elsewhere = await send("/services/LoadBalancing/");
  expect(elsewhere).toMatchObject({ status: 307, text: "" });
  expect(elsewhere.headers.location).toMatch(/\/services\/LoadBalancing\/$/);
});

test("in a VPC, a load balancer by zones has a group of its own, open for its listeners; by subnets the closed default one", async () => {
  await running.close();
  running = await startTestCloud("vpc");
  await elb("CreateLoadBalancer", LB);
  const { world } = running.cloud;
  const balancer = world.state.loadBalancers.get("lb");
  const group = world.group(balancer?.groupIds[0] ?? "");
  expect(group?.groupName).toMatch(/^default_elb_/);
  expect(group?.ingress.map(({ fromPort }) => fromPort)).toEqual([80]);
  await elb("CreateLoadBalancer", {
    ...{ LoadBalancerName: "closed", ...LISTENER },
    "Subnets.member.1": world.state.vpc?.subnetId ?? "",
  });
  expect(world.state.loadBalancers.get("closed")?.groupIds).toEqual([world.defaultGroup().groupId]);
  await elb("DeleteLoadBalancer", { LoadBalancerName: "lb" });
  expect(world.group(group?.groupId ?? "")).toBeUndefined();
});

test("all of it survives a restart of the cloud", async () => {
  await elb("CreateLoadBalancer", { ...LB, "Tags.member.1.Key": "planet", "Tags.member.1.Value": "x" });
  await elb("ConfigureHealthCheck", health({ Target: "HTTP:80/healthz" }));
  const before = (await elb("DescribeLoadBalancers", {})).text.replace(/<RequestId>.*/, "");
  await running.restart();
  expect((await elb("DescribeLoadBalancers", {})).text.replace(/<RequestId>.*/, "")).toBe(before);
  const tags = await elb("DescribeTags", { "LoadBalancerNames.member.1": "lb" });
  expect(valuesOf(tags.text, "Key")).toEqual(["planet"]);
});
