import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type PermitKind, permitPrefix, policyField, policyOf, scopeOf, signatureOf } from "@planet/content";
import { createClock, createS3, type S3 } from "@planet/eucalyptus-client";
import { type Cloud, startMachinelessCloud } from "@planet/local-cloud/testing";

// The permit as the stack signs it, tried on the local cloud by requests that are written here. Not on a live Eucalyptus.
const run = promisify(execFile);
const BUCKET = "planet";
const BOUNDARY = "of-somebody-who-has-the-permit";
let folder: string;
let cloud: Cloud;
let server: Server;
let s3: S3;
let storage: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planet-permit-"));
  cloud = await startMachinelessCloud("permit-test", "vpc", folder);
  server = cloud.server();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  storage = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/objectstorage`;
  s3 = createS3(`${storage}/`, { region: "eucalyptus", credentials: cloud.credentials, clock: createClock() });
  for (const bucket of [BUCKET, "other"]) await s3.createBucket(bucket);
  const hidden = { bucket: BUCKET, key: "memory/private", bytes: Buffer.from("hidden"), contentType: "text/plain" };
  await s3.putObject(hidden);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a server has in its form, by the permit with this number. */
function fieldsOf(permit: number, kind: PermitKind = "memory"): Record<string, string> {
  const prefix = permitPrefix(kind, permit);
  const policy = policyOf(scopeOf({ bucketUrl: "", bucket: BUCKET, prefix }));
  return {
    key: `${prefix}feeds/a.json.gz`,
    bucket: BUCKET,
    AWSAccessKeyId: cloud.credentials.accessKeyId,
    acl: "public-read",
    "Content-Type": "application/json",
    Policy: policyField(policy),
    Signature: signatureOf(policy, cloud.credentials.secretAccessKey),
  };
}

/** With header names as they are written: in small letters Eucalyptus takes a form for another request. */
function send(method: string, path: string, body = "", headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${storage}${path}`, { method, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    call.on("error", reject).end(body);
  });
}

