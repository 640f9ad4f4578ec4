import { describe, expect, test } from "@jest/globals";
import { CloudError, type Instance } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, UNKNOWN } from "@planet/pulumi-plugin";
import { clientTokens, launchOf } from "../instance/launch.ts";
import type { RunLedger } from "../runLedger.ts";
import {
  createRequest,
  deleteRequest,
  diffRequest,
  liveAddress,
  liveInstance,
  updateRequest,
} from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { addressKey } from "./eipAssociation.ts";
import { instance } from "./instance.ts";

const inputs = { ami: "emi-1", tags: { Name: "planet" } };

/** A cloud in which the instance goes through the given states, one per look. */
function cloudWith(looks: (Partial<Instance> | undefined)[], createTags: () => unknown = () => undefined) {
  let look = 0;
  return fakeCloud({
    ec2: {
      describeInstances: () => [],
      runInstance: () => liveInstance({ state: "pending", privateAddress: "" }),
      findInstance: () => {
        const facts = looks[Math.min(look++, looks.length - 1)];
        return facts && liveInstance(facts);
      },
      createTags,
      describeAddresses: () => [],
      deleteTags: () => undefined,
      terminateInstance: () => undefined,
    },
  });
}

const tagged = ({ calls }: { calls: readonly (readonly unknown[])[] }) =>
  calls.filter(([name]) => name === "createTags").map(([, , tags]) => tags);

describe("creating a server", () => {
  test("tags it, waits until it runs, and tags it complete as the last act", async () => {
    const fake = cloudWith([{ state: "pending" }, { state: "running" }]);
    const { id, state } = await instance.create(fake.cloud, createRequest(inputs));
    expect(id).toBe("i-1");
    expect(state).toMatchObject({
      publicIp: "192.0.2.9",
      privateIp: "10.0.0.1",
      instanceState: "running",
      ami: "emi-1",
    });
    expect(tagged(fake)).toEqual([{ Name: "planet" }, { [COMPLETE_TAG]: "true" }]);
    expect(fake.said).toEqual(["i-1 is pending"]);
  });

  test("a wait that takes too long keeps the id, and marks the server as known", async () => {
    const fake = cloudWith([{ state: "pending" }]);
    const error = await instance.create(fake.cloud, createRequest(inputs)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InitializationError);
    expect(error).toMatchObject({ id: "i-1", reasons: [expect.stringContaining("i-1 is pending")] });
    expect(tagged(fake).at(-1)).toEqual({ [COMPLETE_TAG]: "true" });
  });

  test("so does a refusal after the id, and Ctrl-C", async () => {
    const refusing = cloudWith([{ state: "running" }], () => {
      throw new CloudError({ code: "InternalFailure", status: 500, message: "no", action: "CreateTags" });
    });
    await expect(instance.create(refusing.cloud, createRequest(inputs))).rejects.toMatchObject({ id: "i-1" });
    const cancelled = cloudWith([{ state: "pending" }]);
    cancelled.cancel();
    await expect(instance.create(cancelled.cloud, createRequest(inputs))).rejects.toMatchObject({ id: "i-1" });
  });

  test("one that the cloud itself ends leaves nothing behind", async () => {
    const fake = cloudWith([{ state: "terminated", reason: "FAILED: no disk" }]);
    const error = await instance.create(fake.cloud, createRequest(inputs)).catch((caught: unknown) => caught);
    expect(error).not.toBeInstanceOf(InitializationError);
    expect(error).toMatchObject({ code: "INSTANCE_FAILED", message: expect.stringContaining("FAILED: no disk") });
  });

  test("a preview knows what is known, and no more", async () => {
    expect(await instance.preview({ ami: "emi-1", keyName: "k" }, fakeCloud({}).cloud)).toMatchObject({
      ami: "emi-1",
      keyName: "k",
      publicIp: UNKNOWN,
      privateIp: UNKNOWN,
      arn: UNKNOWN,
      instanceType: UNKNOWN,
      tenancy: "default",
    });
  });
});

describe("updating a server", () => {
  test("goes on waiting where a create stopped", async () => {
    const fake = cloudWith([{ state: "pending" }, { state: "pending" }, { state: "running" }]);
    expect(
      await instance.update(fake.cloud, updateRequest({ id: "i-1", oldInputs: inputs, news: inputs })),
    ).toMatchObject({ instanceState: "running" });
  });

  test("says so when it is gone", async () => {
    const fake = cloudWith([undefined]);
    await expect(instance.update(fake.cloud, updateRequest({ id: "i-1", news: inputs }))).rejects.toMatchObject({
      code: "INSTANCE_GONE",
    });
  });
});

