import { generateKeyPairSync } from "node:crypto";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  ImportKeyPairCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { imageId } from "../machine/images.ts";
import { eventually, startTestCloud, type TestCloud } from "../testing/testCloud.ts";
import { describeKey } from "./keyFormat.ts";

const web = (...cidrs: string[]) => ({
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp })),
});

describe("groups, keys and tags through the AWS SDK (proves rule identity, routes and codes)", () => {
  let running: TestCloud;
  let GroupId = "";
  beforeAll(async () => {
    running = await startTestCloud();
    const made = await running.ec2.send(new CreateSecurityGroupCommand({ GroupName: "web", Description: "web" }));
    GroupId = made.GroupId ?? "";
  });
  afterAll(() => running.close());

  const authorize = (...IpPermissions: object[]) =>
    running.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const revoke = (...IpPermissions: object[]) =>
    running.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const rules = async () => {
    const { SecurityGroups } = await running.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
    return SecurityGroups?.[0]?.IpPermissions?.map(({ IpRanges }) => IpRanges?.map(({ CidrIp }) => CidrIp));
  };

  test("one permission is one rule: part of it cannot be revoked, and a known one drops the whole call", async () => {
    expect((await authorize(web("10.1.2.3/8", "192.168.0.0/16"))).Return).toBe(true);
    expect(await rules()).toEqual([["10.0.0.0/8", "192.168.0.0/16"]]);
    expect((await revoke(web("10.0.0.0/8"))).Return).toBe(true);
    expect(await rules()).toHaveLength(1);
    const again = await authorize(web("172.16.0.0/12"), web("192.168.0.0/16", "10.0.0.0/8"));
    expect([again.Return, await rules()]).toEqual([false, [["10.0.0.0/8", "192.168.0.0/16"]]]);
    await revoke(web("192.168.0.0/16", "10.9.9.9/8"));
    expect(await rules()).toEqual([]);
  });

  test.each([
    { name: "a network without a mask", permission: web("10.0.0.0") },
    { name: "a missing port", permission: { ...web("0.0.0.0/0"), ToPort: undefined } },
    { name: "ports the wrong way round", permission: { ...web("0.0.0.0/0"), ToPort: 79 } },
    { name: "an unknown protocol", permission: { ...web("0.0.0.0/0"), IpProtocol: "carrier-pigeon" } },
  ])("$name is malformed", async ({ permission }) => {
    await expect(authorize(permission)).rejects.toMatchObject({ name: "InvalidPermission.Malformed" });
  });

  test("opens the ports of running instances, and is held while one uses it", async () => {
    await authorize(web("0.0.0.0/0"));
    await running.ec2.send(
      new RunInstancesCommand({
        ImageId: imageId("debian-12-cloud-init"),
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [GroupId],
      }),
    );
    await eventually(() => running.routes().length === 1);
    expect(running.routes()[0]?.ports).toEqual([{ from: 80, to: 80, cidrs: ["0.0.0.0/0"] }]);
    await expect(running.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))).rejects.toMatchObject({
      name: "DependencyViolation",
    });
    await revoke(web("0.0.0.0/0"));
    await eventually(() => running.routes()[0]?.ports.length === 0);
  });

  test("unknown and malformed ids, names and duplicates", async () => {
    const find = (ids: object) => running.ec2.send(new DescribeSecurityGroupsCommand(ids));
    await expect(find({ GroupIds: ["sg-x"] })).rejects.toMatchObject({ name: "InvalidGroupId.Malformed" });
    await expect(find({ GroupIds: ["sg-00000000"] })).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });
    expect((await find({ GroupNames: ["nobody"] })).SecurityGroups ?? []).toEqual([]);
    await expect(
      running.ec2.send(new CreateSecurityGroupCommand({ GroupName: "web", Description: "again" })),
    ).rejects.toMatchObject({ name: "InvalidGroup.Duplicate" });
  });

  test("keys: RSA 2048 is taken, 3072 and ed25519 are not", async () => {
    const take = (KeyName: string, line: string) =>
      running.ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(line) }));
    const rsa = (modulusLength: number) => describeKey(generateKeyPairSync("rsa", { modulusLength }).publicKey).line;
    expect((await take("good", `${rsa(2048)} me@here`)).KeyFingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    await expect(take("odd", rsa(3072))).rejects.toMatchObject({ name: "InvalidKey.Format" });
    await expect(take("new", "ssh-ed25519 AAAA me")).rejects.toMatchObject({ name: "InvalidKey.Format" });
    await expect(take("good", rsa(2048))).rejects.toMatchObject({ name: "InvalidKeyPair.Duplicate" });
  });

  test.each([
    { name: "a reserved key", resource: "own", key: "aws:x", code: "InvalidParameterValue" },
    { name: "no id at all", resource: "nonsense", key: "a", code: "InvalidID" },
    { name: "an unknown group", resource: "sg-00000000", key: "a", code: "InvalidGroup.NotFound" },
    { name: "an unknown allocation", resource: "eipalloc-00000000", key: "a", code: "InvalidAllocationID.NotFound" },
  ])("tags: $name is $code", async ({ resource, key, code }) => {
    const Resources = [resource === "own" ? GroupId : resource];
    const call = running.ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: key, Value: "v" }] }));
    await expect(call).rejects.toMatchObject({ name: code });
  });
});
