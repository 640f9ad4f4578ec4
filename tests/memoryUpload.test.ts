import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBucket } from "../packages/aggregator/sync/bucket.ts";
import { upload } from "../packages/aggregator/sync/upload.ts";
import type { Permit } from "../packages/content/index.ts";
import { exchange } from "../packages/local-cloud/testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../packages/local-cloud/testing/testCloud.ts";
import { PlanetBucket } from "./harness/planetBucket.ts";

let running: TestCloud;
let permit: Permit;
beforeAll(async () => {
  running = await startTestCloud();
  permit = (await PlanetBucket.create(running)).permit("memory/");
});
afterAll(() => running.close());

const read = async (name: string) => {
  const bucket = openBucket(permit.bucketUrl);
  const answer = await bucket.read(name);
  bucket.close();
  return answer;
};

describe("an object written with a permit (over the wire of a local cloud, as strict as Eucalyptus)", () => {
  test("is read by anybody, byte by byte, and may be written again", async () => {
    for (const bytes of [Buffer.from([0, 13, 10, 45, 45]), Buffer.alloc(1_200_000, "\r\n--planet-")]) {
      await upload(permit, "feeds/a.json.gz", bytes);
      const answer = await read("memory/feeds/a.json.gz");
      expect(answer.state === "ok" && Buffer.from(answer.bytes).equals(bytes)).toBe(true);
    }
    const { headers } = await exchange({ method: "GET", url: `${permit.bucketUrl}/memory/feeds/a.json.gz` });
    expect(headers["content-type"]).toBe("application/json");
  });

  test("has the type that was asked for", async () => {
    await upload(permit, "token", Buffer.from("text"), { type: "text/plain" });
    const { headers } = await exchange({ method: "GET", url: `${permit.bucketUrl}/memory/token` });
    expect(headers["content-type"]).toBe("text/plain");
  });

  test.each<[string, () => Partial<Permit>, string]>([
    ["of another signature", () => ({ signature: `${"A".repeat(27)}=` }), "http 403 SignatureDoesNotMatch"],
    ["of a key that is gone", () => ({ accessKeyId: "AKGONE" }), "http 403 InvalidAccessKeyId"],
    ["used below another prefix", () => ({ prefix: "tls/" }), "http 403 SignatureDoesNotMatch"],
  ])("with a permit %s: refused, in words that repeat nothing secret", async (_, wrong, message) => {
    const refusal = { code: "REFUSED", message };
    await expect(upload({ ...permit, ...wrong() }, "x", Buffer.from("x"))).rejects.toMatchObject(refusal);
  });

  test("what is not there is missing by the storage's own word", async () => {
    expect(await read("memory/none")).toMatchObject({ state: "missing", code: "NoSuchKey" });
  });
});

describe("a storage that fails", () => {
  test.each<[string, number | undefined, string, string]>([
    ["an error", 503, "FAILED", "http 503 SlowDown"],
    ["nothing", undefined, "FAILED", "no answer in 0.2 s"],
  ])("answers %s: the upload fails in time", async (_, status, code, message) => {
    const server = createServer((_request, response) => {
      if (status !== undefined) response.writeHead(status).end("<Error><Code>SlowDown</Code></Error>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const bucketUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/planet`;
    await expect(upload({ ...permit, bucketUrl }, "x", Buffer.from("x"), { limitMs: 200 })).rejects.toMatchObject({
      code,
      message,
    });
    server.closeAllConnections();
    server.close();
  });

  test("is not there: likewise", async () => {
    const nowhere = { ...permit, bucketUrl: "http://127.0.0.1:9/planet" };
    await expect(upload(nowhere, "x", Buffer.from("x"))).rejects.toMatchObject({ code: "FAILED" });
  });
});
