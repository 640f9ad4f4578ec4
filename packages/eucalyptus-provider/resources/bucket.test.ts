import { describe, expect, test } from "@jest/globals";
import { CloudError } from "@planet/eucalyptus-client";
import { diffInputs } from "../rules/diffInputs.ts";
import { createRequest, deleteRequest, liveObject, readRequest, updateRequest } from "../testing/facts.ts";
import { fakeCloud } from "../testing/fakeCloud.ts";
import { bucket } from "./bucket.ts";

const names = ({ calls }: { calls: readonly (readonly unknown[])[] }) => calls.map(([name]) => name);
const closed = () => ({ ownerId: "me", grants: [] });
describe("buckets", () => {
  const store = (mine: string[], keys: string[], grants: readonly object[] = []) =>
    fakeCloud({
      s3: {
        listBuckets: () => mine,
        listObjects: () => keys.map((key) => ({ key })),
        headObject: () => liveObject(),
        createBucket: () => undefined,
        putBucketAcl: () => undefined,
        getBucketAcl: () => ({ ownerId: "me", grants }),
      },
    });

  test.each([
    { name: "a new one is made", mine: [], keys: [], acl: undefined, does: ["createBucket"] },
    { name: "an empty one of ours is adopted", mine: ["b"], keys: [], acl: undefined, does: [] },
    {
      name: "one of ours with objects is adopted as it is",
      mine: ["b"],
      keys: ["planet.ini"],
      acl: undefined,
      does: [],
    },
    {
      name: "an adopted one gets an ACL that is asked for",
      mine: ["b"],
      keys: ["a"],
      acl: "private",
      does: ["putBucketAcl"],
    },
  ])("$name", async ({ mine, keys, acl, does }) => {
    const fake = store(mine, keys);
    const inputs = { bucket: "b", ...(acl && { acl }) };
    expect(await bucket.create(fake.cloud, createRequest(inputs))).toMatchObject({
      id: "b",
      state: { bucketDomainName: "192.0.2.1:8773/services/objectstorage/b" },
    });
    expect(names(fake).filter((name) => !/^(list|head|get)/.test(String(name)))).toEqual(does);
    expect(fake.said).toEqual(keys.map((key) => expect.stringMatching(`adopted the bucket b.*${key}`)));
  });

  test.each([
    ["everybody", "global/AllUsers", "WRITE"],
    ["everybody, by a change of the ACL", "global/AllUsers", "WRITE_ACP"],
    ["every account of the cloud", "global/AuthenticatedUsers", "FULL_CONTROL"],
  ])(
    "one that %s may write is refused, in previews as well, unless the program says so",
    async (_, group, permission) => {
      const grants = [{ grantee: `http://acs.amazonaws.com/groups/${group}`, permission }];
      const { cloud } = store(["b"], [], grants);
      const refused = { code: "BUCKET_OPEN", message: expect.stringContaining("s3cmd setacl --acl-private s3://b") };
      await expect(bucket.create(cloud, createRequest({ bucket: "b" }))).rejects.toMatchObject(refused);
      await expect(bucket.preview({ bucket: "b" }, cloud)).rejects.toMatchObject(refused);
      const facts = { olds: { bucket: "b" }, oldInputs: { bucket: "b" }, news: { bucket: "b" }, ignoreChanges: [] };
      const request = { urn: "u", type: bucket.token, id: "b", ...facts };
      const same = diffInputs(bucket, request.oldInputs, request.news, "vpc");
      await expect(bucket.diffInCloud?.(cloud, request, same)).rejects.toMatchObject(refused);
      expect(await bucket.preview({ bucket: "b", acl: "public-read-write" }, cloud)).toMatchObject({ bucket: "b" });
    },
  );

  test("one that others may only list is used", async () => {
    const grants = [{ grantee: "http://acs.amazonaws.com/groups/global/AllUsers", permission: "READ" }];
    expect(await bucket.preview({ bucket: "b" }, store(["b"], [], grants).cloud)).toMatchObject({ bucket: "b" });
  });

  test("one that another state owns is refused, in a preview as well", async () => {
    const metadataOf = (key: string) => (key === "manifest.json" ? { "held-by": "state" } : {});
    const fake = fakeCloud({
      s3: {
        listBuckets: () => ["b"],
        listObjects: () =>
          [...Array.from({ length: 20 }, (_, index) => `face${index}`), "manifest.json"].map((key) => ({ key })),
        headObject: (_: string, key: string) => liveObject({ metadata: metadataOf(key) }),
      },
    });
    const refused = { code: "BUCKET_HELD", message: expect.stringMatching(/manifest\.json.*PULUMI_BACKEND_URL/) };
    await expect(bucket.create(fake.cloud, createRequest({ bucket: "b" }))).rejects.toMatchObject(refused);
    await expect(bucket.preview({ bucket: "b" }, fake.cloud)).rejects.toMatchObject(refused);
  });

  const refusing = (code: string) => () => {
    throw new CloudError({ code, status: 409, message: "no", action: "bucket b" });
  };

  test("one of another account is refused", async () => {
    const fake = fakeCloud({ s3: { listBuckets: () => [], createBucket: refusing("BucketAlreadyExists") } });
    await expect(bucket.create(fake.cloud, createRequest({ bucket: "b" }))).rejects.toMatchObject({
      code: "BUCKET_EXISTS",
      message: expect.stringContaining("another account"),
    });
  });

  /** A bucket with these objects, each with its metadata. */
  function fullOf(objects: Record<string, Record<string, string>>) {
    const live = new Map(Object.entries(objects));
    return fakeCloud({
      s3: {
        deleteBucket: () => (live.size > 0 ? refusing("BucketNotEmpty")() : undefined),
        listObjects: (_: string, prefix = "", limit = Number.POSITIVE_INFINITY) =>
          [...live.keys()]
            .filter((key) => key.startsWith(prefix))
            .toSorted()
            .slice(0, limit)
            .map((key) => ({ key })),
        headObject: (_: string, key: string) => liveObject({ metadata: live.get(key) ?? {} }),
        deleteObject: (_: string, key: string) => void live.delete(key),
      },
    });
  }

  test("one with objects of others is not deleted: says which, and the next steps", async () => {
    const fake = fullOf({ "photo.jpg": {}, "objects/a": { "goes-with": "bucket" } });
    await expect(bucket.delete(fake.cloud, deleteRequest("b"))).rejects.toMatchObject({
      code: "BUCKET_NOT_EMPTY",
      message: expect.stringMatching(/1 object\(s\).*: photo\.jpg[\s\S]*any S3 client[\s\S]*pulumi state delete 'urn:/),
    });
    expect(names(fake)).not.toContain("deleteObject");
  });

  test("objects that its stack has retained are deleted with it", async () => {
    const fake = fullOf({ "objects/a": { "goes-with": "bucket" } });
    await bucket.delete(fake.cloud, deleteRequest("b"));
    expect(names(fake).slice(-2)).toEqual(["deleteObject", "deleteBucket"]);
  });

  const folder = (below: string) => ({ "goes-with": "bucket", below });
  const manyIn = (prefix: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, {}]));

  test("what others have written into its marked folders is deleted with it, in pages without limit", async () => {
    const fake = fullOf({
      ...manyIn("memory/feeds/", 2_500),
      ...manyIn("memory-2/", 1),
      "goes-with-bucket/memory": folder("memory/"),
      "goes-with-bucket/memory-2": folder("memory-2/"),
    });
    await bucket.delete(fake.cloud, deleteRequest("b"));
    expect(names(fake).filter((name) => name === "deleteObject")).toHaveLength(2_503);
    expect(names(fake).at(-1)).toBe("deleteBucket");
  });

  test.each<[string, Record<string, Record<string, string>>]>([
    ["without a mark", { "memory/a": {} }],
    ["beside a marked folder", { "memory-notes.txt": {}, "goes-with-bucket/memory": folder("memory/") }],
    ["below a mark of somebody else", { "memory/a": {}, "goes-with-bucket/memory": { below: "memory/" } }],
    ["below a mark in another place", { "memory/a": {}, "memory/mark": folder("memory/") }],
    ["where a mark names no folder", { a: {}, "goes-with-bucket/a": folder("") }],
    ["where a mark names a part of a name", { ab: {}, "goes-with-bucket/a": folder("a") }],
  ])("an object %s stops the deletion", async (_, objects) => {
    const fake = fullOf(objects);
    await expect(bucket.delete(fake.cloud, deleteRequest("b"))).rejects.toMatchObject({ code: "BUCKET_NOT_EMPTY" });
    expect(names(fake)).not.toContain("deleteObject");
  });

  test("a kept bucket is adopted without a look at each object in its marked folders", async () => {
    const fake = fakeCloud({
      s3: {
        listBuckets: () => ["b"],
        listObjects: (_: string, prefix: string) => {
          const keys = prefix === "" ? Object.keys(manyIn("memory/", 900)) : ["goes-with-bucket/memory"];
          return keys.map((key) => ({ key }));
        },
        headObject: () => liveObject({ metadata: folder("memory/") }),
        getBucketAcl: closed,
      },
    });
    expect(await bucket.create(fake.cloud, createRequest({ bucket: "b" }))).toMatchObject({ id: "b" });
    expect(names(fake).filter((name) => name === "headObject")).toHaveLength(1);
  });

  test("a bucket that this state already has is not another state's: under another name, or only its objects", async () => {
    const held = () =>
      fakeCloud({
        s3: {
          listBuckets: () => ["b"],
          listObjects: () => [{ key: "manifest.json" }],
          headObject: () => liveObject({ metadata: { "held-by": "state" } }),
          getBucketAcl: closed,
        },
      });
    for (const id of ["b", "b/manifest.json"]) {
      const fake = held();
      fake.cloud.run.noteInState(id);
      expect(await bucket.create(fake.cloud, createRequest({ bucket: "b" }))).toMatchObject({ id: "b" });
    }
  });

  describe("whose creation has an unknown outcome", () => {
    const doubtful = (found: string[], code: string, status: number) => {
      let listed = 0;
      return fakeCloud({
        s3: {
          listBuckets: () => (listed++ === 0 ? [] : found),
          createBucket: () => {
            throw new CloudError({ code, status, message: "no", action: "bucket b" });
          },
        },
      });
    };

    test("is ours when it is there", async () => {
      const { cloud } = doubtful(["b"], "Timeout", 0);
      expect(await bucket.create(cloud, createRequest({ bucket: "b" }))).toMatchObject({ id: "b" });
    });

    test("fails when it is not, with a hint if the cloud has a half-made one of that name", async () => {
      const request = createRequest({ bucket: "b" });
      await expect(bucket.create(doubtful([], "Timeout", 0).cloud, request)).rejects.toMatchObject({ code: "Timeout" });
      await expect(bucket.create(doubtful([], "InternalError", 500).cloud, request)).rejects.toMatchObject({
        code: "BUCKET_STUCK",
        message: expect.stringContaining("Wait a minute"),
      });
    });
  });

  test("another bucket is refused only while a refresh has seen an edit in this one", async () => {
    const { cloud } = fakeCloud({ s3: { getBucketAcl: closed } });
    const olds = { bucket: "b", forceDestroy: false };
    const to = (name: string) => {
      const news = { ...olds, bucket: name };
      const found = diffInputs(bucket, olds, news, "vpc");
      const request = { urn: "u", type: bucket.token, id: "b", oldInputs: olds, olds, news, ignoreChanges: [] };
      return Promise.resolve().then(() => bucket.diffInCloud?.(cloud, request, found));
    };
    cloud.run.noteEdit({ place: "bb/k", etag: "e", modified: undefined });
    expect(await to("other")).toMatchObject({ replaces: ["bucket"] });
    cloud.run.noteEdit({ place: "b/k", etag: "e", modified: undefined });
    expect(await to("b")).toMatchObject({ changes: false });
    await expect(to("other")).rejects.toMatchObject({
      code: "EDITS_LEFT_BEHIND",
      message: expect.stringContaining("b/k"),
    });
  });

  test("a refresh reads the ACL; it is an input only for a program that sets one, and after an import", async () => {
    const fake = fakeCloud({ s3: { headBucket: () => true, getBucketAcl: () => ({ ownerId: "me", grants: [] }) } });
    const read = (inputs?: { bucket: string; acl?: string }) =>
      bucket.read(fake.cloud, readRequest("b", inputs && { inputs }));
    expect((await read({ bucket: "b" }))?.inputs).not.toHaveProperty("acl");
    expect(await read({ bucket: "b", acl: "public-read" })).toMatchObject({ inputs: { acl: "private" } });
    expect(await read()).toMatchObject({ inputs: { acl: "private" }, state: { acl: "private" } });
  });

  test("an update sets the ACL that the program asks for, and otherwise none", async () => {
    const fake = fakeCloud({ s3: { putBucketAcl: () => undefined } });
    const update = (news: { bucket: string; acl?: string }) =>
      bucket.update(fake.cloud, updateRequest({ id: "b", olds: { acl: "public-read" }, news }));
    expect(await update({ bucket: "b" })).toMatchObject({ acl: "public-read" });
    expect(names(fake)).toEqual([]);
    expect(await update({ bucket: "b", acl: "private" })).toMatchObject({ acl: "private" });
    expect(names(fake)).toEqual(["putBucketAcl"]);
  });
});
