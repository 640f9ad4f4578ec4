import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TestAuthority } from "@planet/content/testing";
import { type CloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { startProbe } from "../packages/cli/page/probe.ts";
import { addressesOf } from "../packages/eucalyptus-client/nameServer.ts";
import { runningServers, settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { httpsReader } from "./harness/httpsReader.ts";
import { ask, status } from "./harness/page.ts";
import { waitFor } from "./harness/wait.ts";

// Two real servers, real nginx, a certificate of a company's authority; one server alone: tests/certificate.full.boot.test.ts.

const CLOUD = "servers-https";
const NAME = "planet.example.org";
/** Each of the two kinds of readers. */
const REQUESTS_PER_SECOND = 100;
const MINUTES = 60_000;
const LIMIT_MS = 15 * MINUTES;
const quiet = () => {};
const authority = new TestAuthority("Company Root");

let cloud: CloudStatus;
let project: GitProject;
let address: string;
let dnsName: string;
let fingerprint: string;

const reader = (keepAlive: boolean) => httpsReader({ address, name: NAME, ca: authority.certificate }, { keepAlive });
const running = () => runningServers(CLOUD);

/** One story, in order. */
describe("two servers behind a balancer, with a host name", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, clockFactor: 10, onProgress: quiet });
    const https = { host: NAME, acmeDirectory: "off" };
    project = await GitProject.create(cloud, "https", {
      ...settingsOn(cloud),
      ...https,
      readyDeadline: 900,
      servers: 2,
    });
    await project.up();
    dnsName = (await project.outputs()).dnsName ?? "";
    [address = ""] = await addressesOf(dnsName, new URL(cloud.endpoint).hostname);
  }, LIMIT_MS);

  afterAll(async () => {
    await project?.remove();
    await resetCloud(CLOUD, quiet);
  }, 2 * MINUTES);

  test(
    "an imported certificate comes into effect on both, http leads there, and planet says so",
    async () => {
      expect((await ask(`http://${address}/`)).status).toBe(200);
      await importCertificate();
      const { output } = await project.done("certificate", "status", "--wait");
      expect(output).toMatch(/the one in service/);
      const pages = await several(8);
      fingerprint = pages[0]?.fingerprint ?? "";
      expect(pages.map((page) => [page.status, page.fingerprint])).toEqual(pages.map(() => [200, fingerprint]));
      expect(pages[0]?.body).toContain("<article");
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await redirectOf(`http://${address}/feed.html?a=b`)).toBe(`https://${NAME}/feed.html?a=b`);
        for (const path of ["status.json", "healthz"])
          expect((await ask(`http://${address}/${path}`)).status).toBe(200);
      }
      expect((await project.planet("status")).output).toMatch(
        /https +planet\.example\.org by Planet Test Intermediate/,
      );
      expect((await project.planet("doctor")).output).toContain("does not trust the certificate in service");
    },
    5 * MINUTES,
  );

  test(
    `no request fails in a roll, of ${REQUESTS_PER_SECOND} over fresh and as many over kept connections a second`,
    async () => {
      const [before, { release }] = [await running(), await status(`http://${address}/`)];
      expect(await failuresDuring(() => project.done("roll", "--yes"))).toEqual([[], []]);
      expect((await status(`http://${address}/`)).release).not.toBe(release);
      expect((await running()).filter((id) => before.includes(id))).toEqual([]);
      expect((await several(4)).map((page) => page.fingerprint)).toEqual(Array(4).fill(fingerprint));
    },
    LIMIT_MS,
  );

  test(
    "a server that has replaced a dead one has the certificate",
    async () => {
      const [killed = ""] = await running();
      await terminateInstance(cloud, killed);
      await waitFor("another server", 600, async () => {
        const { output } = await project.planet("status");
        return !(await running()).includes(killed) && output.includes("2 of 2 servers answer");
      });
      expect((await several(8)).map((page) => page.fingerprint)).toEqual(Array(8).fill(fingerprint));
    },
    LIMIT_MS,
  );
});

async function importCertificate(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "planet-certificate-"));
  const { chain, key } = authority.intermediate().issue({ names: [NAME] });
  const files = [join(folder, "chain.pem"), join(folder, "key.pem")] as const;
  await Promise.all([writeFile(files[0], chain), writeFile(files[1], key)]);
  await project.done("certificate", "import", "--cert", files[0], "--key", files[1]);
  await rm(folder, { recursive: true });
}

/** Over so many fresh connections, one after the other: each server has its turn. */
async function several(count: number) {
  const pages = [];
  for (let turn = 0; turn < count; turn += 1) {
    const one = reader(false);
    pages.push(await one.ask("/").finally(one.close));
  }
  return pages;
}

function redirectOf(url: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 301 ? response.headers.location : undefined);
    }).on("error", reject);
  });
}

/** Of readers over fresh and over kept connections. */
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
  for (const probe of probes) {
    const { requests, failed, slowestMs } = probe.report();
    process.stderr.write(
      `a roll over https: ${requests} requests, ${failed} failed, slowest ${Math.round(slowestMs)} ms\n`,
    );
  }
  return probes.map((probe) => probe.report().failures);
}
