import { describe, expect, test } from "@jest/globals";
import { InitializationError, UNKNOWN } from "@planet/pulumi-plugin";
import { md5 } from "../objects/content.ts";
import { parsePlace } from "../objects/objectState.ts";
import { createRequest, deleteRequest, liveObject, readRequest, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { bucketObject, bucketObjectv2 } from "./bucketObject.ts";

const news = { bucket: "b", key: "k", content: "new", contentType: "text/plain", acl: "public-read" };
const etagOf = (text: string) => md5(Buffer.from(text));
const names = ({ calls }: { calls: readonly (readonly unknown[])[] }) => calls.map(([name]) => name);

/** A store with one object in it, or none. */
function storeWith(text: string | undefined, { losesType = false } = {}) {
  let live = text === undefined ? undefined : liveObject({ etag: etagOf(text) });
  return fakeCloud({
    s3: {
      headObject: () => live,
      putObject: ({ bytes }: { bytes: Uint8Array }) => {
        live = liveObject({ etag: md5(bytes), contentType: losesType ? "application/octet-stream" : "text/plain" });
        return { etag: md5(bytes), versionId: "" };
      },
      putObjectAcl: () => undefined,
      getObjectAcl: () => ({ ownerId: "me", grants: [] }),
      deleteObject: () => {
        live = undefined;
      },
    },
  });
}

describe("writing an object (known to the state: the bytes `old`)", () => {
  test.each([
    { name: "what the state knows is overwritten", live: "old", isWritten: true },
    {
      name: "what is about to be written may be there: a pulled edit, an interrupted deploy",
      live: "new",
      isWritten: true,
    },
    { name: "nothing is there", live: undefined, isWritten: true },
    { name: "somebody's edit stays", live: "edit", isWritten: false },
  ])("$name", async ({ live, isWritten }) => {
    const fake = storeWith(live);
    const request = updateRequest({
      id: "b/k",
      olds: { etag: etagOf("old") },
      oldInputs: { ...news, content: "old" },
      news,
    });
    const writing = bucketObjectv2.update(fake.cloud, request);
    if (isWritten) expect(await writing).toMatchObject({ etag: etagOf("new"), contentType: "text/plain" });
    else await expect(writing).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
    expect(names(fake).includes("putObject")).toBe(isWritten);
  });

  test.each([
    { name: "refused over other bytes", live: "edit", isWritten: false },
    { name: "fine over the same bytes", live: "new", isWritten: true },
    { name: "fine where nothing is", live: undefined, isWritten: true },
  ])("a create is $name", async ({ live, isWritten }) => {
    const fake = storeWith(live);
    const writing = bucketObject.create(fake.cloud, createRequest(news));
    if (isWritten) expect(await writing).toMatchObject({ id: "b/k" });
    else
      await expect(writing).rejects.toMatchObject({ code: "OBJECT_CHANGED", message: expect.stringContaining("b/k") });
  });

  test("an ACL is repaired by a PUT of the ACL alone, even over somebody's edit", async () => {
    const fake = storeWith("edit");
    const oldInputs = { ...news, acl: "private" };
    expect(
      await bucketObjectv2.update(
        fake.cloud,
        updateRequest({ id: "b/k", olds: { etag: etagOf("new") }, oldInputs, news }),
      ),
    ).toMatchObject({ acl: "public-read" });
    expect(names(fake)).toEqual(["putObjectAcl"]);
  });

  test("a lost type keeps the object and is reported", async () => {
    const fake = storeWith(undefined, { losesType: true });
    const error = await bucketObjectv2.create(fake.cloud, createRequest(news)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InitializationError);
    expect(error).toMatchObject({ id: "b/k", reasons: [expect.stringContaining("application/octet-stream")] });
  });

  test("a preview knows the ETag of content that it knows", async () => {
    const { cloud } = fakeCloud({});
    expect(await bucketObjectv2.preview(news, cloud)).toMatchObject({ etag: etagOf("new"), versionId: UNKNOWN });
    expect(await bucketObjectv2.preview({ ...news, content: UNKNOWN }, cloud)).toMatchObject({ etag: UNKNOWN });
  });
});

describe("reading an object", () => {
  test("never changes its inputs, the ACL excepted", async () => {
    const fake = storeWith("edit");
    const read = await bucketObjectv2.read(fake.cloud, readRequest("b/k", { inputs: news }));
    expect(read?.inputs).toEqual({ ...news, acl: "private" });
    expect(read?.state).toMatchObject({ etag: etagOf("edit") });
  });
});

describe("deleting an object", () => {
  test.each([
    { name: "as the state knows it", live: "old", isDeleted: true },
    { name: "gone already", live: undefined, isDeleted: false },
  ])("$name is not an error", async ({ live, isDeleted }) => {
    const fake = storeWith(live);
    await bucketObject.delete(fake.cloud, deleteRequest("b/other", { etag: etagOf("old") }));
    expect(names(fake).includes("deleteObject")).toBe(isDeleted);
  });

  test("somebody's edit stays", async () => {
    const fake = storeWith("edit");
    const request = deleteRequest("b/other", { etag: etagOf("old") });
    await expect(bucketObject.delete(fake.cloud, request)).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
    expect(names(fake)).toEqual(["headObject"]);
  });

  test("a key may have slashes", () => {
    expect(parsePlace("b/objects/a")).toEqual({ bucket: "b", key: "objects/a" });
    expect(parsePlace("s3://b/k")).toEqual({ bucket: "b", key: "k" });
    expect(parsePlace("b")).toBeUndefined();
  });
});
