import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, hashOf, type Sent, signedChunks, signedV2, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const INI = "[Planet]\nname = Test\n";
const ETAG = createHash("md5").update(INI).digest("hex");

describe("objects over raw HTTP (proves signatures, codes, headers and the cloud's oddities)", () => {
  let running: TestCloud;
  const base = () => `${running.endpoint}/services/objectstorage`;
  const keys = () => running.cloud.credentials;
  const v4 = (method: string, path: string, extra: Partial<Sent> = {}) =>
    exchange(signedV4({ method, url: base() + path, ...extra }, keys()).signed);
  const anonymous = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    exchange({ method, url: base() + path, headers });

  beforeAll(async () => {
    running = await startTestCloud();
    await v4("PUT", "/planet");
    await v4("PUT", "/planet/planet.ini", {
      headers: { "Content-Type": "text/plain", "x-amz-acl": "public-read", "x-amz-meta-Editor": "me" },
      body: INI,
    });
    await v4("PUT", "/planet/secret", { body: "secret" });
  });
  afterAll(() => running.close());

  test.each([
    { name: "a public object is read by anybody", path: "/planet/planet.ini", status: 200, text: INI },
    { name: "a private one is not", path: "/planet/secret", status: 403, text: "<Code>AccessDenied</Code>" },
    {
      name: "a missing key is missing for everybody",
      path: "/planet/none",
      status: 404,
      text: "<Code>NoSuchKey</Code>",
    },
    { name: "a missing bucket too", path: "/none/none", status: 404, text: "<Code>NoSuchBucket</Code>" },
    { name: "a private bucket is not listed", path: "/planet", status: 403, text: "<Code>AccessDenied</Code>" },
  ])("$name", async ({ path, status, text }) => {
    const reply = await anonymous(path);
    expect([reply.status, reply.headers.connection]).toEqual([status, "close"]);
    expect(reply.text).toContain(text);
  });

  test("the answer carries what was stored and nothing that the cloud does not send", async () => {
    const { headers } = await anonymous("/planet/planet.ini");
    expect(headers).toMatchObject({ "content-type": "text/plain", etag: `"${ETAG}"`, "x-amz-meta-editor": "me" });
    expect(headers).not.toHaveProperty("accept-ranges");
    expect(headers).not.toHaveProperty("x-amz-version-id");
  });

  test.each([
    { name: "with the service's path in the resource", prefix: "/services/Walrus" },
    { name: "without it", prefix: "" },
  ])("s3curl's signature, $name, stores an object", async ({ prefix }) => {
    const url = `${running.endpoint}/services/Walrus/planet/curl${prefix.length}`;
    const resource = `${prefix}/planet/curl${prefix.length}`;
    const sent = {
      method: "PUT",
      url,
      headers: { "Content-Type": "text/css", "x-amz-acl": "public-read" },
      body: "a{}",
    };
    expect((await exchange(signedV2(sent, keys(), resource))).status).toBe(200);
    expect(await anonymous(`/planet/curl${prefix.length}`)).toMatchObject({ status: 200, text: "a{}" });
  });

  test("signed chunks are decoded; a changed chunk is refused and leaves the old object", async () => {
    const sent = { method: "PUT", url: `${base()}/planet/chunks` };
    const good = signedChunks(sent, ["hello ", "world"], keys());
    expect((await exchange(good)).status).toBe(200);
    const bad = { ...good, body: String(good.body).replace("world", "W0rld") };
    expect(await exchange(bad)).toMatchObject({ status: 403 });
    expect((await v4("GET", "/planet/chunks")).text).toBe("hello world");
  });

  test("chunks without the last one are whole; what is longer than it said is cut", async () => {
    const good = signedChunks({ method: "PUT", url: `${base()}/planet/open` }, ["hello ", "world"], keys());
    const body = String(good.body);
    expect((await exchange({ ...good, body: body.slice(0, body.lastIndexOf("0;chunk")) })).status).toBe(200);
    expect((await v4("GET", "/planet/open")).text).toBe("hello world");
    const short = signedChunks({ method: "PUT", url: `${base()}/planet/short` }, ["hello ", "world"], keys(), 8);
    expect((await exchange(short)).status).toBe(200);
    expect((await v4("GET", "/planet/short")).text).toBe("hello wo");
  });

  test("an x-amz- header that is not signed is refused in version 2; version 4 signs what it names", async () => {
    const sent = { method: "PUT", url: `${base()}/planet/unsigned`, body: "x" };
    const added = (signed: Sent): Sent => ({ ...signed, headers: { ...signed.headers, "x-amz-acl": "public-read" } });
    expect((await exchange(added(signedV2(sent, keys())))).text).toContain("<Code>SignatureDoesNotMatch</Code>");
    expect((await exchange(added(signedV4(sent, keys()).signed))).status).toBe(200);
  });

  test.each([
    { name: "an unknown key", change: { accessKeyId: "AKINOBODY" }, code: "InvalidAccessKeyId" },
    { name: "a wrong secret", change: { secretAccessKey: "wrong" }, code: "SignatureDoesNotMatch" },
  ])("$name is 403 $code, in both versions", async ({ change, code }) => {
    const sent = { method: "GET", url: `${base()}/planet/secret` };
    const wrong = { ...keys(), ...change };
    for (const signed of [signedV2(sent, wrong), signedV4(sent, wrong).signed]) {
      const reply = await exchange(signed);
      expect([reply.status, reply.text.includes(`<Code>${code}</Code>`)]).toEqual([403, true]);
    }
  });

  test("a clock 16 minutes off is refused, 14 are fine", async () => {
    const at = (minutes: number) =>
      exchange(
        signedV4(
          { method: "GET", url: `${base()}/planet/secret` },
          keys(),
          hashOf(""),
          new Date(Date.now() + minutes * 60_000),
        ).signed,
      );
    expect((await at(14)).status).toBe(200);
    expect((await at(16)).text).toContain("RequestTimeTooSkewed");
  });

  test.each([
    { name: "another body than the signed", hash: hashOf("other"), status: 400, text: "XAmzContentSHA256Mismatch" },
    { name: "a trailer form", hash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", status: 400, text: "400 Bad Request" },
    { name: "upper-case hex", hash: hashOf("x").toUpperCase(), status: 400, text: "400 Bad Request" },
  ])("a PUT with $name is refused and stores nothing", async ({ hash, status, text }) => {
    const sent = { method: "PUT", url: `${base()}/planet/refused`, body: "x" };
    const reply = await exchange(signedV4(sent, keys(), hash).signed);
    expect([reply.status, reply.text.includes(text)]).toEqual([status, true]);
    expect((await anonymous("/planet/refused")).status).toBe(404);
  });

  test.each([
    { name: "canonical If-None-Match", headers: { "If-None-Match": `"${ETAG}"` }, status: 304 },
    { name: "lower-case if-none-match is ignored", headers: { "if-none-match": `"${ETAG}"` }, status: 200 },
    { name: "a star never matches", headers: { "If-None-Match": "*" }, status: 200 },
    { name: "If-Match with another", headers: { "If-Match": '"x"' }, status: 412 },
    {
      name: "If-Modified-Since in the future",
      headers: { "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT" },
      status: 304,
    },
    {
      name: "equal but modified since",
      headers: { "If-None-Match": ETAG, "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT" },
      status: 200,
    },
  ])("condition: $name gives $status", async ({ headers, status }) => {
    expect((await anonymous("/planet/planet.ini", headers)).status).toBe(status);
  });

  test.each([
    { range: "bytes=0-7", status: 200, text: "[Planet]", contentRange: "0-7/8" },
    { range: "bytes=9-", status: 200, text: "name = Test\n", contentRange: `9-${INI.length - 1}/12` },
    { range: "bytes=-5", status: 200, text: "Test\n", contentRange: "16-20/5" },
    { range: "bytes=5-2", status: 200, text: INI, contentRange: undefined },
    { range: "bytes=0-1,3-4", status: 200, text: INI, contentRange: undefined },
    { range: "bytes=100-", status: 416, text: "InvalidRange", contentRange: undefined },
    { range: "bytes=-0", status: 416, text: "InvalidRange", contentRange: undefined },
  ])("range $range gives $status and $contentRange", async ({ range, status, text, contentRange }) => {
    const reply = await anonymous("/planet/planet.ini", { Range: range });
    expect([reply.status, reply.headers["content-range"]]).toEqual([status, contentRange]);
    expect(reply.text).toContain(text);
  });

  test("a content type in lower case is lost", async () => {
    await v4("PUT", "/planet/lower", {
      headers: { "content-type": "text/html", "x-amz-acl": "public-read" },
      body: "x",
    });
    expect((await anonymous("/planet/lower")).headers["content-type"]).toBe("application/octet-stream");
  });

  test("a PUT with a query string takes 300 KiB, without one any size", async () => {
    const body = Buffer.alloc(300 * 1024 + 1, "x");
    const refused = await v4("PUT", "/planet/big?x-id=PutObject", { body });
    expect([refused.status, refused.headers["content-type"]]).toEqual([400, "text/plain; charset=UTF-8"]);
    const large = await v4("PUT", "/planet/big?x-id=PutObject", { body: Buffer.alloc(5_000_000) });
    expect(large.status).toBe(400);
    expect((await v4("PUT", "/planet/big?x-id=PutObject", { body: body.subarray(1) })).status).toBe(200);
    expect((await v4("PUT", "/planet/big", { body })).status).toBe(200);
  });

  test("setting the retention of an object overwrites it, unless the switch refuses that", async () => {
    await v4("PUT", "/planet/tagged", { body: "content" });
    running.cloud.refuseFallThroughs = true;
    expect((await v4("PUT", "/planet/tagged?retention=", { body: "<Tagging/>" })).status).toBe(501);
    expect((await v4("GET", "/planet/tagged")).text).toBe("content");
    running.cloud.refuseFallThroughs = false;
    expect((await v4("PUT", "/planet/tagged?retention=", { body: "<Tagging/>" })).status).toBe(200);
    expect((await v4("GET", "/planet/tagged")).text).toBe("<Tagging/>");
  });

  test("deleting what is not there is 204; a host name is a bucket", async () => {
    expect((await anonymous("/planet/none", {}, "DELETE")).status).toBe(204);
    expect((await anonymous("/planet/secret", {}, "DELETE")).status).toBe(403);
    const reply = await anonymous("/planet/planet.ini", { Host: "my.tunnel.example" });
    expect([reply.status, reply.text.includes("<Resource>my.tunnel.example</Resource>")]).toEqual([404, true]);
  });

  test("ACL: the whole rule is answered, and a canned one replaces it", async () => {
    await v4("PUT", "/planet/acl", { body: "x" });
    expect((await anonymous("/planet/acl")).status).toBe(403);
    expect((await v4("PUT", "/planet/acl?acl=", { headers: { "x-amz-acl": "public-read" } })).status).toBe(200);
    expect((await anonymous("/planet/acl")).status).toBe(200);
    const { text } = await v4("GET", "/planet/acl?acl=");
    expect(text).toContain(
      'xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ<',
    );
    expect((await v4("PUT", "/planet/acl?acl=", { headers: { "x-amz-acl": "everyone" } })).text).toContain(
      "InvalidArgument",
    );
  });

  test("buckets: an own one is kept, a full one is not deleted, unknown features are 404, 405 and 501", async () => {
    expect((await v4("PUT", "/planet")).status).toBe(200);
    expect((await v4("DELETE", "/planet")).text).toContain("BucketNotEmpty");
    expect((await v4("GET", "/planet?website=")).text).toContain("NoSuchWebsiteConfiguration");
    expect((await v4("PUT", "/planet?website=", { body: "<x/>" })).status).toBe(501);
    expect((await v4("POST", "/planet")).text).toContain("<Code>404 Not Found<");
    expect((await v4("POST", "/planet?x-id=1")).status).toBe(405);
    expect((await v4("GET", "/planet/planet.ini?partNumber=1")).status).toBe(405);
    expect((await v4("GET", "/planet?max-keys=x")).text).toContain("InvalidArgument");
  });

  test("a restart keeps objects and their rules", async () => {
    await running.restart();
    expect((await anonymous("/planet/planet.ini")).text).toBe(INI);
    expect((await anonymous("/planet/secret")).status).toBe(403);
    expect((await v4("GET", "/planet/secret")).text).toBe("secret");
  });
});
