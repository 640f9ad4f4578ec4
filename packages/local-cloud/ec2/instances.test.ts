import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const IMAGE = imageId("debian-12-cloud-init");
const LAUNCH = { ImageId: IMAGE, MinCount: 1, MaxCount: 1 };

describe("instances through the AWS SDK (proves states, codes and what the driver is asked to do; boots nothing)", () => {
  let running: TestCloud;
  beforeEach(async () => {
    running = await startTestCloud();
  });
  afterEach(() => running.close());

  const launch = async (extra: object = {}) => {
    const { Instances: [instance] = [] } = await running.ec2.send(new RunInstancesCommand({ ...LAUNCH, ...extra }));
    if (!instance?.InstanceId) throw new Error("no instance");
    return { ...instance, InstanceId: instance.InstanceId };
  };
  const stateOf = (instanceId: string) =>
    running.cloud.describe().instances.find((instance) => instance.instanceId === instanceId)?.state;
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => "accepted",
      (error: { name: string; $metadata: { httpStatusCode: number } }) =>
        `${error.$metadata.httpStatusCode} ${error.name}`,
    );

  test("a launched instance is pending in the answer and runs with a public address afterwards", async () => {
    const instance = await launch();
    expect(instance.State).toEqual({ Code: 0, Name: "pending" });
    await eventually(() => stateOf(instance.InstanceId) === "running");
    const { Reservations = [] } = await running.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instance.InstanceId] }),
    );
    expect(Reservations[0]?.Instances?.[0]).toMatchObject({
      PublicIpAddress: "127.66.0.10",
      PrivateIpAddress: "10.66.0.10",
      InstanceType: "t2.micro",
      NetworkInterfaces: [{ Association: { PublicIp: "127.66.0.10" } }],
    });
    expect(running.driver.machines.get(instance.InstanceId)).toMatchObject({ privateAddress: "10.66.0.10" });
  });

  test("a repeated client token gives the first instance, whatever else is asked for", async () => {
    const first = await launch({ ClientToken: "once" });
    const second = await launch({ ClientToken: "once", InstanceType: "t2.small" });
    expect(second.InstanceId).toBe(first.InstanceId);
    expect(running.cloud.describe().instances).toHaveLength(1);
  });

  test("ends by way of shutting-down, and a second call hides it at once", async () => {
    const { InstanceId } = await launch();
    await eventually(() => stateOf(InstanceId) === "running");
    const call = () => running.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    expect((await call()).TerminatingInstances?.[0]?.CurrentState?.Name).toBe("shutting-down");
    await eventually(() => stateOf(InstanceId) === "terminated");
    expect(running.driver.machines.size).toBe(0);
    await call();
    expect(stateOf(InstanceId)).toBeUndefined();
  });

  test("an end asked for during the start is performed after it", async () => {
    let release = () => {};
    running.driver.hold = new Promise((resolve) => {
      release = resolve;
    });
    const { InstanceId } = await launch();
    await running.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    release();
    await eventually(() => stateOf(InstanceId) === "terminated");
    expect(running.driver.machines.size).toBe(0);
  });

  test("a start that fails ends the instance with the reason", async () => {
    running.driver.startFailure = new Error("no space");
    const { InstanceId } = await launch();
    await eventually(() => stateOf(InstanceId) === "terminated");
    const { Reservations } = await running.ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    expect(Reservations?.[0]?.Instances?.[0]?.StateTransitionReason).toContain("no space");
  });

  test("a terminated instance is shown for an hour", async () => {
    const { InstanceId } = await launch();
    await running.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    await eventually(() => stateOf(InstanceId) === "terminated");
    running.settings.now = new Date(Date.now() + 59 * 60_000);
    expect(stateOf(InstanceId)).toBe("terminated");
    running.settings.now = new Date(Date.now() + 61 * 60_000);
    expect(stateOf(InstanceId)).toBeUndefined();
  });

  test("console and reboot reach the machine; stopping is refused", async () => {
    const { InstanceId } = await launch();
    await eventually(() => stateOf(InstanceId) === "running");
    const { Output = "" } = await running.ec2.send(new GetConsoleOutputCommand({ InstanceId }));
    expect(Buffer.from(Output, "base64").toString()).toBe(`console of ${InstanceId}\n`);
    await running.ec2.send(new RebootInstancesCommand({ InstanceIds: [InstanceId] }));
    await eventually(() => running.driver.rebooted.includes(InstanceId));
    expect(await refusal(running.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] })))).toBe(
      "400 UnsupportedOperation",
    );
  });

  test.each([
    { name: "an unknown image", extra: { ImageId: "emi-00000000" }, refused: "400 InvalidAMIID.NotFound" },
    { name: "an unknown type", extra: { InstanceType: "z9.huge" }, refused: "500 InternalFailure" },
    { name: "an unknown key", extra: { KeyName: "nobody" }, refused: "400 InvalidKeyPair.NotFound" },
    { name: "an unknown group id", extra: { SecurityGroupIds: ["sg-00000000"] }, refused: "500 InternalFailure" },
    {
      name: "user data over 16 KB",
      extra: { UserData: Buffer.alloc(16_385).toString("base64") },
      refused: "400 InvalidParameterValue",
    },
    { name: "most below least", extra: { MinCount: 2, MaxCount: 1 }, refused: "503 ServiceUnavailable" },
    {
      name: "more than there is room for",
      extra: { MinCount: 99, MaxCount: 99 },
      refused: "503 ServiceUnavailable",
    },
    { name: "options of AWS", extra: { MetadataOptions: { HttpTokens: "required" } }, refused: "400 400 Bad Request" },
    { name: "a dry run", extra: { DryRun: true }, refused: "400 400 Bad Request" },
  ])("$name is refused and nothing is launched", async ({ extra, refused }) => {
    expect(await refusal(launch(extra))).toBe(refused);
    expect(running.cloud.describe().instances).toHaveLength(0);
  });

  test("a restart keeps running machines and ends vanished ones", async () => {
    const [kept, lost] = [await launch(), await launch()];
    await eventually(() => [kept, lost].every(({ InstanceId }) => stateOf(InstanceId) === "running"));
    running.driver.machines.delete(lost.InstanceId);
    await running.restart();
    expect([stateOf(kept.InstanceId), stateOf(lost.InstanceId)]).toEqual(["running", "terminated"]);
    expect(running.routes().map(({ instanceId }) => instanceId)).toEqual([kept.InstanceId]);
  });
});

