import { afterEach, describe, expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import { type CannedAnswer, type CannedServer, cannedServer, type SeenRequest } from "../testing/cannedServer.ts";
import { fakePace } from "../testing/fakePace.ts";
import { createS3 } from "./createS3.ts";
import { readPublicObject } from "./readPublicObject.ts";

let server: CannedServer | undefined;
afterEach(() => server?.close());

async function s3With(answer: (request: SeenRequest, count: number) => CannedAnswer) {
  server = await cannedServer((request, count) => {
    const { headers, ...rest } = answer(request, count);
    return { ...rest, headers: { "x-amz-request-id": "1", ...headers } };
  });
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const connection = { region: "eucalyptus", credentials, clock: createClock(), pace: fakePace() };
  return {
    s3: createS3(`${server.origin}/services/objectstorage/`, connection),
    seen: server.seen,
    origin: server.origin,
  };
}

const sha256Of = { hi: "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4" };

describe("S3 calls on the wire (proves what is sent and read; not that a cloud takes it)", () => {
  test("a write has canonical header names, its hash, and no query string", async () => {
    const { s3, seen } = await s3With(() => ({ headers: { ETag: '"49f68a5c8493ec2c0bf489821c21fc3b"' } }));
    const put = {
      bucket: "b",
      key: "a b/ü+.txt",
      bytes: Buffer.from("hi"),
      contentType: "text/html; charset=utf-8",
      acl: "public-read",
      metadata: { a: "1" },
    } as const;
    expect(await s3.putObject(put)).toEqual({ etag: "49f68a5c8493ec2c0bf489821c21fc3b", versionId: "" });
    const [request] = seen;
    expect(request).toMatchObject({
      method: "PUT",
      target: "/services/objectstorage/b/a%20b/%C3%BC%2B.txt",
      body: "hi",
    });
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      "Content-Type": "text/html; charset=utf-8",
      "Content-Length": "2",
      "x-amz-acl": "public-read",
      "x-amz-meta-a": "1",
      "X-Amz-Content-Sha256": sha256Of.hi,
      Authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eucalyptus\/s3\/aws4_request, SignedHeaders=.*content-type.*, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  test("the only query of a PUT is the ACL", async () => {
    const { s3, seen } = await s3With(() => ({}));
    await s3.putObjectAcl("b", "k", "private");
    await s3.putBucketAcl("b", "public-read");
    await s3.createBucket("b");
    expect(seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
      "PUT /services/objectstorage/b/k?acl",
      "PUT /services/objectstorage/b?acl",
      "PUT /services/objectstorage/b",
    ]);
    expect(seen.every(({ headers }) => headers.get("Content-Length") === "0")).toBe(true);
  });

  test("what is missing is undefined, what is refused is an error", async () => {
    const { s3 } = await s3With(({ target }) => ({ status: target.endsWith("missing") ? 404 : 403 }));
    expect(await s3.headObject("b", "missing")).toBeUndefined();
    await expect(s3.headObject("b", "secret")).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
  });

  test("facts of an object are read without quotes", async () => {
    const headers = {
      ETag: '"e"',
      "Content-Type": "text/css",
      "Content-Length": "0",
      "x-amz-meta-Who": "me",
      "Last-Modified": "Tue, 24 Nov 2026 09:00:00 GMT",
    };
    const { s3 } = await s3With(() => ({ headers }));
    expect(await s3.headObject("b", "k")).toMatchObject({
      etag: "e",
      contentType: "text/css",
      metadata: { who: "me" },
      lastModified: new Date("2026-11-24T09:00:00Z"),
    });
  });

  test("a listing goes on behind the last key, and keys keep blanks and numbers", async () => {
    const item = (key: string) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-24T09:00:00.000Z</LastModified><ETag>"e"</ETag><Size>1</Size></Contents>`;
    const page = (inner: string, more: boolean) =>
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>${more}</IsTruncated>${inner}</ListBucketResult>`;
    const { s3, seen } = await s3With((_request, count) => ({
      body: count === 1 ? page(item(" a") + item("007"), true) : page(item("z&amp;1"), false),
    }));
    expect((await s3.listObjects("b")).map(({ key }) => key)).toEqual([" a", "007", "z&1"]);
    expect(seen[1]?.target).toBe("/services/objectstorage/b?marker=007&max-keys=1000");
  });

  test("pages of a listing come one by one: the next is asked for when it is wanted", async () => {
    const page = (key: string) =>
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>true</IsTruncated><Contents><Key>${key}</Key><LastModified>2026-11-24T09:00:00.000Z</LastModified><ETag>"e"</ETag><Size>1</Size></Contents></ListBucketResult>`;
    const { s3, seen } = await s3With((_request, count) => ({ body: page(`m/${count}`) }));
    const keys: string[] = [];
    for await (const objects of s3.objectPages("b", "m/")) {
      keys.push(...objects.map(({ key }) => key));
      if (keys.length === 2) break;
    }
    expect(keys).toEqual(["m/1", "m/2"]);
    expect(seen.map(({ target }) => target)).toEqual([
      "/services/objectstorage/b?max-keys=1000&prefix=m%2F",
      "/services/objectstorage/b?marker=m%2F1&max-keys=1000&prefix=m%2F",
    ]);
  });

  test("a missing object is deleted already", async () => {
    const { s3 } = await s3With(() => ({ status: 404, body: "<Error><Code>NoSuchBucket</Code></Error>" }));
    await expect(s3.deleteObject("b", "k")).resolves.toBeUndefined();
  });
});

describe("reading without keys", () => {
  test("sends no signature, and tells public, private and missing apart", async () => {
    const { seen, origin } = await s3With(({ target }) => {
      if (target.endsWith("private"))
        return { status: 403, body: "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>" };
      if (target.endsWith("missing")) return { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
      return { headers: { ETag: '"e"' }, body: "hi" };
    });
    expect((await readPublicObject(`${origin}/b/public`))?.bytes.toString()).toBe("hi");
    expect(await readPublicObject(`${origin}/b/missing`)).toBeUndefined();
    await expect(readPublicObject(`${origin}/b/private`)).rejects.toMatchObject({ status: 403, code: "AccessDenied" });
    expect(seen.some(({ headers }) => [...headers.keys()].some((name) => /authorization/i.test(name)))).toBe(false);
  });
});
