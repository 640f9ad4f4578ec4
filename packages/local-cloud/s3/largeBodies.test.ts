import { once } from "node:events";
import { request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { exchange, signedV4 } from "../testing/s3Client.ts";
import { startTestCloud, type TestCloud } from "../testing/testCloud.ts";

const MIB = 1024 * 1024;
/** So much that buffers which are no longer held, but not yet given back on a busy machine, are far below half of it. */
const BODY_BYTES = 128 * MIB;
const CHUNK = Buffer.alloc(64 * 1024, "x");
/** Between two looks at the memory. */
const SAMPLE_BYTES = 8 * MIB;
const BOUNDARY = "b";
const FORM_START = [
  ...["--b", 'Content-Disposition: form-data; name="key"', "", "form", "--b"],
  ...['Content-Disposition: form-data; name="file"; filename="a"', "", ""],
].join("\r\n");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

describe("large bodies over raw HTTP (proves that they go through the process, not into it)", () => {
  let running: TestCloud;
  const url = (path: string) => `${running.endpoint}/services/objectstorage${path}`;

  beforeAll(async () => {
    running = await startTestCloud();
    const sent = { method: "PUT", url: url("/large"), headers: { "x-amz-acl": "public-read-write" } };
    await exchange(signedV4(sent, running.cloud.credentials).signed);
  });
  afterAll(() => running.close());

  /** Sends chunk by chunk as the service takes them. Returns the status and the bytes that came back. */
  async function transfer(
    sent: { method: string; path: string; headers?: Record<string, string> },
    body: Iterable<Buffer>,
    onChunk: (bytes: number) => void,
  ): Promise<{ status: number | undefined; received: number }> {
    const outgoing = request(url(sent.path), { method: sent.method, headers: sent.headers ?? {} });
    const answered = once(outgoing, "response");
    for (const chunk of body) {
      onChunk(chunk.length);
      if (!outgoing.write(chunk)) await once(outgoing, "drain");
    }
    outgoing.end();
    const [incoming] = await answered;
    let received = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      received += chunk.length;
      onChunk(chunk.length);
    }
    return { status: incoming.statusCode, received };
  }

  /** Bytes of buffers that the process held at most, more than before; what may be collected does not count. */
  async function growthOf(action: (sample: (bytes: number) => void) => Promise<unknown>): Promise<number> {
    const held = () => {
      collect();
      return process.memoryUsage().external;
    };
    const before = held();
    let [most, passed] = [before, 0];
    await action((bytes) => {
      passed += bytes;
      if (passed < SAMPLE_BYTES) return;
      passed = 0;
      most = Math.max(most, held());
    });
    return most - before;
  }

  function* bodyOf(start = "", end = ""): Generator<Buffer> {
    if (start !== "") yield Buffer.from(start);
    for (let sent = 0; sent < BODY_BYTES; sent += CHUNK.length) yield CHUNK;
    if (end !== "") yield Buffer.from(end);
  }

  test("128 MiB up, down and as a form: never half of it is held", async () => {
    const growth = await growthOf(async (sample) => {
      const headers = { "Content-Length": String(BODY_BYTES) };
      expect((await transfer({ method: "PUT", path: "/large/put", headers }, bodyOf(), sample)).status).toBe(200);
      expect((await transfer({ method: "GET", path: "/large/put" }, [], sample)).status).toBe(403);
      const end = `\r\n--${BOUNDARY}--\r\n`;
      const length = FORM_START.length + BODY_BYTES + end.length;
      const form = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`, "Content-Length": String(length) };
      const posted = await transfer({ method: "POST", path: "/large", headers: form }, bodyOf(FORM_START, end), sample);
      expect(posted.status).toBe(204);
      const got = signedV4({ method: "GET", url: url("/large/form") }, running.cloud.credentials).signed;
      const { status, received } = await transfer(
        { method: "GET", path: "/large/form", headers: { ...got.headers } },
        [],
        sample,
      );
      expect([status, received]).toEqual([200, BODY_BYTES]);
    });
    expect(growth).toBeLessThan(BODY_BYTES / 2);
  }, 180_000);
});
