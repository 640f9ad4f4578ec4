import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readCertificateObject, readOrderRecord, type StatusJson, writeOrderRecord } from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import { type CloudStatus, cloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { type ProbeReport, startProbe } from "../packages/cli/page/probe.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { httpsReader } from "./harness/httpsReader.ts";
import { inMachine } from "./harness/machine.ts";
import { ask } from "./harness/page.ts";
import type { Pebble } from "./harness/pebble.ts";
import { publishRoot, startPebbleBeside, trustPebble } from "./harness/pebbleInCloud.ts";
import { putPublic } from "./harness/putPublic.ts";
import { placesOf } from "./harness/readableCopies.ts";
import { waitFor } from "./harness/wait.ts";

// Real servers with a real nginx, a real ACME server, a company's own authority. What an authority may answer:
// tests/certificate.full.engine.test.ts.

const CLOUD = "certificate";
const STACK_FILE = `Pulumi.${CLOUD}.yaml`;
const MINUTES = 60_000;
/** Of a story's step on a machine that is busy. */
const LIMIT_MS = 15 * MINUTES;
const INTERVAL_SECONDS = 10;
/** Half of them over fresh connections, half over kept ones. */
const REQUESTS_PER_SECOND = 200;
const [NAME, OTHER_NAME] = ["planet.example.org", "www.planet.example.org"] as const;
const quiet = () => {};

let cloud: CloudStatus;
let pebble: Pebble;
let project: GitProject;
let address: string;
/** Root that readers trust, PEM. */
let ca: string;

const instanceId = async () => (await project.outputs()).instanceId ?? "";
const asRoot = async (...command: string[]) => inMachine(cloud, await instanceId(), ...command);
const settingsOfUnit = async () => JSON.parse(await asRoot("cat", "/etc/planet/certificate.json"));
const status = async (): Promise<StatusJson> => JSON.parse((await ask(`http://${address}/status.json`)).body);
const reader = (keepAlive: boolean, name: string = NAME) => httpsReader({ address, name, ca }, { keepAlive });
const inBucket = async (key: string) => (await ask(`${cloud.s3Url}planet/${key}`)).body;

async function configure(settings: Readonly<Record<string, string | number | boolean>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    await project.edit(STACK_FILE, (text) => {
      const others = text.replace(new RegExp(`^  planet:${name}: .*\n`, "m"), "");
      return others.replace(/^config:\n/m, (line) => `${line}  planet:${name}: ${JSON.stringify(value)}\n`);
    });
  }
  await project.commit("settings");
}

async function askOnce(name: string = NAME, path = "/") {
  const one = reader(false, name);
  return one.ask(path).finally(one.close);
}

/**
 * Until https answers with a certificate that is not this one, which is after two intervals at most: the run under way, and the next
 * one. Their length is of the machine.
 */
async function isReplaced(fingerprint: string) {
  const before = await countRuns();
  const answer = await waitFor("the certificate to be in effect", 180, async () => {
    const seen = await askOnce();
    return seen.fingerprint !== fingerprint && seen;
  });
  expect((await countRuns()) - before).toBeLessThanOrEqual(2);
  return answer;
}

/** Of the certificate's unit, since its server was made: each says one line at its end. */
async function countRuns(): Promise<number> {
  const journal = await asRoot("journalctl", "--unit=planet-certificate", "--output=cat", "--no-pager");
  return journal.match(/^planet: certificate (?:ok|degraded) /gm)?.length ?? 0;
}

/** What http answers: the page, or once a certificate is in effect where to go. */
const plain = (url = `http://${address}/`): Promise<{ is: "page" | "redirect" | "nothing"; location?: string }> =>
  new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: 5_000 }, ({ statusCode, headers: { location } }) => {
      asked.destroy();
      if (statusCode === 301) resolve({ is: "redirect", ...(location !== undefined && { location }) });
      else resolve({ is: statusCode === 200 ? "page" : "nothing" });
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve({ is: "nothing" }));
  });

interface Seen {
  readonly fresh: ProbeReport;
  readonly kept: ProbeReport;
}

/** Of readers of the page by https, while something is done. */
async function underLoad(what: string, work: () => Promise<unknown>): Promise<Seen> {
  const [fresh, kept] = [reader(false), reader(true)];
  const begin = performance.now();
  const [one, other] = [fresh, kept].map((each) =>
    startProbe("/", REQUESTS_PER_SECOND / 2, async (path) => {
      const { status: code } = await each.ask(path);
      if (code !== 200) throw new Error(`status ${code}`);
      return undefined;
    }),
  );
  if (!one || !other) throw new Error("two readers have two probes");
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  } finally {
    await Promise.all([one.stop(), other.stop()]);
    for (const each of [fresh, kept]) each.close();
  }
  const seen = { fresh: one.report(), kept: other.report() };
  print(what, seen, (performance.now() - begin) / 1_000);
  for (const { requests } of Object.values(seen)) expect(requests).toBeGreaterThan(REQUESTS_PER_SECOND);
  return seen;
}