async function post(change: Record<string, string | undefined> = {}, path = `/${BUCKET}`, permit = 1): Promise<number> {
  const fields = Object.entries({ ...fieldsOf(permit), ...change }).filter(([, value]) => value !== undefined);
  const parts = fields.map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: application/json\r\n\r\n{}\r\n--${BOUNDARY}--\r\n`;
  const headers = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };
  return await send("POST", path, `${parts.join("")}${file}`, headers);
}

const keys = async () => (await s3.listObjects(BUCKET)).map(({ key }) => key);

describe("with the permit of a server", () => {
  test("objects below its prefix are added, and overwritten, for everybody to read", async () => {
    expect([await post(), await post()]).toEqual([204, 204]);
    expect((await fetch(`${storage}/${BUCKET}/memory/feeds/a.json.gz`)).status).toBe(200);
    expect(await post({}, `/${BUCKET}`, 2)).toBe(204);
    expect(await keys()).toEqual(["memory-2/feeds/a.json.gz", "memory/feeds/a.json.gz", "memory/private"]);
  });

  test("curl's own form is one, too", async () => {
    const file = join(folder, "by-curl.json");
    await writeFile(file, '{"by":"curl"}');
    const fields = Object.entries({ ...fieldsOf(1), key: "memory/by-curl" });
    const args = [
      ...fields.flatMap(([name, value]) => ["--form-string", `${name}=${value}`]),
      "--form",
      `file=@${file}`,
    ];
    const { stdout } = await run("curl", ["-sS", "-w", "%{http_code}", ...args, `${storage}/${BUCKET}`]);
    expect(stdout).toBe("204");
    expect(await (await fetch(`${storage}/${BUCKET}/memory/by-curl`)).json()).toEqual({ by: "curl" });
    await s3.deleteObject(BUCKET, "memory/by-curl");
  });

  test.each<{ name: string; change: Record<string, string | undefined>; path?: string }>([
    { name: "another name", change: { key: "planet.ini" } },
    { name: "the manifest", change: { key: "manifest.json" } },
    { name: "what is forgotten", change: { key: "forgotten.json" } },
    { name: "the note of its number", change: { key: "goes-with-bucket/permit" } },
    { name: "the folder of a raised permit", change: { key: "memory-2/feeds/a.json.gz" } },
    { name: "a name that only begins alike", change: { key: "memory" } },
    { name: "an object that is private", change: { acl: "private" } },
    { name: "an object that everybody may write", change: { acl: "public-read-write" } },
    { name: "no ACL", change: { acl: undefined } },
    { name: "a header for readers", change: { "x-amz-meta-goes-with": "bucket" } },
    { name: "a redirect", change: { success_action_redirect: "http://evil.example/" } },
    { name: "another bucket", change: { bucket: "other" }, path: "/other" },
    { name: "another signature", change: { Signature: `${"A".repeat(27)}=` } },
    { name: "another key", change: { AWSAccessKeyId: "AKIAOTHER" } },
    {
      name: "a policy of one's own",
      change: { Policy: policyField(policyOf({ bucket: BUCKET, prefix: "", acl: "public-read" })) },
    },
    { name: "no policy", change: { Policy: undefined } },
    { name: "a deletion", change: {}, path: `/${BUCKET}?delete` },
    { name: "an ACL of the bucket", change: {}, path: `/${BUCKET}?acl` },
    { name: "an address with a name", change: {}, path: `/${BUCKET}/planet.ini` },
  ])("$name is refused, and nothing is changed", async ({ change, path }) => {
    const before = await keys();
    expect(await post(change, path)).toBeGreaterThanOrEqual(400);
    expect(await keys()).toEqual(before);
    expect(await s3.listObjects("other")).toEqual([]);
  });

  test("what it has for its certificate and for challenges reaches those folders, and nothing beside them", async () => {
    for (const kind of ["tls", "acme-challenge"] as const) {
      const { key, ...rest } = fieldsOf(1, kind);
      expect(await post({ ...rest, key: `${kind}/a` })).toBe(204);
      for (const other of ["memory/a", "tls/a", "acme-challenge/a", "tls-2/a", "acme-challenge-2/a"]) {
        if (other !== `${kind}/a`) expect([other, await post({ ...rest, key: other })]).toEqual([other, 400]);
      }
      await s3.deleteObject(BUCKET, `${kind}/a`);
    }
    expect(await keys()).toEqual(["memory-2/feeds/a.json.gz", "memory/feeds/a.json.gz", "memory/private"]);
  });

  // As Eucalyptus does (ObjectStorageFormPOSTBinding): the condition is compared with the form's own field, and the object goes
  // where the address says. The user whose key signs has to be kept to the bucket: docs/eucalyptus.md.
  test("its folder in another bucket of the account is within reach, and nothing else there", async () => {
    expect(await post({}, "/other")).toBe(204);
    expect((await s3.listObjects("other")).map(({ key }) => key)).toEqual(["memory/feeds/a.json.gz"]);
    expect(await post({ key: "planet.ini" }, "/other")).toBe(400);
  });

  test.each([
    ["lists", "GET", `/${BUCKET}`],
    ["reads what is private", "GET", `/${BUCKET}/memory/private`],
    ["deletes", "DELETE", `/${BUCKET}/memory/feeds/a.json.gz`],
    ["writes without a form", "PUT", `/${BUCKET}/memory/feeds/b`],
  ])("nobody %s: its signature is none for another request", async (_, method, path) => {
    const before = await keys();
    const { AWSAccessKeyId = "", Signature = "" } = fieldsOf(1);
    const query = new URLSearchParams({ AWSAccessKeyId, Signature, Expires: "4102358400" });
    for (const target of [`${path}?${query}`, path]) {
      expect(await send(method, target, "", { Authorization: `AWS ${AWSAccessKeyId}:${Signature}` })).toBe(403);
    }
    expect(await keys()).toEqual(before);
  });
});

test("the user that only signs, in docs/eucalyptus.md, may write where permits lead, and nowhere else", async () => {
  const page = await readFile(new URL("../docs/eucalyptus.md", import.meta.url), "utf8");
  const [, policy = ""] = /### A user that only signs[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
  const [{ Resource }] = (JSON.parse(policy) as { Statement: [{ Resource: string[] }] }).Statement;
  const kinds: Record<PermitKind, true> = { memory: true, tls: true, "acme-challenge": true };
  const folders = (Object.keys(kinds) as PermitKind[]).flatMap((kind) => [`${kind}/*`, `${kind}-*/*`]);
  expect(Resource).toEqual(folders.map((folder) => `arn:aws:s3:::planet/${folder}`));
});
