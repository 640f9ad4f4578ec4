import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, type Sent, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

describe("versions, copies and multipart uploads over raw HTTP (proves what is kept and what goes)", () => {
  let running: TestCloud;
  const v4 = (method: string, path: string, extra: Partial<Sent> = {}) =>
    exchange(
      signedV4(
        { method, url: `${running.endpoint}/services/objectstorage${path}`, ...extra },
        running.cloud.credentials,
      ).signed,
    );
  const between = (text: string, tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? "";

  beforeAll(async () => {
    running = await startTestCloud();
    await v4("PUT", "/b1");
  });
  afterAll(() => running.close());

  test("a versioned bucket keeps the older bytes, and a marker hides the key", async () => {
    await v4("PUT", "/versioned");
    await v4("PUT", "/versioned?versioning=", {
      body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    });
    const first = (await v4("PUT", "/versioned/k", { body: "one" })).headers["x-amz-version-id"];
    await v4("PUT", "/versioned/k", { body: "two" });
    expect((await v4("GET", "/versioned/k")).text).toBe("two");
    expect((await v4("DELETE", "/versioned/k")).headers["x-amz-delete-marker"]).toBe("true");
    expect((await v4("GET", "/versioned/k")).status).toBe(404);
    expect((await v4("GET", `/versioned/k?versionId=${String(first)}`)).text).toBe("one");
    const { text } = await v4("GET", "/versioned?versions=");
    expect([text.match(/<Version>/g)?.length, text.match(/<DeleteMarker>/g)?.length]).toEqual([2, 1]);
    expect((await v4("DELETE", "/versioned")).text).toContain("BucketNotEmpty");
  });

  test("a copy keeps the type, not the ACL; onto itself only with REPLACE", async () => {
    const headers = { "Content-Type": "text/css", "x-amz-acl": "public-read" };
    await v4("PUT", "/b1/source", { headers, body: "a{}" });
    const copied = await v4("PUT", "/b1/copy", { headers: { "x-amz-copy-source": "/b1/source" } });
    expect(copied.text).toMatch(/<ETag>[0-9a-f]{32}<\/ETag>/);
    expect((await v4("GET", "/b1/copy")).headers["content-type"]).toBe("text/css");
    const anonymous = await exchange({ method: "GET", url: `${running.endpoint}/services/objectstorage/b1/copy` });
    expect(anonymous.status).toBe(403);
    const itself = await v4("PUT", "/b1/copy", { headers: { "x-amz-copy-source": "/b1/copy" } });
    expect(itself.text).toContain("<Code>InvalidRequest</Code>");
    const failing = {
      "x-amz-copy-source": "/b1/source",
      "X-Amz-Copy-Source-If-None-Match": between(copied.text, "ETag"),
    };
    expect((await v4("PUT", "/b1/copy", { headers: failing })).status).toBe(412);
  });

  test("parts are joined by their numbers, whatever the tags say; a wrong order and missing parts are refused", async () => {
    const uploadId = between((await v4("POST", "/b1/big?uploads=")).text, "UploadId");
    const part = async (number: number, body: string) =>
      String((await v4("PUT", `/b1/big?partNumber=${number}&uploadId=${uploadId}`, { body })).headers.etag);
    const [first, second] = [await part(1, "x".repeat(5 * 1024 * 1024)), await part(2, "small")];
    const complete = (...parts: (readonly [number, string])[]) =>
      v4("POST", `/b1/big?uploadId=${uploadId}`, {
        body: `<CompleteMultipartUpload>${parts
          .map(([number, tag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part>`)
          .join("")}</CompleteMultipartUpload>`,
      });
    expect((await complete([1, first], [1, first])).text).toContain("InvalidPartOrder");
    expect((await complete([1, first], [3, second])).text).toContain("InvalidPart<");
    const joined = await complete([1, `&#34;${first.replaceAll('"', "")}&#34;`], [2, "other"]);
    expect(joined.text).toMatch(/<ETag>uuid-[0-9a-f]{32}<\/ETag>/);
    expect((await v4("HEAD", "/b1/big")).headers["content-length"]).toBe(String(5 * 1024 * 1024 + 5));
    expect((await complete([1, first])).text).toContain("NoSuchUpload");
  });

  test("several deletes in one call; unknown keys count as deleted", async () => {
    await v4("PUT", "/b1/gone", { body: "x" });
    const body = "<Delete><Object><Key>gone</Key></Object><Object><Key>never</Key></Object></Delete>";
    const { text } = await v4("POST", "/b1?delete=", { body });
    expect(text.match(/<Deleted>/g)).toHaveLength(2);
    expect((await v4("HEAD", "/b1/gone")).status).toBe(404);
  });
});
