import { describe, expect, test } from "@jest/globals";
import { CloudError, type Instance } from "@planet/eucalyptus-client";
import { InitializationError, UNKNOWN } from "@planet/pulumi-plugin";
import { COMPLETE_TAG } from "../rules/tags.ts";
import { createRequest, deleteRequest, liveInstance, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
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
    expect(fake.calls.map(([name]) => name)).toEqual([
      "findInstance",
      "terminateInstance",
      "findInstance",
      "findInstance",
    ]);
  });

  test("leaves a terminated one alone: a second call would hide it", async () => {
    const fake = cloudWith([{ state: "terminated" }]);
    await instance.delete(fake.cloud, deleteRequest("i-1"));
    expect(fake.calls.map(([name]) => name)).toEqual(["findInstance"]);
  });

  test("keeps what the same run took over: the old state of a forced replacement may name it too", async () => {
    const orphan = liveInstance({ instanceId: "i-taken" });
    const describeInstances = (filters: { "client-token": string[] }) => [
      { ...orphan, clientToken: filters["client-token"][0] },
    ];
    const ec2 = {
      describeInstances,
      findInstance: () => orphan,
      createTags: () => undefined,
      deleteTags: () => undefined,
    };
    const fake = fakeCloud({ ec2 });
    expect(await instance.create(fake.cloud, createRequest(inputs))).toMatchObject({ id: "i-taken" });
    await instance.delete(fake.cloud, deleteRequest("i-taken"));
    expect(fake.calls.map(([name]) => name)).not.toContain("terminateInstance");
  });
});