describe("reading a server", () => {
  test.each([undefined, { state: "terminated" as const }, { state: "shutting-down" as const }])(
    "%j is gone",
    async (facts) => {
      const fake = cloudWith([facts]);
      expect(await instance.read(fake.cloud, { ...createRequest({}), id: "i-1", inputs })).toBeUndefined();
    },
  );

  test("adds no input that the user has not set, and hides our own tag", async () => {
    const fake = cloudWith([{ tags: { Name: "other", [COMPLETE_TAG]: "true" }, keyName: "k" }]);
    const read = await instance.read(fake.cloud, { ...createRequest({}), id: "i-1", inputs });
    expect(read?.inputs).toEqual({ ami: "emi-1", tags: { Name: "other" } });
    expect(read?.state).toMatchObject({ keyName: "k", tags: { Name: "other" }, tagsAll: { Name: "other" } });
  });
});

describe("deleting a server", () => {
  test("waits until it is terminated: its group is held till then", async () => {
    const fake = cloudWith([{ state: "running" }, { state: "shutting-down" }, { state: "terminated" }]);
    await instance.delete(fake.cloud, deleteRequest("i-1"));
    const calls = fake.calls.map(([name]) => name).filter((name) => !name.startsWith("describe"));
    expect(calls).toEqual(["findInstance", "terminateInstance", "findInstance", "findInstance"]);
  });

  test("leaves a terminated one alone: a second call would hide it", async () => {
    const fake = cloudWith([{ state: "terminated" }]);
    await instance.delete(fake.cloud, deleteRequest("i-1"));
    expect(fake.calls.map(([name]) => name)).not.toContain("terminateInstance");
  });

  const held = (address: string) => [liveAddress({ publicAddress: address, instanceId: "i-1" })];
  const living = { describeInstances: () => [], findInstance: () => liveInstance() };

  test("a server that holds an elastic address is not ended by an update: the address would be on no server", async () => {
    const fake = fakeCloud({ ec2: { ...living, describeAddresses: () => held("192.0.2.1") } });
    fake.cloud.run.register("urn:of:something:the:program:has");
    await expect(instance.delete(fake.cloud, deleteRequest("i-1"))).rejects.toMatchObject({ code: "HOLDS_ADDRESS" });
    expect(fake.calls.map(([name]) => name)).not.toContain("terminateInstance");
  });

  test.each<{ name: string; prepare: (run: RunLedger) => void }>([
    { name: "a destroy, which has no program, ends it", prepare: () => {} },
    {
      name: "so does an update that gives the address up",
      prepare: (run) => {
        run.register("urn");
        run.giveUp(addressKey("192.0.2.1"));
      },
    },
  ])("$name", async ({ prepare }) => {
    let state: Instance["state"] = "running";
    const terminateInstance = () => {
      state = "terminated";
    };
    const findInstance = () => liveInstance({ state });
    const describeAddresses = () => held("192.0.2.1");
    const fake = fakeCloud({ ec2: { ...living, findInstance, terminateInstance, describeAddresses } });
    prepare(fake.cloud.run);
    await instance.delete(fake.cloud, deleteRequest("i-1"));
    expect(state).toBe("terminated");
  });

  test("an address that is given up and wanted by another association counts as wanted", async () => {
    const fake = fakeCloud({ ec2: { ...living, describeAddresses: () => held("192.0.2.1") } });
    fake.cloud.run.register("urn");
    fake.cloud.run.giveUp(addressKey("192.0.2.1"));
    fake.cloud.run.create(addressKey("192.0.2.1"), "urn");
    await expect(instance.delete(fake.cloud, deleteRequest("i-1"))).rejects.toMatchObject({ code: "HOLDS_ADDRESS" });
  });
});

