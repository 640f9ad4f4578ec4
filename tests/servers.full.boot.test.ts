import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CloudStatus, resetCloud, setFault, startCloud } from "@planet/local-cloud";
import { type ProbeReport, startProbe } from "../packages/cli/page/probe.ts";
import { addressesOf } from "../packages/eucalyptus-client/nameServer.ts";
import { runningServers, settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { keepAliveReader } from "./harness/keepAlive.ts";
import { ask, status } from "./harness/page.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "servers";
const STACK = "servers";
const ALMANAC = "\n[http://almanac.blogs.test/feed.xml]\nname = The Almanac\n";
/** Each of the two kinds of readers. */
const REQUESTS_PER_SECOND = 200;
const LIMIT_MS = 15 * 60_000;

let cloud: CloudStatus;
let project: GitProject;
let page: string;

const quiet = () => {};
const running = async () => (await runningServers(CLOUD)).toSorted();

/** One story, in order. Servers are real, the balancer does what Eucalyptus' own was seen to do, its loops are ten times as fast. */
describe(`two servers behind a balancer under ${REQUESTS_PER_SECOND} fresh and as many kept connections a second`, () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, clockFactor: 10, onProgress: quiet });
    project = await GitProject.create(cloud, STACK, { ...settingsOn(cloud), readyDeadline: 900, servers: 2 });
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
    "no request fails in a change of content, which reaches both and replaces nobody",
    async () => {
      const before = await running();
      const seen = await probed(async () => {
        await project.edit("site/planet.ini", (text) => text + ALMANAC);
        await project.commit("feeds: add the almanac");
        await project.up();
        await waitFor("the almanac on both", 120, hasAlmanac);
      });
      expectNoneFailed("a change of content", seen);
      expect(await running()).toEqual(before);
    },
    LIMIT_MS,
  );

  test(
    "no request fails in a roll, which takes a changed setting along",
    async () => {
      await configure("interval", 9);
      expectNoneFailed("a roll", await replaced(() => project.done("roll", "--yes")));
      await project.commit("roll");
    },
    LIMIT_MS,
  );

  test(
    "no request fails in a rollback, which makes servers of the earlier setting",
    async () => {
      expectNoneFailed("a rollback", await replaced(() => project.done("rollback", "--yes")));
      expect((await ask(page)).body).toContain("almanac.blogs.test/");
      await configure("interval", 10);
      expect((await project.planet("preview", "--expect-no-changes")).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "no request fails when a server comes, and when it leaves; the others stay",
    async () => {
      const before = await running();
      const more = await probed(async () => {
        await configure("servers", 3);
        await project.up();
        await answering(3);
      });
      expectNoneFailed("a server more", more);
      expect(await running()).toEqual(expect.arrayContaining(before));
      const fewer = await probed(async () => {
        await configure("servers", 2);
        await project.up();
      });
      expectNoneFailed("a server less", fewer);
      expect(await running()).toEqual(before);
    },
    LIMIT_MS,
  );

  test(
    "a deploy whose servers do not boot leaves the old ones serving, and going back boots nothing",
    async () => {
      const [before, { release }] = [await running(), await status(page)];
      const seen = await probed(async () => {
        await project.edit("userdata/planet.sh", (text) => text.replace("\nDEGRADED=\n", "\nexit 7\nDEGRADED=\n"));
        await project.commit("a boot that fails");
        await expect(project.up()).rejects.toThrow("planet: FAILED");
        expect(await running()).toEqual(expect.arrayContaining(before));
        expect((await status(page)).release).toBe(release);
        await project.git("revert", "--no-edit", "HEAD");
        await project.up();
      });
      expectNoneFailed("a deploy that fails, and the way back", seen);
      expect(await running()).toEqual(before);
      expect((await status(page)).release).toBe(release);
    },
    LIMIT_MS,
  );

  test(
    "a server that is killed costs readers only what was on its way to it, and is replaced without a command",
    async () => {
      const [killed = ""] = await running();
      const seen = await probed(async () => {
        await terminateInstance(cloud, killed);
        await isReplaced(killed);
      });
      print("a killed server", seen);
      // One in two, until the balancer's checks have seen it: 20 to 45 s of a real cloud.
      expect(seen.fresh.failed).toBeLessThan((REQUESTS_PER_SECOND / 2) * 45);
      expect((await project.planet("preview", "--expect-no-changes")).exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "a server that hangs gets no readers any more, and with planet:healing page it is replaced without a command",
    async () => {
      const before = await running();
      await configure("healing", "page");
      await project.up();
      expect(await running()).toEqual(before);
      const [hanging = ""] = before;
      const seen = await probed(async () => {
        await setFault(CLOUD, { fault: "frozen-machine", instance: hanging });
        await isReplaced(hanging);
      });
      print("a server that hangs", seen);
      expect(seen.fresh.failed).toBeLessThan((REQUESTS_PER_SECOND / 2) * 45);
      expect(await running()).toContain(before[1]);
      expect((await project.planet("preview", "--expect-no-changes")).exitCode).toBe(0);
    },
    LIMIT_MS,
  );
});

async function configure(setting: string, value: string | number): Promise<void> {
  await project.edit(`Pulumi.${STACK}.yaml`, (text) => {
    const others = text.replace(new RegExp(`^  planet:${setting}: .*\\n`, "m"), "");
    return others.replace("config:\n", `config:\n  planet:${setting}: ${value}\n`);
  });
  await project.commit(`${setting}: ${value}`);
}

/** Each of the servers has had its turn. */
async function hasAlmanac(): Promise<boolean> {
  for (let question = 0; question < 4; question += 1) {
    if (!(await ask(page)).body.includes("almanac.blogs.test/")) return false;
  }
  return true;
}

const answering = (count: number) =>
  waitFor(`${count} servers`, 600, async () => {
    return (await project.planet("status")).output.includes(`${count} of ${count} servers answer`);
  });

const isReplaced = (instanceId: string) =>
  waitFor("another server", 600, async () => {
    const { output } = await project.planet("status");
    return !(await running()).includes(instanceId) && output.includes("2 of 2 servers answer");
  });

/** By servers of another release, all of them. */
async function replaced(work: () => Promise<unknown>): Promise<Seen> {
  const [before, { release }] = [await running(), await status(page)];
  const seen = await probed(work);
  expect((await status(page)).release).not.toBe(release);
  expect((await running()).filter((id) => before.includes(id))).toEqual([]);
  return seen;
}

function expectNoneFailed(name: string, seen: Seen): void {
  print(name, seen);
  expect([seen.fresh.failures, seen.kept.failures]).toEqual([[], []]);
}

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
