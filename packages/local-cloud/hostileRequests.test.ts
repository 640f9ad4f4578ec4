import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cloudIdentity } from "./identity.ts";
import { IMAGE_NAMES } from "./machine/images.ts";
import { noneDriver } from "./machine/noneDriver.ts";
import { type Cloud, createLocalCloud } from "./testing/index.ts";
import { type Sent, signedV4 } from "./testing/s3Client.ts";
import { eventually } from "./testing/testCloud.ts";

/** `FUZZ_RUNS=10000 npm run test:unit -- hostileRequests` tries more, other ones each time (about a minute). */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);
const SEED = process.env.FUZZ_RUNS === undefined ? { seed: 11 } : {};

const MANY = 400 * 1024;
/** Sent at once; more would only wait. */
const AT_ONCE = 16;

interface Attempt {
  readonly kind: string;
  readonly bytes: Buffer;
  /** What the answer has; nothing: the client goes without waiting for one. */
  readonly expected: readonly RegExp[];
}

describe("malformed and oversized requests (proves the error of each, and that nothing stays of them)", () => {
  let folder: string;
  let cloud: Cloud;
  let server: Server;
  let port: number;
  const log: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hostile-"));
    cloud = createLocalCloud({
      ...{ identity: cloudIdentity("hostile"), mode: "vpc", driver: noneDriver(), network: { apply: () => {} } },
      ...{ stateFile: join(folder, "state.json"), objectsDirectory: objects(), imageNames: IMAGE_NAMES },
      log: (line) => log.push(line),
      seed: "hostile",
    });
    await cloud.start();
    server = cloud.server();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
    await answerTo(http(s3("PUT", "/bucket")));
    await answerTo(http(s3("PUT", "/bucket/key", { body: "0123456789" })));
  });
  afterAll(async () => {
    server.close();
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  const objects = () => join(folder, "objects");
  const endpoint = () => `http://127.0.0.1:${port}`;
  const s3 = (method: string, path: string, extra: Partial<Sent> = {}): Sent =>
    signedV4({ method, url: `${endpoint()}/services/objectstorage${path}`, ...extra }, cloud.credentials).signed;
  const ec2 = (body: string): Sent =>
    signedV4({ method: "POST", url: `${endpoint()}/services/compute/`, body }, cloud.credentials).signed;

  /** As it goes over the wire; `length` may be a lie. */
  function http({ method, url, headers = {}, body = "" }: Sent, length = Buffer.byteLength(body)): Buffer {
    const { host } = new URL(url);
    const given = { Host: host, ...headers, "Content-Length": String(length), Connection: "close" };
    const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
    const path = url.slice(url.indexOf(host) + host.length);
    return Buffer.concat([
      Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`),
      Buffer.from(body),
    ]);
  }

  /** All that comes back until the end of the connection. */
  function answerTo(bytes: Buffer, waits = true): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = "";
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(bytes);
        if (!waits) setImmediate(() => socket.destroy());
      });
      socket.setEncoding("latin1").on("data", (part: string) => {
        text += part;
      });
      socket.on("close", () => resolve(text));
      socket.on("error", (error) => (waits && text === "" ? reject(error) : resolve(text)));
    });
  }

  const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_."), minLength: 1, maxLength: 12 });
  const noise = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const tooMany = fc.integer({ min: MANY, max: 2 * MANY }).map((length) => "x".repeat(length));
  const fault = (code: RegExp) => [/^HTTP\/1\.1 4/, /text\/plain/, code];
  const code = (status: number, name: string) => [
    new RegExp(`^HTTP/1.1 ${status} `),
    new RegExp(`<Code>${name}</Code>`),
  ];

  /** Each kind with the error that the cloud has for it. */
  const kinds = (): readonly fc.Arbitrary<Attempt>[] => {
    const kind = <T>(name: string, from: fc.Arbitrary<T>, to: (value: T) => Buffer, expected: readonly RegExp[]) =>
      from.map((value): Attempt => ({ kind: name, bytes: to(value), expected }));
    const compute = `${endpoint()}/services/compute/`;
    const storage = `${endpoint()}/services/objectstorage/bucket`;
    return [
      kind("no HTTP", noise, (value) => Buffer.concat([Buffer.from("\u0001"), value, Buffer.from("\r\n\r\n")]), [
        ...fault(/<Code>400 Bad Request</),
        /\r\nServer: Eucalyptus\//,
      ]),
      kind("another path", word, (path) => http({ method: "GET", url: `${endpoint()}/${path}` }), [/^HTTP\/1\.1 404 /]),
      kind(
        "a long request line",
        fc.integer({ min: 4096, max: 600_000 }),
        (length) => http({ method: "GET", url: `${compute}?${"x".repeat(length)}` }),
        fault(/An HTTP line is larger than 4096 bytes\./),
      ),
      kind(
        "long headers",
        fc.integer({ min: 8192, max: 200_000 }),
        (length) => http({ method: "GET", url: compute, headers: { "X-Long": "x".repeat(length) } }),
        fault(/HTTP header is larger than 8192 bytes\./),
      ),
      kind(
        "a broken escape",
        word,
        (text) => http({ method: "GET", url: `${compute}?${text}=%zz` }),
        fault(/Missing required parameter/),
      ),
      kind(
        "a large call",
        tooMany,
        (body) => http({ method: "POST", url: compute, body }),
        fault(/HTTP content length exceeded/),
      ),
      kind(
        "no signature",
        word,
        (name) => http({ method: "POST", url: compute, body: `Action=${name}` }),
        fault(/<Code>403 /),
      ),
      kind(
        "a signature of nobody",
        word,
        (text) =>
          http({
            ...{ method: "POST", url: compute, body: "Action=DescribeRegions" },
            headers: { Authorization: `AWS4-HMAC-SHA256 ${text}`, "X-Amz-Date": "20260101T000000Z" },
          }),
        fault(/<Code>403 /),
      ),
      kind(
        "an unknown action",
        word,
        (name) => http(ec2(`Action=X${name}`)),
        fault(/Failed to find corresponding class mapping/),
      ),
      kind(
        "an unknown parameter",
        word,
        (name) => http(ec2(`Action=DescribeInstances&X${name}=1`)),
        fault(/Failed to bind the following fields/),
      ),
      kind(
        "a number that is none",
        word,
        (value) => http(ec2(`Action=RunInstances&ImageId=emi-1&MinCount=x${value}`)),
        fault(/Failed to bind the following fields/),
      ),
      kind(
        "an id that is none",
        word,
        (value) => http(ec2(`Action=DescribeInstances&InstanceId.1=x${value}`)),
        code(400, "InvalidInstanceID.Malformed"),
      ),
      kind(
        "nobody's object",
        word,
        (key) => http({ method: "PUT", url: `${storage}/${key}`, body: "x" }),
        code(403, "AccessDenied"),
      ),
      kind(
        "an unknown key id",
        word,
        (name) =>
          http({
            method: "GET",
            url: storage,
            headers: { Authorization: `AWS ${name}:x`, Date: new Date().toUTCString() },
          }),
        code(403, "InvalidAccessKeyId"),
      ),
      kind(
        "another body than was signed",
        word,
        (text) => http({ ...s3("PUT", "/bucket/other", { body: "was signed" }), body: `x${text}` }),
        code(400, "XAmzContentSHA256Mismatch"),
      ),
      kind("a missing key", word, (key) => http(s3("GET", `/bucket/none-${key}`)), code(404, "NoSuchKey")),
      kind("a missing bucket", word, (name) => http(s3("GET", `/none-${name}`)), code(404, "NoSuchBucket")),
      kind("no bucket name", word, (name) => http(s3("PUT", `/%7B${name}`)), code(400, "InvalidBucketName")),
      kind(
        "a limit that is none",
        word,
        (text) => http(s3("GET", `/bucket?max-keys=x${text}`)),
        code(400, "InvalidArgument"),
      ),
      kind(
        "no XML",
        word,
        (text) => http(s3("POST", "/bucket?delete", { body: `<${text}` })),
        code(400, "MalformedXML"),
      ),
      kind(
        "a large XML",
        tooMany,
        (body) => http(s3("PUT", "/bucket?acl", { body })),
        fault(/HTTP content length exceeded/),
      ),
      kind(
        "an unknown upload",
        word,
        (id) => http(s3("PUT", `/bucket/key?partNumber=1&uploadId=${id}`, { body: "x" })),
        code(404, "NoSuchUpload"),
      ),
      kind(
        "a body that ends early",
        word,
        (key) => http(s3("PUT", `/bucket/cut-${key}`, { body: "x".repeat(5000) }), 9000),
        [],
      ),
      kind("a call that ends early", word, (name) => http(ec2(`Action=${name}`), 9000), []),
      kind("a head that ends early", word, (key) => http(s3("PUT", `/bucket/cut-${key}`)).subarray(0, 60), []),
    ];
  };

  test(
    `${RUNS} of them get the error of their kind, and the cloud goes on as before`,
    async () => {
      const before = { files: readdirSync(objects()), described: cloud.describe() };
      const attempts = fc.sample(fc.oneof(...kinds()), { numRuns: RUNS, ...SEED });
      const wrong: string[] = [];
      const next = attempts.values();
      const client = async () => {
        for (const { kind, bytes, expected } of next) {
          const answer = await answerTo(bytes, expected.length > 0);
          if (expected.some((pattern) => !pattern.test(answer)))
            wrong.push(`${kind}: ${bytes.subarray(0, 200)}\n${answer}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
      expect(wrong).toEqual([]);
      expect(log.filter((line) => line.includes("defect"))).toEqual([]);
      expect(cloud.describe()).toEqual(before.described);
      const open = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
      await eventually(async () => (await open()) === 0);
      await eventually(() => readdirSync(objects()).join() === before.files.join());
      expect(await answerTo(http(s3("GET", "/bucket/key")))).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*0123456789$/);
    },
    20_000 + RUNS * 20,
  );
});
