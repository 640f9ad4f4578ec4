import { describe, expect, test } from "@jest/globals";
import { CloudError, type SecurityGroup as LiveGroup, type Permission } from "@planet/eucalyptus-client";
import { COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import { createRequest, deleteRequest, liveInstance, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { fakeGroup } from "../testing/fakeGroup.ts";
import { securityGroup } from "./securityGroup.ts";

const web = (cidr: string): Permission => ({
  protocol: "tcp",
  fromPort: 80,
  toPort: 80,
  cidrs: [{ cidr }],
  groups: [],
});
const everything: Permission = { protocol: "-1", cidrs: [{ cidr: "0.0.0.0/0" }], groups: [] };
const written = (cidr: string): Inputs => ({ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: [cidr] });
const inputs: Inputs = { name: "web", description: "d", ingress: [written("0.0.0.0/0")], tags: { a: "b" } };
const refusal = (code: string, status = 400) => new CloudError({ action: "x", code, status, message: "" });

/** A cloud that has the given group, and answers a create as the test wants. */
function cloudWith(facts: {
  live?: Partial<LiveGroup>;
  create?: () => unknown;
  authorize?: () => Promise<boolean>;
  users?: string[];
  others?: Partial<LiveGroup>[];
}) {
  const { group, ec2 } = fakeGroup([...(facts.live?.ingress ?? [])]);
  const live = {
    ...group,
    name: "web",
    description: "d",
    ownerId: "000000000042",
    ...facts.live,
    ingress: group.ingress,
  };
  const instances = (facts.users ?? []).map((id) => liveInstance({ securityGroups: [{ id, name: "" }] }));
  return fakeCloud({
    ec2: {
      ...ec2,
      ...(facts.authorize && { authorize: facts.authorize }),
      findSecurityGroup: () => ({ ...live, ingress: [...group.ingress] }),
      describeSecurityGroups: () => [live, ...(facts.others ?? []).map((other) => ({ ...live, ...other }))],
      describeInstances: () => instances,
      createSecurityGroup: facts.create ?? (() => "sg-1"),
      createTags: () => undefined,
      deleteTags: () => undefined,
    },
  });
}
const duplicate = () => Promise.reject(refusal("InvalidGroup.Duplicate"));
const names = ({ calls }: { calls: readonly (readonly unknown[])[] }) => calls.map(([name]) => name);

describe("a name that is taken", () => {
  test.each<{ name: string; facts: Parameters<typeof cloudWith>[0]; isOurs: boolean }>([
    { name: "left by a kill right after the call", facts: { live: { egress: [everything] } }, isOurs: true },
    {
      name: "left by a kill while its rules were set",
      facts: { live: { ingress: [web("0.0.0.0/0")], tags: { a: "b" } } },
      isOurs: true,
    },
    {
      name: "ours under another entry of the state",
      facts: { live: { tags: { [COMPLETE_TAG]: "p/s" } } },
      isOurs: true,
    },
    { name: "another stack's", facts: { live: { tags: { [COMPLETE_TAG]: "p/other" } } }, isOurs: false },
    { name: "with another description", facts: { live: { description: "x" } }, isOurs: false },
    { name: "with a rule that we do not want", facts: { live: { ingress: [web("10.0.0.0/8")] } }, isOurs: false },
    { name: "with a tag that we do not want", facts: { live: { tags: { a: "c" } } }, isOurs: false },
    { name: "in use", facts: { users: ["sg-1"] }, isOurs: false },
    { name: "there twice, in two VPCs", facts: { others: [{ vpcId: "vpc-2" }] }, isOurs: false },
  ])("$name: taken over: $isOurs", async ({ facts, isOurs }) => {
    const { cloud } = cloudWith({ ...facts, create: duplicate });
    const made = securityGroup.create(cloud, createRequest(inputs));
    if (isOurs) expect(await made).toMatchObject({ id: "sg-1" });
    else await expect(made).rejects.toMatchObject({ code: "GROUP_EXISTS" });
  });

  test("a create that acted and answered 500 is gone on with", async () => {
    const { cloud } = cloudWith({ create: () => Promise.reject(refusal("InternalFailure", 500)) });
    expect(await securityGroup.create(cloud, createRequest(inputs))).toMatchObject({ id: "sg-1" });
  });

  test("a create that is refused takes nothing over", async () => {
    const { cloud } = cloudWith({ create: () => Promise.reject(refusal("SecurityGroupLimitExceeded")) });
    await expect(securityGroup.create(cloud, createRequest(inputs))).rejects.toMatchObject({
      code: "SecurityGroupLimitExceeded",
    });
  });
});

describe("a group's rules", () => {
  test("a new group in VPC mode without egress lets nothing out, and is tagged with its stack as the last act", async () => {
    const fake = cloudWith({ live: { egress: [everything], vpcId: "vpc-1" } });
    await securityGroup.create(fake.cloud, createRequest({ name: "web", description: "d" }));
    expect(fake.calls).toContainEqual(["revoke", "egress", "sg-1", [everything]]);
    expect(fake.calls.at(-2)).toEqual(["createTags", "sg-1", { [COMPLETE_TAG]: "p/s" }]);
  });

  test("so does one whose creation was interrupted, in the next run and after a refresh", async () => {
    const fake = cloudWith({ live: { egress: [everything], vpcId: "vpc-1" } });
    const news = { name: "web", description: "d" };
    const read = securityGroup.read(fake.cloud, { ...createRequest({}), id: "sg-1", state: news, inputs: news });
    await expect(read).rejects.toBeInstanceOf(InitializationError);
    await securityGroup.update(fake.cloud, updateRequest({ id: "sg-1", olds: news, oldInputs: news, news }));
    expect(fake.calls).toContainEqual(["revoke", "egress", "sg-1", [everything]]);
  });

  test("a finished group without egress in the program keeps what others opened", async () => {
    const fake = cloudWith({ live: { egress: [everything], vpcId: "vpc-1", tags: { [COMPLETE_TAG]: "p/s" } } });
    const news = { name: "web", description: "d" };
    await securityGroup.update(fake.cloud, updateRequest({ id: "sg-1", olds: { arn: "x" }, oldInputs: news, news }));
    expect(names(fake)).not.toContain("revoke");
  });

  test("to drop the list leaves the rules, an empty list closes all", async () => {
    const change = async (news: Inputs) => {
      const fake = cloudWith({ live: { ingress: [web("0.0.0.0/0")] } });
      const olds = { arn: "x" };
      await securityGroup.update(fake.cloud, updateRequest({ id: "sg-1", olds, oldInputs: inputs, news }));
      return names(fake).includes("revoke");
    };
    const { ingress: _dropped, ...rest } = inputs;
    expect(await change(rest)).toBe(false);
    expect(await change({ ...rest, ingress: [] })).toBe(true);
  });

  test("a call that opens and fails closes nothing", async () => {
    const broken = refusal("ServiceUnavailable", 503);
    const fake = cloudWith({ live: { ingress: [web("0.0.0.0/0")] }, authorize: () => Promise.reject(broken) });
    const ingress = [{ ...written("0.0.0.0/0"), description: "new" }, written("10.0.0.0/8")];
    const change = { id: "sg-1", olds: { arn: "x" }, oldInputs: inputs, news: { ...inputs, ingress } };
    await expect(securityGroup.update(fake.cloud, updateRequest(change))).rejects.toBe(broken);
    expect(names(fake)).not.toContain("revoke");
  });
});

test("the end of a group waits until nothing uses it", async () => {
  let tries = 0;
  const deleteSecurityGroup = () => (tries++ === 0 ? Promise.reject(refusal("DependencyViolation")) : undefined);
  const fake = fakeCloud({ ec2: { deleteSecurityGroup } });
  await securityGroup.delete(fake.cloud, deleteRequest("sg-1"));
  expect(fake.said).toEqual(["sg-1 is still in use"]);
});
