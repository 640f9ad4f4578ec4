import { get } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readCertificateObject, type StatusJson, sealCertificate } from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import { type CloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { startProbe } from "../packages/cli/page/probe.ts";
import { settingsOn } from "./harness/cloud.ts";
import { httpsReader } from "./harness/httpsReader.ts";
import { inMachine } from "./harness/machine.ts";
import { ask } from "./harness/page.ts";
import { TestProject } from "./harness/project.ts";
import { putPublic } from "./harness/putPublic.ts";
import { placesOf } from "./harness/readableCopies.ts";
import { waitFor } from "./harness/wait.ts";

// A real server with a real nginx; the certificate is of a company's authority. With a real ACME server:
// tests/certificate.full.engine.test.ts.

const CLOUD = "certificate";
const CERTIFICATE = "tls/certificate.json";
const MINUTES = 60_000;
const INTERVAL_SECONDS = 10;
const REQUESTS_PER_SECOND = 100;
const [NAME, OTHER_NAME] = ["planet.example.org", "www.planet.example.org"] as const;
const quiet = () => {};
const authority = new TestAuthority("Company Root");

let cloud: CloudStatus;
let project: TestProject;
let address: string;

beforeAll(async () => {
  await resetCloud(CLOUD, quiet);
  const owner = fileURLToPath(new URL("..", import.meta.url));
  cloud = await startCloud({ name: CLOUD, owner, onProgress: quiet });
  const { accessKeyId, secretAccessKey } = cloud;
  const https = { host: `${NAME},${OTHER_NAME}`, acmeDirectory: "off", hsts: 300 };
  const config = { ...settingsOn(cloud), ...https, interval: INTERVAL_SECONDS };
  project = await TestProject.create({ stack: "certificate", accessKeyId, secretAccessKey, config });
  await project.up();
  address = (await project.outputs()).address ?? "";
}, 10 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await resetCloud(CLOUD, quiet);
}, MINUTES);

const instanceId = async () => (await project.outputs()).instanceId ?? "";
const asRoot = async (...command: string[]) => inMachine(cloud, await instanceId(), ...command);
const settingsOfUnit = async () => JSON.parse(await asRoot("cat", "/etc/planet/certificate.json"));
const status = async (): Promise<StatusJson> => JSON.parse((await ask(`http://${address}/status.json`)).body);
const reader = (keepAlive: boolean) => httpsReader({ address, name: NAME, ca: authority.certificate }, { keepAlive });

/** As `planet certificate import` does. @returns the fingerprint. */
async function place(): Promise<{ readonly fingerprint: string; readonly key: string }> {
  const pair = authority.intermediate().issue({ names: [NAME, OTHER_NAME] });
  const { key } = await settingsOfUnit();
  const names = [NAME, OTHER_NAME];
  const text = sealCertificate({ ...pair, names, source: "import", placedAt: new Date() }, key);
  await putPublic(cloud, "planet", CERTIFICATE, text);
  return { fingerprint: readCertificateObject(text).fingerprint, key: pair.key };
}

async function redirectOf(url: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 301 ? response.headers.location : undefined);
    }).on("error", reject);
  });
}

async function askOnce() {
  const one = reader(false);
  return one.ask("/").finally(one.close);
}

/** Until the server answers https with this certificate: no longer than two intervals, and the time that a run takes. */
const isServed = (fingerprint: string) =>
  waitFor("the certificate to be in effect", 2 * INTERVAL_SECONDS + 20, async () => {
    const seen = await askOnce();
    return seen.fingerprint === fingerprint && seen;
  });

/** Of readers over fresh and over kept connections, while something is done. */
async function failuresDuring(work: () => Promise<unknown>): Promise<(readonly string[])[]> {
  const readers = [reader(false), reader(true)];
  const probes = readers.map((each) =>
    startProbe("/", REQUESTS_PER_SECOND, async (path) => {
      const { status: code } = await each.ask(path);
      if (code !== 200) throw new Error(`status ${code}`);
      return undefined;
    }),
  );
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  } finally {
    await Promise.all(probes.map((probe) => probe.stop()));
    for (const each of readers) each.close();
  }
  for (const probe of probes) expect(probe.report().requests).toBeGreaterThan(REQUESTS_PER_SECOND);
  return probes.map((probe) => probe.report().failures);
}