describe("a cloud as a Eucalyptus 4.4", () => {
  let running: TestCloud;
  beforeEach(async () => {
    running = await startTestCloud("vpc", "4.4");
  });
  afterEach(() => running.close());

  test("has no tag specifications and no descriptions of rules, and names its version", async () => {
    const tagged = { TagSpecifications: [{ ResourceType: "instance" as const, Tags: [{ Key: "a", Value: "b" }] }] };
    const refused = running.ec2.send(new RunInstancesCommand({ ...LAUNCH, ...tagged }));
    await expect(refused).rejects.toThrow("TagSpecification.1.ResourceType = instance");
    const made = await running.ec2.send(new CreateSecurityGroupCommand({ GroupName: "web", Description: "web" }));
    const GroupId = made.GroupId ?? "";
    const IpRanges = [{ CidrIp: "0.0.0.0/0", Description: "everybody" }];
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges }];
    await running.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    const { SecurityGroups: [group] = [] } = await running.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
    );
    expect(group?.IpPermissions?.[0]?.IpRanges).toEqual([{ CidrIp: "0.0.0.0/0" }]);
    const { headers } = await fetch(running.endpoint);
    expect(headers.get("server")).toBe("Eucalyptus/4.4.6");
  });

  test("offers m1.small, launches it unasked, and gives ids of 8 digits", async () => {
    const { Instances: [instance] = [] } = await running.ec2.send(new RunInstancesCommand(LAUNCH));
    expect(instance).toMatchObject({
      InstanceType: "m1.small",
      InstanceId: expect.stringMatching(/^i-[0-9a-f]{8}$/),
      VpcId: expect.stringMatching(/^vpc-[0-9a-f]{8}$/),
    });
  });
});
