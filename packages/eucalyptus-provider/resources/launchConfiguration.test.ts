import { describe, expect, test } from "@jest/globals";
import type { LaunchConfiguration, MadeLaunchConfiguration } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import { diffInputs } from "../rules/diffInputs.ts";
import { createRequest, deleteRequest, diffRequest, readRequest } from "../testing/facts.ts";
import { refusal } from "../testing/fakeBalancers.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { launchConfiguration } from "./launchConfiguration.ts";

const facts = { urn: "urn:pulumi:s::p::t::lc", name: "lc", randomSeed: new Uint8Array(4) };
const program: Inputs = {
  imageId: "emi-1",
  instanceType: "t2.small",
  securityGroups: ["sg-2", "sg-1"],
  userData: "#!",
};
const complete = (news: Inputs, olds?: Inputs): Inputs =>
  launchConfiguration.complete?.(news, { ...facts, olds }) ?? {};
const inputs = complete(program);

/** A fake of the service. */
function cloudWith(overrides: object = {}) {
  const made = new Map<string, MadeLaunchConfiguration>();
  const autoScaling = {
    createLaunchConfiguration(wanted: LaunchConfiguration) {
      if (made.has(wanted.name)) throw refusal("AlreadyExists");
      made.set(wanted.name, { ...wanted, arn: `arn:${wanted.name}` });
    },
    findLaunchConfiguration: (name: string) => made.get(name),
    deleteLaunchConfiguration: (name: string) => void made.delete(name),
    describeGroups: () => [],
    ...overrides,
  };
  return { made, autoScaling, ...fakeCloud({ mode: "edge", autoScaling }) };
}
const create = (cloud: Parameters<typeof launchConfiguration.create>[0], news = inputs) =>
  launchConfiguration.create(cloud, createRequest(news));

describe("a made-up name", () => {
  test("is that of the content: equal in the next run, another for any other content or resource", () => {
    const name = (news: Inputs) => complete(news).name;
    expect(name(program)).toMatch(/^lc-[0-9a-f]{7}$/);
    expect(name({ ...program })).toBe(name(program));
    expect(name({ ...program, userData: "#!/bin/sh" })).not.toBe(name(program));
    const elsewhere = launchConfiguration.complete?.(program, { ...facts, urn: "urn:pulumi:other::p::t::lc" }).name;
    expect(elsewhere).not.toBe(name(program));
  });

  test("is open while something of the content is", () => {
    const open = complete({ ...program, securityGroups: [UNKNOWN] });
    expect(open.name).toBeUndefined();
    expect(launchConfiguration.preview(open, fakeCloud({}).cloud)).toMatchObject({ name: UNKNOWN, arn: UNKNOWN });
  });

  test("stays as long as the resource does, also an imported one; a replacement gets a new one", () => {
    expect(complete(program, { ...program, name: "by-hand" }).name).toBe("by-hand");
    const changed = { ...program, imageId: "emi-2" };
    expect(complete(changed, inputs).name).toBe(inputs.name);
    expect(complete(changed).name).not.toBe(inputs.name);
  });
});

describe("a launch configuration", () => {
  test("is made, read back as it was written, and imported without a difference to the plain program", async () => {
    const { cloud, made } = cloudWith();
    const { id, state } = await create(cloud);
    expect(made.get(id)).toMatchObject({
      userData: Buffer.from("#!"),
      securityGroupIds: ["sg-1", "sg-2"],
      isMonitored: true,
    });
    expect(await launchConfiguration.read(cloud, readRequest(id, { inputs, state }))).toEqual({ id, inputs, state });
    const imported = await launchConfiguration.read(cloud, readRequest(id));
    const news = complete(program, imported?.inputs);
    expect(diffInputs(launchConfiguration, imported?.inputs ?? {}, news, "edge", imported?.state).detailed).toEqual({});
  });

  test("user-data that is no text is imported as base64, and the same bytes in either form are no difference", async () => {
    const { cloud } = cloudWith();
    const base64 = Buffer.of(0x1f, 0x8b, 0xff).toString("base64");
    const { id } = await create(cloud, complete({ ...program, userData: "", userDataBase64: base64 }));
    expect((await launchConfiguration.read(cloud, readRequest(id)))?.inputs).toMatchObject({ userDataBase64: base64 });
    const { userData: _text, ...rest } = inputs;
    const inBase64 = { ...rest, userDataBase64: "IyE=" };
    expect(diffInputs(launchConfiguration, inputs, inBase64, "edge").detailed).toEqual({});
  });

  test("any change is a replacement", () => {
    for (const change of [
      { imageId: "emi-2" },
      { userData: "x" },
      { securityGroups: [] },
      { enableMonitoring: false },
    ]) {
      expect(diffInputs(launchConfiguration, inputs, { ...inputs, ...change }, "edge").replaces).not.toEqual([]);
    }
  });
});

