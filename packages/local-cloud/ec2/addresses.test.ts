import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterEach, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";

describe("elastic addresses through the AWS SDK (proves associations, routes and codes in both modes)", () => {
  let running: TestCloud;
  afterEach(() => running.close());

  async function launch(): Promise<string> {
    const launched = await running.ec2.send(
      new RunInstancesCommand({ ImageId: imageId("debian-12-cloud-init"), MinCount: 1, MaxCount: 1 }),
    );
    const instanceId = launched.Instances?.[0]?.InstanceId ?? "";
    await eventually(() => describeOne(instanceId)?.state === "running");
    return instanceId;
  }
  const describeOne = (instanceId: string) =>
    running.cloud.describe().instances.find((instance) => instance.instanceId === instanceId);
  const routeOf = (address: string | undefined) =>
    running.routes().find(({ publicAddress }) => publicAddress === address)?.instanceId;

  test("VPC: an address moves in one call, the old association is dead and does not touch the new one", async () => {
    running = await startTestCloud("vpc");
    const [old, next] = [await launch(), await launch()];
    const { PublicIp, AllocationId, Domain } = await running.ec2.send(new AllocateAddressCommand({}));
    expect(Domain).toBe("vpc");
    const associate = (InstanceId: string, AllowReassociation = true) =>
      running.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation }));
    const first = await associate(old);
    expect(await associate(old)).toMatchObject({ AssociationId: first.AssociationId });
    await expect(associate(next, false)).rejects.toMatchObject({ name: "Resource.AlreadyAssociated" });
    const before = Date.now();
    const second = await associate(next);
    expect(second.AssociationId).not.toBe(first.AssociationId);
    await expect(
      running.ec2.send(new DisassociateAddressCommand({ AssociationId: first.AssociationId })),
    ).rejects.toMatchObject({ name: "InvalidAssociationID.NotFound" });

    await eventually(() => routeOf(PublicIp) === next);
    const [address] = running.cloud.describe().addresses;
    expect(address).toMatchObject({ publicAddress: PublicIp, instanceId: next });
    expect(Date.parse(address?.associatedAt ?? "")).toBeGreaterThanOrEqual(before);
    expect(describeOne(old)?.publicAddress).toMatch(/^127\.66\.0\./);
    expect(describeOne(old)?.publicAddress).not.toBe(PublicIp);
    const { Addresses } = await running.ec2.send(
      new DescribeAddressesCommand({ Filters: [{ Name: "association-id", Values: [second.AssociationId ?? ""] }] }),
    );
    expect(Addresses).toMatchObject([{ PublicIp, InstanceId: next }]);
    await expect(running.ec2.send(new ReleaseAddressCommand({ AllocationId }))).rejects.toMatchObject({
      name: "InvalidIPAddress.InUse",
    });
  });

  test("EDGE: no ids, the address shows its instance until that is terminated, and can be released in use", async () => {
    running = await startTestCloud("edge");
    const instanceId = await launch();
    const { PublicIp, AllocationId, Domain } = await running.ec2.send(new AllocateAddressCommand({}));
    expect([AllocationId, Domain]).toEqual([undefined, "standard"]);
    const { AssociationId } = await running.ec2.send(new AssociateAddressCommand({ PublicIp, InstanceId: instanceId }));
    expect(AssociationId).toBeUndefined();

    let release = () => {};
    running.driver.hold = new Promise((resolve) => {
      release = resolve;
    });
    await running.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    const holder = () => running.cloud.describe().addresses.find(({ publicAddress }) => publicAddress === PublicIp);
    expect(holder()?.instanceId).toBe(instanceId);
    release();
    await eventually(() => holder() !== undefined && holder()?.instanceId === undefined);

    const other = await launch();
    await running.ec2.send(new AssociateAddressCommand({ PublicIp, InstanceId: other }));
    await running.ec2.send(new ReleaseAddressCommand({ PublicIp }));
    expect(running.cloud.describe().addresses).toEqual([]);
    expect(describeOne(other)?.publicAddress).toMatch(/^127\.66\.0\./);
  });

  test("unknown ids: an empty set, a 400 or a 500, as the cloud has it", async () => {
    running = await startTestCloud("vpc");
    const AllocationId = "eipalloc-00000000000000000";
    const described = await running.ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
    expect(described.Addresses ?? []).toEqual([]);
    await expect(running.ec2.send(new ReleaseAddressCommand({ AllocationId }))).rejects.toMatchObject({
      name: "InvalidAddressID.NotFound",
    });
    await expect(
      running.ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: "i-00000000" })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await expect(
      running.ec2.send(new DescribeAddressesCommand({ Filters: [{ Name: "creation-date", Values: ["x"] }] })),
    ).rejects.toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
  });
});
