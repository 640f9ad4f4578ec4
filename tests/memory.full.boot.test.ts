import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { StatusJson } from "@planet/content";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { type CloudStatus, cloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { ask } from "./harness/page.ts";
import { putPublic } from "./harness/putPublic.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "memory";
const STACK = "memory";
const BLOG = "blog";
const MINUTES = 60_000;
const quiet = () => {};

/** Its entries lie between those of the sample blogs, so that their place says something. */
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>Far Away</title><link>http://far.example/</link>
<description>A blog that goes away</description>
<item><title>The last entry</title><link>http://far.example/2</link><guid>http://far.example/2</guid>
<pubDate>Mon, 02 Feb 2026 12:00:00 GMT</pubDate><description>Kept.</description></item>
<item><title>An entry without a date</title><link>http://far.example/1</link><guid>http://far.example/1</guid>
<description>Kept in its place.</description></item></channel></rss>`;

let cloud: CloudStatus;
let project: GitProject;
let url: string;

const s3 = () => {
  const { accessKeyId, secretAccessKey, region } = cloud;
  return createS3(cloud.s3Url, { region, credentials: { accessKeyId, secretAccessKey }, clock: createClock() });
};
const page = async () => (await ask(url)).body;
/** The entries of the page in their order. */
const entries = async () => [...(await page()).matchAll(/<article[^>]* id="([^"]+)"/g)].map(([, id]) => id);
const instanceId = async () => (await project.outputs()).instanceId ?? "";

async function configure(change: (text: string) => string): Promise<void> {
  await project.edit(`Pulumi.${STACK}.yaml`, change);
  await project.commit("other settings");
}

/** The work makes a new server, and its page has the same entries in the same places. */
async function keepsAll(work: () => Promise<unknown>): Promise<void> {
  const [before, shown] = [await instanceId(), await entries()];
  expect(shown.length).toBeGreaterThan(2);
  await work();
  expect(await instanceId()).not.toBe(before);
  expect(await page()).toContain("The last entry");
  expect(await entries()).toEqual(shown);
}

/** One story: each test starts where the one before has ended. */
describe("the memory of a planet (proves it with real boots; not against a live Eucalyptus)", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, onProgress: quiet });
    await s3().createBucket(BLOG, "public-read");
    await putPublic(cloud, BLOG, "feed.xml", FEED);
    const { hostname } = new URL(cloud.s3Url);
    project = await GitProject.create(cloud, STACK, {
      ...settingsOn(cloud),
      allowHosts: ["*.blogs.test", hostname],
    });
    await project.edit("site/planet.ini", (text) => `${text}\n[${cloud.s3Url}${BLOG}/feed.xml]\nname = Far Away\n`);
    await project.commit("feeds: far away");
    await project.up();
    url = (await project.outputs()).url ?? "";
  }, 10 * MINUTES);

  afterAll(async () => {
    await project?.remove();
    await resetCloud(CLOUD, quiet);
  }, 2 * MINUTES);

  test(
    "a new server shows byte for byte what the one before showed, when no feed has changed",
    async () => {
      await waitFor("the memory to have the blog", 60, async () => {
        const { memory, feeds }: StatusJson = JSON.parse((await ask(new URL("/status.json", url).href)).body);
        return (
          memory.state === "on" &&
          memory.feeds >= feeds.filter(({ state }) => state === "ok").length &&
          (await page()).includes("The last entry")
        );
      });
      const before = await page();
      await project.done("roll", "--yes");
      const strip = (text: string) => text.replaceAll(/release[^<]*/g, "");
      expect(strip(await page())).toBe(strip(before));
    },
    12 * MINUTES,
  );

  test(
    "a blog that is down keeps its entries where they stood: over a roll",
    async () => {
      await s3().deleteObject(BLOG, "feed.xml");
      await keepsAll(() => project.done("roll", "--yes"));
    },
    12 * MINUTES,
  );

  test(
    "over the recovery of a server that was terminated",
    async () => {
      await keepsAll(async () => {
        await terminateInstance(cloud, await instanceId());
        await waitFor("its end", 30, async () => {
          const { instances } = await cloudStatus(CLOUD);
          return instances.every(({ state }) => state !== "running");
        });
        await project.done("recover", "--yes");
      });
    },
    12 * MINUTES,
  );

  test(
    "over a deploy of other settings, and the rollback from it",
    async () => {
      await project.commit("the generation of rolls");
      await project.up();
      await keepsAll(async () => {
        await configure((text) => text.replace(/planet:interval: .*/, "planet:interval: 9"));
        await project.up();
      });
      await keepsAll(() => project.done("rollback", "--yes"));
    },
    16 * MINUTES,
  );

  test(
    "and over a destroy that keeps it, and the next up",
    async () => {
      await configure((text) => text.replace(/planet:keepMemory: .*/, "planet:keepMemory: true"));
      await project.up();
      await keepsAll(async () => {
        expect(await project.run("toolchain/bin/pulumi.mjs", ["destroy", "--yes", "--skip-preview"])).toMatchObject({
          exitCode: 0,
        });
        await project.up();
        url = (await project.outputs()).url ?? "";
      });
    },
    16 * MINUTES,
  );
});