test("one that is gone is made again, also without a refresh", async () => {
  const { cloud, made } = cloudWith();
  const { id, state } = await create(cloud);
  const plain = { changes: false, replaces: [], detailed: {}, deleteBeforeReplace: false, stables: [] };
  const request = diffRequest({ id, olds: state, oldInputs: inputs, news: inputs });
  expect(await launchConfiguration.diffInCloud?.(cloud, request, plain)).toBe(plain);
  made.clear();
  expect(await launchConfiguration.diffInCloud?.(cloud, request, plain)).toMatchObject({ replaces: ["arn"] });
});

describe("a name that is taken", () => {
  test("with this very content is what a kill left, or what an older entry of the state has: taken over", async () => {
    const { cloud, said } = cloudWith();
    await create(cloud);
    expect(await create(cloud)).toMatchObject({ id: inputs.name });
    expect(said.at(-1)).toContain("took over");
  });

  test("with another content stops the create", async () => {
    const { cloud } = cloudWith();
    await create(cloud, { ...inputs, name: "fixed" });
    const other = create(cloud, { ...inputs, name: "fixed", userData: "x" });
    await expect(other).rejects.toMatchObject({ code: "LAUNCH_CONFIGURATION_EXISTS" });
  });
});

test("a create that acted and answered 500 is done; one that the cloud took otherwise is not", async () => {
  const acted = cloudWith();
  const createLaunchConfiguration = (wanted: LaunchConfiguration) => {
    acted.autoScaling.createLaunchConfiguration(wanted);
    throw refusal("InternalFailure", "no", 500);
  };
  const { cloud } = fakeCloud({ mode: "edge", autoScaling: { ...acted.autoScaling, createLaunchConfiguration } });
  expect(await create(cloud)).toMatchObject({ id: inputs.name });
  const dropped = cloudWith({ createLaunchConfiguration: () => undefined });
  await expect(create(dropped.cloud)).rejects.toMatchObject({ code: "LAUNCH_CONFIGURATION_DIFFERS" });
});

test("a delete waits for the group that names it, and says so", async () => {
  let tries = 0;
  const deleteLaunchConfiguration = () => {
    tries += 1;
    if (tries < 3) throw refusal("ResourceInUse");
  };
  const { cloud, said } = cloudWith({ deleteLaunchConfiguration });
  await launchConfiguration.delete(cloud, deleteRequest("lc"));
  expect(said).toEqual(["lc is still named by a group", "lc is still named by a group"]);
});

test("the checks refuse what the cloud would find out at a launch only", () => {
  const reasons = (news: Inputs, mode: "edge" | "vpc") =>
    (launchConfiguration.problems?.(news, { ...facts, mode }) ?? []).map(({ property }) => property);
  expect(reasons({ ...program, associatePublicIpAddress: true }, "edge")).toEqual(["associatePublicIpAddress"]);
  expect(reasons({ ...program, associatePublicIpAddress: true }, "vpc")).toEqual([]);
  expect(reasons({ ...program, securityGroups: ["default"] }, "edge")).toEqual(["securityGroups"]);
  expect(reasons({ ...program, userDataBase64: "IyE=" }, "edge")).toEqual([""]);
});

test("an image that is not there is refused in the preview, under the name that it has here", async () => {
  const ec2 = { describeImages: () => [], describeInstanceTypes: () => [], describeKeyPairs: () => [] };
  const { cloud } = fakeCloud({ ec2: { ...ec2, describeInstanceTypes: () => [{ name: "t2.small" }] } });
  const problems = await launchConfiguration.problemsInCloud?.(program, undefined, cloud, "u");
  expect(problems).toMatchObject([{ property: "imageId" }]);
});
