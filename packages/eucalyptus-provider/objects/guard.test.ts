import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import { bucketObjectv2 as handler } from "../resources/bucketObject.ts";
import { diffInputs } from "../rules/diffInputs.ts";
import { createRequest, deleteRequest, liveObject, readRequest, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { md5 } from "./content.ts";
import { editsLeftBehind, unsavedEdits } from "./guard.ts";
import { WRITTEN } from "./objectState.ts";

const URN = createRequest({}).urn;
const etagOf = (text: string) => md5(Buffer.from(text));
const wanted = (content: string, more: Inputs = {}) => ({
  bucket: "b",
  key: "k",
  content,
  contentType: "text/plain",
  ...more,
});
/** The state after we wrote `content`, and after a refresh saw `live`. */
const state = (content: string, live = content) => ({
  ...wanted(content),
  etag: etagOf(live),
  [WRITTEN]: etagOf(content),
});

/** A bucket with these objects, `key: text`. */
function bucketWith(objects: Record<string, string>) {
  const live = new Map(Object.entries(objects));
  const fake = fakeCloud({
    s3: {
      headObject: (_: string, key: string) => {
        const text = live.get(key);
        return text === undefined ? undefined : liveObject({ etag: etagOf(text) });
      },
      putObject: ({ key, bytes }: { key: string; bytes: Uint8Array }) => {
        live.set(key, Buffer.from(bytes).toString());
        return { etag: md5(bytes), versionId: "" };
      },
      putObjectAcl: () => undefined,
      getObjectAcl: () => ({ ownerId: "me", grants: [] }),
      deleteObject: (_: string, key: string) => void live.delete(key),
    },
  });
  const did = () => fake.calls.map(([name]) => name).filter((name) => name !== "headObject");
  return { ...fake, live, did };
}

const read = (fake: ReturnType<typeof bucketWith>, known: Inputs) =>
  handler.read(fake.cloud, readRequest("b/k", { inputs: wanted("old"), state: known }));

/** As the engine asks for a resource that the program has registered. */
function diff(
  fake: ReturnType<typeof bucketWith>,
  olds: Inputs,
  oldInputs: Inputs,
  news: Inputs,
  ignored: string[] = [],
) {
  const request = { urn: URN, type: handler.token, id: "b/k", olds, oldInputs, news, ignoreChanges: ignored };
  const found = diffInputs(handler, oldInputs, news, "vpc");
  return handler.diffInCloud?.(fake.cloud, request, found) ?? Promise.resolve(found);
}

describe("the state keeps what we wrote apart from what is live", () => {
  test("a refresh stores the live ETag beside ours", async () => {
    const result = await read(bucketWith({ k: "edit" }), state("old"));
    expect(result?.state).toMatchObject({ etag: etagOf("edit"), [WRITTEN]: etagOf("old") });
  });

  test("a second refresh still knows ours, and so does one of a state from before", async () => {
    const again = await read(bucketWith({ k: "edit" }), state("old", "edit"));
    const before = await read(bucketWith({ k: "edit" }), { etag: etagOf("old") });
    for (const result of [again, before]) expect(result?.state[WRITTEN]).toBe(etagOf("old"));
  });

  test("an import takes what is live for ours", async () => {
    const { cloud } = bucketWith({ k: "edit" });
    const result = await handler.read(cloud, readRequest("b/k"));
    expect(result?.state[WRITTEN]).toBe(etagOf("edit"));
    expect(cloud.run.edits).toEqual([]);
  });

  test("a write stores it, also when it is not what we asked for afterwards", async () => {
    const fake = bucketWith({});
    const { state: written } = await handler.create(fake.cloud, createRequest(wanted("new")));
    expect(written).toMatchObject({ etag: etagOf("new"), [WRITTEN]: etagOf("new") });
    const lost = handler.create(fake.cloud, createRequest(wanted("new", { contentType: "text/css" })));
    const error: unknown = await lost.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InitializationError);
    expect((error as InitializationError).state).toMatchObject({ [WRITTEN]: etagOf("new") });
  });

  test("a change of the ACL alone keeps it", async () => {
    const fake = bucketWith({ k: "edit" });
    const olds = state("old", "edit");
    const news = wanted("old", { acl: "public-read" });
    const after = await handler.update(fake.cloud, updateRequest({ id: "b/k", olds, oldInputs: wanted("old"), news }));
    expect(after).toMatchObject({ [WRITTEN]: etagOf("old"), acl: "public-read" });
    expect(fake.did()).toEqual(["putObjectAcl"]);
  });
});

