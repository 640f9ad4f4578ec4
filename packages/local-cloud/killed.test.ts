import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AllocateAddressCommand, DescribeAddressesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CloudProcess, startCloudProcess } from "./testing/cloudProcess.ts";
import { exchange, type Reply, type Sent, signedV4 } from "./testing/s3Client.ts";
import { eventually } from "./testing/testCloud.ts";

/** `FUZZ_RUNS=200 npm run test:unit -- local-cloud/killed` tries more moments (some two minutes). */
const KILLS = Number(process.env.FUZZ_RUNS ?? 3);
const LONGEST_LOAD_MS = 300;
const WRITERS = 6;

/** A body, or nothing; `was` was answered, `asked` perhaps not. */
interface Key {
  was: string | undefined;
  asked: string | undefined;
}

let folder: string;
let cloud: CloudProcess;
const keys = Array.from({ length: WRITERS }, (): Key => ({ was: undefined, asked: undefined }));
const addresses = { answered: 0, asked: 0 };
let version = 0;
/** Of writes; none is expected. */
const refusals: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "killed-"));
  cloud = await startCloudProcess(folder);
  const made = await call("PUT", "/bucket");
  expect([made.status, made.text]).toEqual([200, ""]);
}, 30_000);
afterAll(async () => {
  await cloud.kill();
  rmSync(folder, { recursive: true });
});

test(
  "a cloud that is killed at any moment under load has all that it has answered, whole, and nothing left over",
  async () => {
    for (const afterMs of fc.sample(fc.integer({ min: 0, max: LONGEST_LOAD_MS }), KILLS)) {
      const load = [...keys.map((key, index) => write(key, `/bucket/k${index}`)), allocate()];
      await sleep(afterMs);
      await cloud.kill();
      await Promise.all(load);
      expect(refusals).toEqual([]);
      cloud = await startCloudProcess(folder);
      for (const [index, key] of keys.entries()) await checkKey(key, `/bucket/k${index}`);
      await checkAddresses();
      await checkLeftovers();
    }
  },
  30_000 + KILLS * 5_000,
);

function call(method: string, path: string, extra: Partial<Sent> = {}): Promise<Reply> {
  const url = `${cloud.endpoint}/services/objectstorage${path}`;
  return exchange(signedV4({ method, url, ...extra }, cloud.credentials).signed);
}

/** Puts, joins and deletes one object, until the cloud is gone. */
async function write(key: Key, path: string): Promise<void> {
  try {
    for (;;) {
      version += 1;
      const body = `${version} ${"x".repeat((version * 7919) % 200_000)}`;
      key.asked = version % 5 === 0 ? undefined : body;
      if (key.asked === undefined) await done("DELETE", path);
      else if (version % 3 === 0) await putInParts(path, body);
      else await done("PUT", path, body);
      key.was = key.asked;
    }
  } catch {
    // The cloud is gone: what was asked last is done or not.
  }
}

async function putInParts(path: string, body: string): Promise<void> {
  const uploadId = /<UploadId>(.*)<\/UploadId>/.exec((await done("POST", `${path}?uploads`)).text)?.[1];
  await done("PUT", `${path}?partNumber=1&uploadId=${uploadId}`, body);
  const list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
  await done("POST", `${path}?uploadId=${uploadId}`, list);
}

async function done(method: string, path: string, body = ""): Promise<Reply> {
  const reply = await call(method, path, { body });
  if (reply.status >= 300) refusals.push(`${method} ${path}: ${reply.status} ${reply.text}`);
  return reply;
}

const ec2 = () =>
  new EC2Client({
    endpoint: `${cloud.endpoint}/services/compute/`,
    region: "eucalyptus",
    credentials: cloud.credentials,
    maxAttempts: 1,
  });

async function allocate(): Promise<void> {
  const client = ec2();
  try {
    for (; addresses.asked < 200; addresses.answered += 1) {
      addresses.asked += 1;
      await client.send(new AllocateAddressCommand({}));
    }
  } catch {
    // As above.
  }
}

async function checkKey(key: Key, path: string): Promise<void> {
  const { status, text, headers } = await call("GET", path);
  const found = status === 404 ? undefined : text;
  expect([key.was, key.asked].map(shown)).toContain(shown(found));
  const isJoined = String(headers.etag).startsWith('"uuid-');
  if (found !== undefined && !isJoined) expect(headers.etag).toBe(`"${createHash("md5").update(found).digest("hex")}"`);
  key.was = found;
}

const shown = (body: string | undefined) => body?.replace(/ x*$/, (rest) => ` and ${rest.length} more`);

async function checkAddresses(): Promise<void> {
  const { Addresses = [] } = await ec2().send(new DescribeAddressesCommand({}));
  expect(Addresses.length).toBeGreaterThanOrEqual(addresses.answered);
  expect(Addresses.length).toBeLessThanOrEqual(addresses.asked);
  expect(new Set(Addresses.map(({ PublicIp }) => PublicIp)).size).toBe(Addresses.length);
  addresses.answered = addresses.asked = Addresses.length;
}

/** Uploads that were begun are ended first: their parts are no leftovers. */
async function checkLeftovers(): Promise<void> {
  const uploads = (await call("GET", "/bucket?uploads")).text.matchAll(/<Key>(.*?)<\/Key><UploadId>(.*?)<\/UploadId>/g);
  for (const [, key, uploadId] of uploads) await call("DELETE", `/bucket/${key}?uploadId=${uploadId}`);
  const objects = keys.filter(({ was }) => was !== undefined).length;
  await eventually(() => readdirSync(join(folder, "objects")).length === objects);
  const files = readdirSync(folder).filter((name) => !/^cloud\.json\.[0-9a-f]{16}\.journal$/.test(name));
  expect(files.toSorted()).toEqual(["cloud.json", "objects"]);
  expect(readdirSync(folder).length - files.length).toBeLessThanOrEqual(1); // absent: nothing has changed since the start
}
