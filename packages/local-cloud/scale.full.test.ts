import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type CloudProcess, startCloudProcess } from "./testing/cloudProcess.ts";
import { exchange, type Sent, signedV4 } from "./testing/s3Client.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const CHUNK = Buffer.alloc(MIB, "x");
const UNSIGNED = "UNSIGNED-PAYLOAD";

describe("sizes that a rehearsal never reaches, over HTTP, on a cloud in a process of its own", () => {
  let folder: string;
  let cloud: CloudProcess;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "scale-"));
    cloud = await startCloudProcess(folder);
    await exchange(signed("PUT", "/bucket"));
  }, 60_000);
  afterEach(async () => {
    await cloud.kill();
    rmSync(folder, { recursive: true });
  });

  const signed = (method: string, path: string, extra: Partial<Sent> = {}, hash?: string): Sent =>
    signedV4({ method, url: `${cloud.endpoint}/services/objectstorage${path}`, ...extra }, cloud.credentials, hash)
      .signed;

  /** Sends as many bytes as said, as the cloud takes them. Returns the status and the bytes that came back. */
  async function transfer(sent: Sent, bytes: number): Promise<{ status: number | undefined; received: number }> {
    const outgoing = request(sent.url, { method: sent.method, headers: { ...sent.headers, "Content-Length": bytes } });
    const answered = once(outgoing, "response");
    for (let left = bytes; left > 0; left -= CHUNK.length) {
      if (!outgoing.write(CHUNK)) await once(outgoing, "drain");
    }
    outgoing.end();
    const [incoming] = await answered;
    let received = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) received += chunk.length;
    return { status: incoming.statusCode, received };
  }

  test("a body of 1 GiB up and down grows the process by less than 64 MiB", async () => {
    // What Node needs for such work at all is not what the size costs.
    await transfer(signed("PUT", "/bucket/warm", {}, UNSIGNED), 32 * MIB);
    await transfer(signed("GET", "/bucket/warm"), 0);
    const before = cloud.peakMemory();
    expect((await transfer(signed("PUT", "/bucket/large", {}, UNSIGNED), GIB)).status).toBe(200);
    expect((await transfer(signed("GET", "/bucket/large"), 0)).received).toBe(GIB);
    expect((cloud.peakMemory() - before) / MIB).toBeLessThan(64);
  }, 600_000);

  test("10,000 keys: the last 1,000 take no longer than twice the first, and all are listed", async () => {
    const thousands: number[] = [];
    for (let first = 0; first < 10_000; first += 1000) {
      const begun = performance.now();
      const keys = Array.from({ length: 1000 }, (_, index) => first + index).values();
      const client = async () => {
        for (const key of keys) {
          const { status } = await exchange(signed("PUT", `/bucket/key-${key}`, { body: String(key) }));
          expect(status).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: 8 }, client));
      thousands.push(performance.now() - begun);
    }
    expect(thousands.at(-1)).toBeLessThan(2 * Math.max(...thousands.slice(0, 3)));

    const seen = new Set<string>();
    for (let marker: string | undefined = ""; marker !== undefined; ) {
      const { text } = await exchange(signed("GET", `/bucket?marker=${marker}`));
      for (const [, key = ""] of text.matchAll(/<Key>([^<]*)</g)) seen.add(key);
      marker = /<NextMarker>([^<]*)</.exec(text)?.[1];
    }
    expect(seen.size).toBe(10_000);
  }, 600_000);
});