describe("a planet with a host name", () => {
  test(
    "is served by plain http until a certificate is there, and says why",
    async () => {
      expect((await ask(`http://${address}/`)).status).toBe(200);
      expect(await ask(`http://${address}/healthz`)).toMatchObject({ status: 200, body: "ready\n" });
      await waitFor("the certificate in status.json", 60, async () =>
        (await status()).degraded.some(({ code }) => code === "certificate-not-ordered"),
      );
      expect((await status()).certificate).toMatchObject({ state: "none", names: [NAME, OTHER_NAME] });
    },
    2 * MINUTES,
  );

  test(
    "answers by https within two intervals after its certificate was put into the bucket; http leads there",
    async () => {
      const { fingerprint } = await place();
      const page = await isServed(fingerprint);
      expect([page.status, page.body]).toEqual([200, expect.stringContaining("<article")]);
      expect(await redirectOf(`http://${address}/feed.html?a=b`)).toBe(`https://${NAME}/feed.html?a=b`);
      for (const path of ["status.json", "healthz"]) expect((await ask(`http://${address}/${path}`)).status).toBe(200);
      const other = httpsReader({ address, name: OTHER_NAME, ca: authority.certificate }, { keepAlive: false });
      expect(await other.ask("/x")).toMatchObject({ status: 301, location: `https://${NAME}/x` });
      other.close();
      await waitFor("the certificate in status.json", 60, async () => (await status()).certificate?.state === "on");
      expect((await status()).certificate).toMatchObject({ fingerprint, source: "import" });
      expect((await ask(`http://${address}/metrics`)).status).toBe(301);
    },
    3 * MINUTES,
  );

  test(
    "a challenge is answered from the bucket, and nothing else of it is",
    async () => {
      const { challengePermit } = await settingsOfUnit();
      await putPublic(cloud, "planet", `${challengePermit.prefix}token`, "token.thumbprint");
      const challenge = `http://${address}/.well-known/acme-challenge`;
      expect(await ask(`${challenge}/token`)).toEqual({ status: 200, body: "token.thumbprint" });
      for (const path of ["none", "..%2f..%2fplanet.ini", "%2e%2e/tls/certificate.json", "a/b", ""])
        expect((await ask(`${challenge}/${path}`)).status).toBeGreaterThanOrEqual(300);
    },
    MINUTES,
  );

  test(
    `another certificate comes into effect under ${REQUESTS_PER_SECOND} fresh and as many kept connections a second: none fails`,
    async () => {
      const failures = await failuresDuring(async () => {
        const { fingerprint } = await place();
        await isServed(fingerprint);
      });
      expect(failures).toEqual([[], []]);
    },
    3 * MINUTES,
  );

  test(
    "a new server has the certificate when it takes over, and no request fails",
    async () => {
      const [{ fingerprint }, before] = [await askOnce(), await instanceId()];
      await project.configure({ generation: 2 });
      expect(await failuresDuring(() => project.up())).toEqual([[], []]);
      expect(await instanceId()).not.toBe(before);
      expect((await askOnce()).fingerprint).toBe(fingerprint);
    },
    6 * MINUTES,
  );

  test(
    "of all copies of the certificate's secrets none is readable for the sync's user",
    async () => {
      const { key, tlsPermit, challengePermit } = await settingsOfUnit();
      const certificate = await asRoot("cat", "/etc/planet/tls/current/key.pem");
      const [, line = ""] = certificate.split("\n");
      const found = { cloud, instanceId: await instanceId() };
      for (const [secret, file] of [
        [key, "/etc/planet/certificate.json"],
        [tlsPermit.signature, "/etc/planet/certificate.json"],
        [challengePermit.signature, "/etc/planet/certificate.json"],
        [line, expect.stringMatching(/^\/etc\/planet\/tls\/.*key\.pem$/)],
      ]) {
        // Root finds it, so the search is one that finds.
        expect(await placesOf(secret, { ...found, user: "root" })).toContainEqual(file);
        expect(await placesOf(secret, { ...found, user: "planet" })).toEqual([]);
      }
    },
    4 * MINUTES,
  );

  test(
    "what is tampered with does not come into effect: the one before stays, and status.json says why",
    async () => {
      const { fingerprint } = (await status()).certificate ?? {};
      await putPublic(cloud, "planet", CERTIFICATE, '{"schema":1}');
      await waitFor("the trouble in status.json", 90, async () =>
        (await status()).degraded.some(({ code }) => code === "certificate-not-taken"),
      );
      expect((await status()).certificate).toMatchObject({ state: "degraded", fingerprint });
      await isServed(fingerprint ?? "");
    },
    3 * MINUTES,
  );
});
