import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { changeSettings, cloudStatus, resetCloud, startCloud, stopCloud } from "@planet/local-cloud";
import { type ProbeReport, startProbe } from "../packages/cli/page/probe.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { keepAliveReader } from "./harness/keepAlive.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "cutover";
/** Each of the two kinds of readers; a planet on a busy day has fewer. */
const REQUESTS_PER_SECOND = 200;
const MOVE_DELAY_MS = 8000;

let project: GitProject;
let url: string;

const quiet = () => {};

describe(`cutovers under ${REQUESTS_PER_SECOND} fresh and as many kept connections a second (proves it on the local cloud)`, () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    const cloud = await startCloud({
      name: CLOUD,
      owner,
      moveDelayMs: MOVE_DELAY_MS,
      cutOnMove: false,
      onProgress: quiet,
    });
    project = await GitProject.create(cloud, "cutover", settingsOn(cloud));
    await project.up();
    url = new URL("status.json", (await project.outputs()).url).href;
  }, 300_000);

  afterAll(async () => {
    await project?.remove();
    await resetCloud(CLOUD, quiet);
  }, 60_000);

  test.each([
    {
      name: "a change of content",
      servers: 1,
      change: () => committed("site/planet.css", (text) => `${text}\n/* a new skin */\n`),
      deploy: () => project.up(),
    },
    { name: "a roll", servers: 2, change: async () => {}, deploy: () => project.done("roll", "--yes") },
    {
      name: "a replacement",
      servers: 2,
      change: () => committed("Pulumi.cutover.yaml", (text) => text.replace("t2.small", "t2.medium")),
      deploy: () => project.up(),
    },
    { name: "a rollback", servers: 2, change: async () => {}, deploy: () => project.done("rollback", "--yes") },
  ])(
    "no request fails in $name",
    async ({ name, servers, change, deploy }) => {
      await change();
      const seen = await probed(deploy);
      const { fresh, kept } = seen;

      print(name, seen);
      expect(fresh.failures).toEqual([]);
      expect(kept.failures).toEqual([]);
      expect(fresh.releases).toHaveLength(servers);
    },
    300_000,
  );

  test("where the cloud cuts connections at a move, only requests under way at that moment fail", async () => {
    await project.git("revert", "--no-edit", "HEAD"); // as the rollback before has asked for
    await changeSettings(CLOUD, { cutOnMove: true });
    const seen = await probed(() => project.done("roll", "--yes"));
    const { fresh, kept } = seen;

    print("a roll with cut connections", seen);
    // All in one moment, and no more than were under way: 16 kept ones and the fresh ones of a few milliseconds.
    const moments = [...fresh.failures, ...kept.failures].map((line) => Date.parse(line.split(" ")[0] ?? ""));
    expect(fresh.failed + kept.failed).toBeLessThanOrEqual(32);
    if (moments.length > 0) expect(Math.max(...moments) - Math.min(...moments)).toBeLessThan(1000);
    await changeSettings(CLOUD, { cutOnMove: false });
  }, 300_000);

  test("the probe fails when service stops", async () => {
    const probe = startProbe(url, REQUESTS_PER_SECOND);
    const cloud = await cloudStatus(CLOUD);
    for (const { instanceId, state } of cloud.instances) {
      if (state === "running") await terminateInstance(cloud, instanceId);
    }
    await waitFor("a failed request", 20, async () => probe.report().failed > 0);
    await probe.stop();
    await stopCloud(CLOUD, quiet);
  }, 60_000);
});

async function committed(file: string, change: (text: string) => string): Promise<void> {
  await project.edit(file, change);
  await project.commit(`change ${file}`);
}

interface Seen {
  readonly fresh: ProbeReport;
  readonly kept: ProbeReport;
  /** From the call that moved the address to the first answer of the new server; only where there was a move. */
  readonly moveMs: number | undefined;
}

async function probed(deploy: () => Promise<unknown>): Promise<Seen> {
  const started = Date.now();
  const reader = keepAliveReader();
  const probes = [startProbe(url, REQUESTS_PER_SECOND), startProbe(url, REQUESTS_PER_SECOND, reader.ask)] as const;
  try {
    await deploy();
    await new Promise((resolve) => setTimeout(resolve, 2000));
  } finally {
    await Promise.all(probes.map((probe) => probe.stop()));
    reader.close();
  }
  const [fresh, kept] = [probes[0].report(), probes[1].report()];
  const moved = (await cloudStatus(CLOUD)).addresses.find(({ publicAddress }) => url.includes(`/${publicAddress}/`));
  const firstAnswer = started + (fresh.firstAnswersMs[1] ?? Number.NaN);
  const moveMs = firstAnswer - Date.parse(moved?.associatedAt ?? "");
  return { fresh, kept, moveMs: Number.isNaN(moveMs) ? undefined : moveMs };
}

/** For whoever reads the test's output; nothing is asserted on times. */
function print(name: string, { fresh, kept, moveMs }: Seen): void {
  const lines = Object.entries({ fresh, kept }).map(
    ([kind, { requests, failed, slowestMs, longestGapMs }]) =>
      `  ${kind}: ${requests} requests, ${failed} failed, slowest ${Math.round(slowestMs)} ms, longest gap ${Math.round(longestGapMs)} ms`,
  );
  const move = moveMs === undefined ? [] : [`  the new server answered ${Math.round(moveMs)} ms after the move call`];
  process.stderr.write([`${name}:`, ...lines, ...move, ""].join("\n"));
}
