import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { publicReader, readLiveBucket } from "@planet/content/live";
import { createClock, createEc2, createS3 } from "@planet/eucalyptus-client";
import type { Change } from "../packages/cli/change/change.ts";
import type { Command } from "../packages/cli/command.ts";
import { realOperationEdges } from "../packages/cli/deploy/edges.ts";
import { planetServed } from "../packages/cli/page/testing/planetServed.ts";
import { realFeedsEdges } from "../packages/cli/verbs/feeds/edges.ts";
import { createFeedsCommand } from "../packages/cli/verbs/feeds/feedsCommand.ts";
import { createPreviewCommand } from "../packages/cli/verbs/preview/previewCommand.ts";
import { createUpCommand } from "../packages/cli/verbs/up/upCommand.ts";
import { TestProject } from "./harness/project.ts";
import { TestCloud } from "./harness/testCloud.ts";

// The real engine and the stack as it is, on the local cloud's API without real machines. Proves that what the
// preview reads is what the stack and the engine write: names, types, warnings. Not that a server works.
let cloud: TestCloud;
let project: TestProject;
const MINUTES = 60_000;

beforeAll(async () => {
  cloud = await TestCloud.start("preview-engine");
  project = await TestProject.create({
    stack: "test",
    config: cloud.settings,
    ...cloud.cloud.credentials,
  });
  await writeFile(join(project.directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await cloud?.stop();
}, 3 * MINUTES);

async function pulumi(args: readonly string[]) {
  const { exitCode: code, stdout } = await project.pulumi(args);
  return { code, stdout };
}

const previewCommand = createPreviewCommand({
  pulumi,
  readBucket: (bucketUrl, names) => readLiveBucket(publicReader(bucketUrl), names),
  undone: async () => [],
  uncommitted: async () => [],
  page: async () => ({ kind: "silent", reason: "the servers of this cloud have no engine" }),
  environmentOf: async () => ({ AWS_SECRET_ACCESS_KEY: cloud.cloud.credentials.secretAccessKey }),
});
/** The servers of this cloud have no engine: the page is taken to show whatever was deployed. */
const upCommand = createUpCommand({
  ...realOperationEdges,
  read: pulumi,
  preview: async () => preview(),
  stream: async (args, _, onLine) => {
    const { exitCode, stdout } = await project.pulumi(args);
    for (const line of stdout.split("\n")) onLine(line);
    return { code: exitCode, isInterrupted: false };
  },
  locks: async () => [],
  now: Date.now,
  page: async () => {
    const { release = "", contentDigest = "" } = await project.outputs();
    const served = planetServed(release, 3);
    return served.kind === "planet" ? { ...served, status: { ...served.status, contentDigest } } : served;
  },
});
const feedsCommand = createFeedsCommand({ ...realFeedsEdges, pulumi, uncommitted: async () => [] });

async function run(command: Command, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await command.run(argv, {
    checkout: project.directory,
    shownNotices: new Set<string>(),
    environment: {},
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { code, out: out.join(""), err: err.join("") };
}

async function preview(...options: string[]): Promise<Change> {
  return JSON.parse((await run(previewCommand, "--json", "--stack", "test", ...options)).out) as Change;
}

const connection = () => ({ region: "eucalyptus", credentials: cloud.cloud.credentials, clock: createClock() });
const site = (name: string) => readFile(join(project.directory, "site", name), "utf8");

/** As when planets were deployed by hand: directly into the bucket. */
async function edit(key: string, text: string): Promise<void> {
  const s3 = createS3(`${cloud.endpoint}/services/objectstorage/`, connection());
  await s3.putObject({
    bucket: "planet",
    key,
    bytes: Buffer.from(text),
    contentType: "text/plain",
    acl: "public-read",
  });
}

/** One story: each test starts where the one before it ended. */
describe("planet preview and feeds with the real engine", () => {
  test(
    "the first deploy",
    async () => {
      const change = await preview();
      expect(change).toMatchObject({
        verdict: "server",
        server: { kind: "first" },
        address: { kind: "new" },
        problems: [],
      });
      expect(change.feeds.added.length).toBeGreaterThan(5);
      expect(change.files.map(({ name }) => name)).toContain("planet.ini");
      await project.up();
      expect((await run(previewCommand, "--expect-no-changes")).code).toBe(0);
    },
    MINUTES,
  );

  test(
    "a feed more is live content",
    async () => {
      await project.edit(
        "site/planet.ini",
        (text) => `${text}\n[http://almanac.blogs.test/feed.xml]\nname = The Almanac\n`,
      );
      const change = await preview();
      const feed = { url: "http://almanac.blogs.test/feed.xml", name: "The Almanac" };
      expect(change).toMatchObject({ verdict: "content", feeds: { added: [feed], removed: [] }, others: [] });
      expect(change.files).toMatchObject([{ name: "planet.ini", kind: "changed" }]);
    },
    MINUTES,
  );

  test(
    "an edit of the other half of the file stops it; a pull keeps both, and the next deploy goes through",
    async () => {
      const edited = (await site("planet.ini"))
        .replace(/\n\[http:\/\/almanac[\s\S]*$/, "")
        .replace("Corner Bakery", "Bakery");
      await edit("planet.ini", edited);
      const stopped = await preview();
      expect(stopped).toMatchObject({ verdict: "refused", liveEdits: [{ name: "planet.ini", fate: "found" }] });
      expect(stopped.problems.join()).toContain("planet feeds pull");

      expect((await run(feedsCommand, "pull", "--stack", "test")).code).toBe(0);
      expect(await site("planet.ini")).toMatch(/name = Bakery\n[\s\S]*The Almanac/);
      expect(await preview()).toMatchObject({ verdict: "content", liveEdits: [{ fate: "overwritten" }] });
      await project.up();
      expect((await preview()).verdict).toBe("nothing");
    },
    MINUTES,
  );

  test(
    "planet:generation is a new server, an edit of another file is left alone",
    async () => {
      await edit("planet.css", "/* live */\n");
      await project.configure({ generation: 2 });
      const change = await preview();
      expect(change).toMatchObject({
        verdict: "server",
        server: { kind: "new", reasons: [] },
        address: { kind: "moves" },
      });
      expect(change.liveEdits).toMatchObject([{ name: "planet.css", fate: "left" }]);
      expect(change.files).toEqual([]);
      expect((await run(previewCommand, "--markdown")).out).toContain("planet:generation: nothing else");
      const { code, err, out } = await run(upCommand, "--yes", "--stack", "test");
      const steps = err.split("\n").filter((line) => line.startsWith("•"));
      expect(steps).toEqual([
        expect.stringMatching(/^• starts planet-[0-9a-f]{8}$/),
        "• waits until the new server has booted and shows its page",
        "• moves the address to it",
        "• waits until readers get the new server",
        expect.stringMatching(/^• ends planet-[0-9a-f]{8}$/),
        "• waits until the page shows it",
      ]);
      expect([code, out]).toEqual([0, expect.stringMatching(/^Readers see it since \d\d:\d\d:\d\d UTC/)]);
    },
    MINUTES,
  );

  test(
    "a machine that is gone is made again",
    async () => {
      const { instanceId = "" } = await project.outputs();
      await createEc2(`${cloud.endpoint}/services/compute/`, connection()).terminateInstance(instanceId);
      const change = await preview();
      expect(change).toMatchObject({ verdict: "server", server: { kind: "again" }, address: { kind: "returns" } });
    },
    MINUTES,
  );
});