describe("after a refresh has seen an edit", () => {
  const seen = state("old", "edit");

  test("a write is refused all the same", async () => {
    const fake = bucketWith({ k: "edit" });
    const request = updateRequest({ id: "b/k", olds: seen, oldInputs: wanted("old"), news: wanted("new") });
    await expect(handler.update(fake.cloud, request)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
    expect(fake.did()).toEqual([]);
  });

  test("a delete is refused all the same", async () => {
    const fake = bucketWith({ k: "edit" });
    await expect(handler.delete(fake.cloud, deleteRequest("b/k", seen))).rejects.toMatchObject({
      code: "OBJECT_CHANGED",
    });
    expect(fake.did()).toEqual([]);
  });

  test("its being taken into the program passes", async () => {
    const fake = bucketWith({ k: "edit" });
    const request = updateRequest({ id: "b/k", olds: seen, oldInputs: wanted("old"), news: wanted("edit") });
    expect(await handler.update(fake.cloud, request)).toMatchObject({ [WRITTEN]: etagOf("edit") });
  });

  test("an update that only finishes an earlier one leaves it alone", async () => {
    const fake = bucketWith({ k: "edit" });
    const request = updateRequest({ id: "b/k", olds: seen, oldInputs: wanted("old"), news: wanted("old") });
    expect(await handler.update(fake.cloud, request)).toEqual(seen);
    expect(fake.did()).toEqual([]);
  });

  test.each([
    ["another bucket", { bucket: "other" }],
    ["another key", { key: "other" }],
  ])("%s is refused before anything is made there", async (_, change) => {
    const fake = bucketWith({ k: "edit" });
    const moving = diff(fake, seen, wanted("old"), wanted("old", change));
    await expect(moving).rejects.toMatchObject({ code: "OBJECT_CHANGED", message: expect.stringContaining("b/k") });
    expect(await diff(bucketWith({ k: "old" }), state("old"), wanted("old"), wanted("old", change))).toMatchObject({
      replaces: Object.keys(change),
    });
  });

  test("a destroy reports it", async () => {
    const fake = bucketWith({ k: "edit" });
    await read(fake, seen);
    expect(fake.cloud.run.edits).toMatchObject([{ place: "b/k", etag: etagOf("edit") }]);
    const error = unsavedEdits(fake.cloud.run.edits);
    expect(error).toMatchObject({ code: "UNSAVED_EDITS", message: expect.stringContaining("b/k") });
  });
});

describe("an edit that the program keeps in another object", () => {
  const rescue = {
    bucket: "b",
    key: "objects/e",
    content: "edit",
    contentType: "text/plain",
    metadata: { "goes-with": "bucket" },
  };
  const seen = state("old", "edit");
  const write = (fake: ReturnType<typeof bucketWith>) =>
    handler.update(fake.cloud, updateRequest({ id: "b/k", olds: seen, oldInputs: wanted("old"), news: wanted("new") }));

  test("may be written over once that object is written", async () => {
    const fake = bucketWith({ k: "edit" });
    await handler.create(fake.cloud, createRequest(rescue));
    await write(fake);
    expect([...fake.live]).toEqual([
      ["k", "new"],
      ["objects/e", "edit"],
    ]);
  });

  test("may be deleted", async () => {
    const fake = bucketWith({ k: "edit" });
    await handler.create(fake.cloud, createRequest(rescue));
    await handler.delete(fake.cloud, deleteRequest("b/k", seen));
    expect([...fake.live]).toEqual([["objects/e", "edit"]]);
  });

  test.each([
    { name: "is there from before", kept: "edit", written: true },
    { name: "was written over by somebody", kept: "other", written: false },
    { name: "is gone", kept: undefined, written: false },
  ])("counts only as it is live: the object $name", async ({ kept, written }) => {
    const fake = bucketWith({ k: "edit", ...(kept !== undefined && { "objects/e": kept }) });
    const olds = { ...rescue, etag: etagOf("edit"), [WRITTEN]: etagOf("edit") };
    const request = {
      urn: URN,
      type: handler.token,
      id: "b/objects/e",
      olds,
      oldInputs: rescue,
      news: rescue,
      ignoreChanges: [],
    };
    await handler.diffInCloud?.(fake.cloud, request, diffInputs(handler, rescue, rescue, "vpc"));
    if (written) await write(fake);
    else await expect(write(fake)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
  });

  test("is written over although the program's own bytes are those of before; not where they are ignored", async () => {
    const fake = bucketWith({ k: "edit" });
    await handler.preview(rescue, fake.cloud);
    const changes = async (ignored: string[]) =>
      (await diff(fake, seen, wanted("old"), wanted("old"), ignored)).changes;
    expect(await changes([])).toBe(true);
    expect(await changes(["content"])).toBe(false);
    await handler.update(
      fake.cloud,
      updateRequest({ id: "b/k", olds: seen, oldInputs: wanted("old"), news: wanted("old") }),
    );
    expect(fake.live.get("k")).toBe("old");
  });

  test("in another bucket helps nothing", async () => {
    const fake = bucketWith({ k: "edit" });
    fake.cloud.run.save("other", etagOf("edit"));
    await expect(write(fake)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
  });
});

describe("the same bytes given in another way", () => {
  const { content: _, ...imported } = wanted("old");

  test("are not a difference, even after an import", async () => {
    const fake = bucketWith({ k: "old" });
    const base64 = { ...imported, contentBase64: Buffer.from("old").toString("base64") };
    for (const before of [imported, base64]) {
      expect(await diff(fake, state("old"), before, wanted("old"))).toMatchObject({ changes: false, detailed: {} });
    }
    expect(await diff(fake, state("old"), imported, wanted("new"))).toMatchObject({ changes: true });
  });

  test("are one where somebody's edit is live", async () => {
    expect(await diff(bucketWith({ k: "edit" }), state("old", "edit"), imported, wanted("old"))).toMatchObject({
      changes: true,
    });
  });
});

describe("two entries of a state for one object (another logical name, another type, a forced replacement)", () => {
  test("the new one may write over what the old one wrote", async () => {
    const fake = bucketWith({ k: "old" });
    await read(fake, state("old"));
    await handler.create(fake.cloud, createRequest(wanted("new")));
    expect(fake.live.get("k")).toBe("new");
  });

  test("deleting the old one is not an edit, and does not delete the new one's bytes", async () => {
    const fake = bucketWith({ k: "new" });
    await read(fake, state("old"));
    await read(fake, state("new"));
    expect(fake.cloud.run.edits).toEqual([]);
    await handler.delete(fake.cloud, deleteRequest("b/k", state("old")));
    expect(fake.did()).not.toContain("deleteObject");
  });
});

describe("a PUT that ends in doubt", () => {
  const failing = (lands: boolean) => {
    const fake = bucketWith({ k: "old" });
    const { putObject, ...rest } = fake.cloud.s3;
    const s3 = {
      ...fake.cloud.s3,
      headObject: fake.cloud.s3.headObject.bind(rest),
      putObject: async (object: Parameters<typeof putObject>[0]) => {
        if (lands) await putObject(object);
        throw new CloudError({ code: "Timeout", status: 0, message: "no answer", action: "PUT object b/k" });
      },
    };
    return { ...fake, cloud: { ...fake.cloud, s3 } };
  };
  const request = updateRequest({ id: "b/k", olds: state("old"), oldInputs: wanted("old"), news: wanted("new") });

  test("goes on where our bytes are there", async () => {
    expect(await handler.update(failing(true).cloud, request)).toMatchObject({ [WRITTEN]: etagOf("new") });
  });

  test("fails where they are not", async () => {
    await expect(handler.update(failing(false).cloud, request)).rejects.toMatchObject({ code: "Timeout" });
  });
});

test("no text sends anybody to a refresh", () => {
  const edits = [{ place: "b/k", etag: "e", modified: undefined }];
  for (const { message } of [unsavedEdits(edits), editsLeftBehind(edits)]) {
    expect(message).toMatch(/into the program's files.*keep a copy/);
    expect(message).not.toContain("refresh");
  }
});
