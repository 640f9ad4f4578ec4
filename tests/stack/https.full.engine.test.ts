import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  certificateKey,
  certificateKeyText,
  permitPrefix,
  readCertificateObject,
  sealCertificate,
} from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { withProvider } from "../../packages/cli/verbs/rollback/todaysProvider.ts";
import { BEFORE_HTTPS, sourcesOf } from "../harness/earlierVersion.ts";
import { httpsReader } from "../harness/httpsReader.ts";
import { TestProject } from "../harness/project.ts";
import { read, TestCloud } from "../harness/testCloud.ts";

// Whatever lies in the bucket as the planet's certificate, a deploy comes to its end, and a certificate that is good for it is
// served. Machines only pretend: tests/certificate.full.boot.test.ts.

/** Of a step on a machine that is busy. */
const LIMIT_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const PROVIDER = fileURLToPath(new URL("../../packages/eucalyptus-provider/bin", import.meta.url));
const NAME = "planet.example.org";
const authority = new TestAuthority();

let cloud: TestCloud;
let earlier: string;
let old: TestProject;
let today: TestProject;
let generation = 1;

beforeAll(async () => {
  cloud = await TestCloud.start("stack-https", "vpc");
  earlier = await sourcesOf(BEFORE_HTTPS);
  old = await project({ config: cloud.settings, sources: earlier });
  await old.edit("Pulumi.yaml", (text) => withProvider(text, PROVIDER) ?? "");
  const https = { host: NAME, acmeDirectory: "off" };
  today = await project({ config: { ...cloud.settings, ...https }, backendOf: old });
}, LIMIT_MS);
afterAll(async () => {
  for (const each of [old, today]) await each?.remove();
  await cloud?.stop();
  if (earlier) await rm(earlier, { recursive: true });
}, LIMIT_MS);

async function project(more: Pick<Parameters<typeof TestProject.create>[0], "config" | "sources" | "backendOf">) {
  const made = await TestProject.create({ stack: "test", ...cloud.cloud.credentials, ...more });
  await writeFile(join(made.directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
  return made;
}

const credentials = () => cloud.cloud.credentials;
const s3 = () =>
  createS3(`${cloud.endpoint}/services/objectstorage/`, {
    region: "eucalyptus",
    credentials: credentials(),
    clock: createClock(),
  });

interface Placed {
  readonly names?: readonly string[];
  readonly daysLeft?: number;
  readonly permit?: number;
  /** That of the servers unless it is said. */
  readonly key?: string;
}

/** As `planet certificate import` does; unchecked. @returns the fingerprint. */
async function place({ names = [NAME], daysLeft = 60, permit = 1, key = keyOf(permit) }: Placed = {}): Promise<string> {
  const lifetime = {
    notBefore: new Date(Date.now() - 30 * DAY_MS),
    notAfter: new Date(Date.now() + daysLeft * DAY_MS),
  };
  const pair = authority.intermediate().issue({ names, ...lifetime });
  const text = sealCertificate({ ...pair, names, source: "import", placedAt: new Date() }, key);
  await s3().putObject({
    ...{ bucket: "planet", key: `${permitPrefix("tls", permit)}certificate.json`, bytes: Buffer.from(text) },
    ...{ contentType: "application/json", acl: "public-read" },
  });
  return readCertificateObject(text).fingerprint;
}

/** What the stack derives from the key that signs. */
function keyOf(permit: number): string {
  const bucketUrl = `${cloud.endpoint}/services/objectstorage/planet`;
  return certificateKey(certificateKeyText(bucketUrl, permit), credentials().secretAccessKey);
}

interface Deployed {
  readonly address: string;
  /** What the deploy has said of a certificate that it has not asked for. */
  readonly warning: string | undefined;
  /** Of the certificate that a reader gets; `none`: port 443 is closed, or nobody can show one. */
  readonly served: string;
}

/** A deploy that makes a new server. */
async function deploy(from: TestProject): Promise<Deployed> {
  if (from === today) {
    generation += 1;
    await today.configure({ generation });
  }
  const { output } = await from.up();
  const { address = "", instanceId, release } = await from.outputs();
  expect([cloud.holder(address), cloud.instances()]).toEqual([instanceId, [instanceId]]);
  expect(await read(`http://${address}/status.json`)).toContain(`"release":"${release}"`);
  const reader = httpsReader({ address, name: NAME, ca: authority.certificate }, { keepAlive: false });
  const served = await reader.ask("/").then(
    ({ fingerprint }) => fingerprint,
    () => "none",
  );
  const warning = /warning: planet\.example\.org has no certificate \((.*?)\); until/.exec(output)?.[1];
  return { address, served, warning };
}

test(
  "a host without a certificate is served by plain http, and one that is put there by https from then on",
  async () => {
    expect(await deploy(today)).toMatchObject({ warning: "none is in the bucket yet", served: "none" });
    const fingerprint = await place();
    expect(await deploy(today)).toMatchObject({ warning: undefined, served: fingerprint });
  },
  LIMIT_MS,
);

test(
  "back to the program of before HTTPS, which closes the port last; forward again, the certificate is there",
  async () => {
    const fingerprint = await place();
    const [{ address }, back] = [await today.outputs(), await deploy(old)];
    expect(back).toEqual({ address, warning: undefined, served: "none" });
    expect(await deploy(today)).toEqual({ address, warning: undefined, served: fingerprint });
  },
  LIMIT_MS,
);

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["has expired", () => place({ daysLeft: -1 }), /^the one in the bucket was valid until/],
  [
    "another key has sealed",
    () => place({ key: "f".repeat(64) }),
    /^the one in the bucket is sealed with an earlier key$/,
  ],
  [
    "is for other names",
    async () => {
      await place();
      await today.configure({ host: `${NAME},www.planet.example.org` });
    },
    /^the one in the bucket is for other names$/,
  ],
  ["is of an earlier permit", () => today.configure({ permit: 2, host: NAME }), /^none is in the bucket yet$/],
])(
  "a certificate that %s blocks no deploy",
  async (_, change, why) => {
    await change();
    expect((await deploy(today)).warning).toMatch(why);
  },
  LIMIT_MS,
);

test(
  "whoever has lost the state has the certificate: its key is derived again",
  async () => {
    const fingerprint = await place({ permit: 2 });
    const again = await project({ config: {} });
    await again.takeConfigOf(today);
    // As docs/state.md says it.
    await s3().deleteObject("planet", "manifest.json");
    await again.up();
    const { address = "" } = await again.outputs();
    const reader = httpsReader({ address, name: NAME, ca: authority.certificate }, { keepAlive: false });
    expect((await reader.ask("/")).fingerprint).toBe(fingerprint);
    await again.remove();
  },
  LIMIT_MS,
);
