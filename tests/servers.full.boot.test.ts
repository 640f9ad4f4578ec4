import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CloudStatus, cloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { type ProbeReport, startProbe } from "../packages/cli/page/probe.ts";
import { addressesOf } from "../packages/eucalyptus-client/nameServer.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { keepAliveReader } from "./harness/keepAlive.ts";
import { ask, status } from "./harness/page.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "servers";
/** Each of the two kinds of readers. */
const REQUESTS_PER_SECOND = 200;
const LIMIT_MS = 15 * 60_000;

let cloud: CloudStatus;
let project: GitProject;
let page: string;

const quiet = () => {};
const running = async () => {
  const { instances } = await cloudStatus(CLOUD);
  return instances.flatMap(({ instanceId, state }) => (state === "running" ? instanceId : [])).toSorted();
};

/** One story, in order. Servers are real, the balancer does what Eucalyptus' own was seen to do, its loops are ten times as fast. */
describe(`two servers behind a balancer under ${REQUESTS_PER_SECOND} fresh and as many kept connections a second`, () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, clockFactor: 10, onProgress: quiet });
    project = await GitProject.create(cloud, "servers", { ...settingsOn(cloud), readyDeadline: 900, servers: 2 });
    await project.up();
    const { dnsName = "" } = await project.outputs();
    const [address = ""] = await addressesOf(dnsName, new URL(cloud.endpoint).hostname);
    page = `http://${address}/`;
  }, LIMIT_MS);

  afterAll(async () => {
    await project?.remove();
    await resetCloud(CLOUD, quiet);
  }, 120_000);

  test("both serve the page, and one of them asks the blogs", async () => {
    expect(await running()).toHaveLength(2);
    expect((await ask(page)).body).toContain("<article");
    expect((await project.planet("status")).output).toMatch(/servers +2 of 2 servers answer/);
    const { bucketUrl = "" } = await project.outputs();
    const lease = await waitFor("a lease", 60, async () => (await ask(`${bucketUrl}/memory/holder.json`)).body);
    expect(await running()).toContain(JSON.parse(lease).holder);
  }, 120_000);

  test(
    "no request fails in a roll",
    async () => {
      const [before, { release }] = [await running(), await status(page)];
      const seen = await probed(() => project.done("roll", "--yes"));
      print("a roll", seen);
      expect([seen.fresh.failures, seen.kept.failures]).toEqual([[], []]);
      expect((await status(page)).release).not.toBe(release);
      expect((await running()).filter((id) => before.includes(id))).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "a server that is killed costs readers only what was on its way to it, and is replaced without a command",
    async () => {
      const [killed = ""] = await running();
      const seen = await probed(async () => {
        await terminateInstance(cloud, killed);
        await waitFor("another server", 600, async () => {
          const { output } = await project.planet("status");
          return !(await running()).includes(killed) && /2 of 2 servers answer/.test(output);
        });
      });
      print("a killed server", seen);
      // One in two, until the balancer's checks have seen it: 20 to 45 s of a real cloud.
      expect(seen.fresh.failed).toBeLessThan((REQUESTS_PER_SECOND / 2) * 45);
      expect((await project.planet("preview", "--expect-no-changes")).exitCode).toBe(0);
    },
    LIMIT_MS,
  );
});

interface Seen {
  readonly fresh: ProbeReport;
  readonly kept: ProbeReport;
}

async function probed(work: () => Promise<unknown>): Promise<Seen> {
  const reader = keepAliveReader();
  const url = new URL("status.json", page).href;
  const probes = [startProbe(url, REQUESTS_PER_SECOND), startProbe(url, REQUESTS_PER_SECOND, reader.ask)] as const;
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  } finally {
    await Promise.all(probes.map((probe) => probe.stop()));
    reader.close();
  }
  return { fresh: probes[0].report(), kept: probes[1].report() };
}

/** For whoever reads the test's output; nothing is asserted on times. */
function print(name: string, seen: Seen): void {
  const lines = Object.entries(seen).map(
    ([kind, { requests, failed, slowestMs, longestGapMs }]) =>
      `  ${kind}: ${requests} requests, ${failed} failed, slowest ${Math.round(slowestMs)} ms, longest gap ${Math.round(longestGapMs)} ms`,
  );
  process.stderr.write([`${name}:`, ...lines, ""].join("\n"));
}