describe("a forced replacement that was interrupted", () => {
  const begun = (facts: Partial<Instance> = {}) =>
    liveInstance({ instanceId: "i-2", tags: { [REPLACES_TAG]: "i-1", [COMPLETE_TAG]: "true" }, ...facts });
  const same = { changes: false, replaces: [], detailed: {} };
  const request = diffRequest({ id: "i-1", oldInputs: inputs, news: inputs });
  const clientToken = clientTokens(request.urn, launchOf(inputs, "vpc"), 1, 1)[0] ?? "";
  const shows = (instance: Instance) => ({
    describeInstances: (filters: Record<string, string[]>) =>
      filters["client-token"]?.includes(instance.clientToken) || filters[`tag:${REPLACES_TAG}`]?.includes("i-1")
        ? [instance]
        : [],
    findInstance: () => liveInstance(),
  });

  test.each<{ name: string; instance: Instance; replaces: string[]; changes: boolean }>([
    {
      name: "is finished by the next update: its server takes the place",
      instance: begun({ clientToken }),
      replaces: ["instanceState"],
      changes: true,
    },
    { name: "is undone when the inputs are others by then", instance: begun(), replaces: [], changes: true },
    {
      name: "is over when its server has ended",
      instance: begun({ state: "terminated" }),
      replaces: [],
      changes: false,
    },
  ])("$name", async ({ instance: live, replaces, changes }) => {
    const fake = fakeCloud({ ec2: shows(live) });
    expect(await instance.diffInCloud?.(fake.cloud, request, same)).toMatchObject({ replaces, changes });
  });

  test.each([undefined, "terminated" as const])(
    "a server of the state that is %s is replaced, refreshed or not",
    async (state) => {
      const fake = fakeCloud({
        ec2: { describeInstances: () => [], findInstance: () => state && liveInstance({ state }) },
      });
      expect(await instance.diffInCloud?.(fake.cloud, request, same)).toMatchObject({ replaces: ["instanceState"] });
    },
  );

  test.each<{ name: string; others: string[]; ended: string[] }>([
    { name: "what it had started of another generation, in the same group, is ended", others: [], ended: ["i-9"] },
    {
      name: "but not where the program has two generations side by side",
      others: [`${request.urn}-22222222`],
      ended: [],
    },
  ])("$name", async ({ others, ended }) => {
    const grouped = { ...inputs, vpcSecurityGroupIds: ["sg-1"] };
    const urn = `${request.urn}-11111111`;
    const [token = ""] = clientTokens(`${request.urn}-33333333`, launchOf(grouped, "vpc"), 0, 1);
    const left = liveInstance({ instanceId: "i-9", clientToken: token });
    const found: string[] = [];
    const ec2 = {
      describeInstances: (filters: Record<string, string[]>) => (filters["instance.group-id"] ? [left] : []),
      describeAddresses: () => [],
      findInstance: () => liveInstance(),
      runInstance: () => liveInstance(),
      createTags: () => undefined,
      deleteTags: () => undefined,
      terminateInstance: (id: string) => void found.push(id),
    };
    const fake = fakeCloud({ ec2 });
    for (const registered of [urn, ...others]) fake.cloud.run.register(registered);
    await instance.create(fake.cloud, { ...createRequest(grouped), urn });
    expect(found).toEqual(ended);
  });

  test("a server that the state has is nobody's leftover", async () => {
    const fake = fakeCloud({ ec2: shows(begun({ clientToken })) });
    fake.cloud.run.noteInState("i-2");
    expect(await instance.diffInCloud?.(fake.cloud, request, same)).toEqual(same);
  });

  test("the end of the replaced server ends it, unless it holds an address", async () => {
    const ended: string[] = [];
    const terminateInstance = (id: string) => void ended.push(id);
    const base = { ...shows(begun()), findInstance: () => liveInstance({ state: "terminated" }), terminateInstance };
    const free = fakeCloud({ ec2: { ...base, describeAddresses: () => [] } });
    await instance.delete(free.cloud, deleteRequest("i-1", {}, inputs));
    expect(ended).toEqual(["i-2"]);
    const holding = fakeCloud({ ec2: { ...base, describeAddresses: () => [liveAddress({ instanceId: "i-2" })] } });
    await instance.delete(holding.cloud, deleteRequest("i-1", {}, inputs));
    expect(ended).toEqual(["i-2"]);
    expect(holding.said).toEqual([expect.stringContaining("i-2")]);
  });

  test("the new server says what it replaces in its first tags", async () => {
    const fake = cloudWith([{ state: "running" }]);
    fake.cloud.run.noteCurrent(request.urn, "i-0");
    await instance.create(fake.cloud, createRequest(inputs));
    expect(tagged(fake)).toEqual([{ Name: "planet", [REPLACES_TAG]: "i-0" }, { [COMPLETE_TAG]: "true" }]);
  });
});