/** For whoever reads the test's output; nothing is asserted on times. */
function print(what: string, seen: Seen, seconds: number): void {
  const lines = Object.entries(seen).map(
    ([kind, { requests, failed, slowestMs }]) =>
      `  ${kind}: ${requests} requests, ${Math.round(requests / seconds)} a second, ${failed} failed, slowest ${Math.round(slowestMs)} ms`,
  );
  process.stderr.write(`${[what, ...lines].join("\n")}\n`);
}

const NONE_FAILED = { fresh: { failures: [] }, kept: { failures: [] } };

/** The work makes a new server; it has the certificate of the one before, and no authority was asked for another. */
async function keepsCertificate(work: () => Promise<unknown>): Promise<void> {
  const [{ fingerprint }, before, { orders }] = [await askOnce(), await instanceId(), pebble];
  await work();
  expect(await instanceId()).not.toBe(before);
  expect([(await askOnce()).fingerprint, pebble.orders]).toEqual([fingerprint, orders]);
}

/** One story: each test starts where the one before has ended. */
describe("a planet gets a host name (proves it with real boots; not against a live Eucalyptus)", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, onProgress: quiet });
    pebble = await startPebbleBeside(cloud);
    ca = await pebble.root();
    project = await GitProject.create(cloud, CLOUD, { ...settingsOn(cloud), interval: INTERVAL_SECONDS });
    await trustPebble(project, cloud);
    await project.commit("servers of a company");
    await project.up();
    address = (await project.outputs()).address ?? "";
    await publishRoot(pebble, cloud);
  }, LIMIT_MS);

  afterAll(async () => {
    await project?.remove();
    await pebble?.stop();
    await resetCloud(CLOUD, quiet);
  }, 2 * MINUTES);

  test(
    "the next up takes it, and within two intervals of its DNS record https answers, and http leads there",
    async () => {
      const agreed = { acmeDirectory: pebble.directory, acmeAgree: true, acmeContact: "webmaster@example.org" };
      await configure({ host: `${NAME},${OTHER_NAME}`, ...agreed, hsts: 300 });
      await project.up();
      expect(await plain()).toEqual({ is: "page" });
      await waitFor("what is missing in status.json", 60, async () => (await status()).certificate?.message);
      expect((await status()).certificate).toMatchObject({
        state: "none",
        message: expect.stringContaining(`${NAME} has no address in the DNS`),
      });
      for (const name of [OTHER_NAME, NAME]) await pebble.setName(name, address);
      const page = await isReplaced("");
      expect([page.status, page.body]).toEqual([200, expect.stringContaining("<article")]);
      expect(await plain(`http://${address}/feed.html?a=b`)).toMatchObject({
        location: `https://${NAME}/feed.html?a=b`,
      });
      expect(await plain(`http://${address}/metrics`)).toMatchObject({ is: "redirect" });
      for (const path of ["status.json", "healthz"]) expect((await ask(`http://${address}/${path}`)).status).toBe(200);
      expect(await askOnce(OTHER_NAME, "/x")).toMatchObject({ status: 301, location: `https://${NAME}/x` });
      const { stdout } = await project.done("certificate", "status", "--wait");
      expect(stdout).toMatch(/planet\.example\.org by Pebble .*; last order issued/);
      expect(stdout).toMatch(/bucket +ordered .*: the one in service/);
    },
    LIMIT_MS,
  );

  test(
    "a challenge is answered from the bucket, by this permit and the next one, and nothing else of it is",
    async () => {
      for (const folder of ["acme-challenge", "acme-challenge-2", "acme-challenge-3"])
        await putPublic(cloud, "planet", `${folder}/in-${folder}`, folder);
      const challenge = `http://${address}/.well-known/acme-challenge`;
      for (const folder of ["acme-challenge", "acme-challenge-2"])
        expect(await ask(`${challenge}/in-${folder}`)).toEqual({ status: 200, body: folder });
      for (const path of ["in-acme-challenge-3", "..%2f..%2fplanet.ini", "%2e%2e/tls/certificate.json", "a/b", ""])
        expect((await ask(`${challenge}/${path}`)).status).toBeGreaterThanOrEqual(300);
    },
    LIMIT_MS,
  );

  test(
    `a roll at ${REQUESTS_PER_SECOND} requests a second: none fails, and nothing is ordered`,
    async () => {
      // Not even now that the authority wants a renewal: the last order is not an hour old.
      await pebble.setRenewal(await asRoot("cat", "/etc/planet/tls/current/chain.pem"), hoursAgo(2), hoursAgo(1));
      await keepsCertificate(async () => {
        expect(await underLoad("a roll", () => project.done("roll", "--yes"))).toMatchObject(NONE_FAILED);
      });
      await project.commit("the generation of the roll");
    },
    LIMIT_MS,
  );

  test(
    "a renewal under the same load: none fails",
    async () => {
      const [{ fingerprint }, { orders }] = [await askOnce(), pebble];
      const order = readOrderRecord(await inBucket("tls/order.json"));
      if (order === undefined) throw new Error("nothing was ordered");
      const seen = await underLoad("a renewal", async () => {
        const aged = { ...order, time: hoursAgo(2).toISOString(), notBefore: hoursAgo(1).toISOString() };
        await putPublic(cloud, "planet", "tls/order.json", writeOrderRecord(aged));
        await isReplaced(fingerprint);
      });
      expect(seen).toMatchObject(NONE_FAILED);
      expect(pebble.orders).toBeGreaterThan(orders);
      const [{ fingerprint: renewed }, lying] = [await askOnce(), await inBucket("tls/certificate.json")];
      expect(readCertificateObject(lying).fingerprint).toBe(renewed);
    },
    LIMIT_MS,
  );

  test(
    "a server that was terminated is recovered with the certificate",
    async () => {
      await keepsCertificate(async () => {
        await terminateInstance(cloud, await instanceId());
        await waitFor("its end", 30, async () =>
          (await cloudStatus(CLOUD)).instances.every(({ state }) => state !== "running"),
        );
        await project.done("recover", "--yes");
      });
    },
    LIMIT_MS,
  );

  test(
    "a raised permit makes a new certificate, which is there before its server takes over: no request fails",
    async () => {
      const { fingerprint } = await askOnce();
      await configure({ permit: 2 });
      expect(await underLoad("a raised permit", () => project.up())).toMatchObject(NONE_FAILED);
      const now = await askOnce();
      expect(now.fingerprint).not.toBe(fingerprint);
      expect(readCertificateObject(await inBucket("tls-2/certificate.json")).fingerprint).toBe(now.fingerprint);
      expect(readCertificateObject(await inBucket("tls/certificate.json")).fingerprint).toBe(fingerprint);
    },
    LIMIT_MS,
  );

  test(
    "back to before the host name: https answers until the new server does by http; forward again, the certificate is there",
    async () => {
      const over = { is: false };
      const lost: string[] = [];
      const watch = (async () => {
        while (!over.is) {
          const isAnswered = await askOnce().then(
            ({ status: code }) => code === 200,
            () => false,
          );
          const { is } = isAnswered ? { is: "page" } : await plain();
          if (is !== "page") lost.push(`${new Date().toISOString()}: https has no answer, and http ${is}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      })();
      try {
        await keepsCertificate(async () => {
          await project.done("rollback", "--to", "1", "--yes");
          expect(await plain()).toEqual({ is: "page" });
          await expect(askOnce()).rejects.toThrow("ECONNREFUSED");
          await project.up();
        });
      } finally {
        over.is = true;
        await watch;
      }
      expect(lost).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "a company's certificate is imported, and what is tampered with does not come into effect",
    async () => {
      const { fingerprint } = await askOnce();
      const company = new TestAuthority("Company Root");
      const pair = company.intermediate().issue({ names: [NAME, OTHER_NAME] });
      for (const [file, text] of Object.entries(pair))
        await writeFile(join(project.directory, `.planet/${file}.pem`), text);
      await project.done("certificate", "import", "--cert", ".planet/chain.pem", "--key", ".planet/key.pem");
      ca = company.certificate;
      const imported = await isReplaced(fingerprint);
      await project.done("certificate", "status", "--wait");
      const text = await inBucket("tls-2/certificate.json");
      await putPublic(cloud, "planet", "tls-2/certificate.json", text.replace(/"placedAt":"\d+/, '"placedAt":"2099'));
      await waitFor("the trouble in status.json", 90, async () =>
        (await status()).degraded.some(({ code }) => code === "certificate-not-taken"),
      );
      expect((await status()).certificate).toMatchObject({ state: "degraded", fingerprint: imported.fingerprint });
      expect((await askOnce()).fingerprint).toBe(imported.fingerprint);
      const { exitCode, stdout } = await project.planet("certificate", "status");
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining("its seal is broken")]);
    },
    LIMIT_MS,
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
    LIMIT_MS,
  );
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
