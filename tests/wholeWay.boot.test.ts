import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { policyOf, signatureOf } from "@planet/content";
import { type CloudStatus, cloudStatus, imageId, resetCloud, startCloud, stopCloud } from "@planet/local-cloud";
import { type ProbeReport, startProbe } from "../packages/cli/page/probe.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { ask, countArticles, status } from "./harness/page.ts";
import { TestProject } from "./harness/project.ts";
import { putPublic } from "./harness/putPublic.ts";
import { placesOf } from "./harness/readableCopies.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "e2e";
const BUCKET = "planet";
const ALMANAC = "\n[http://almanac.blogs.test/feed.xml]\nname = The Almanac\n";
const SAMPLE_BLOGS = /lighthouse|bakery|kernelnotes|radio|garden|tokyo|oldtimer|microposts/g;

let cloud: CloudStatus;
let project: TestProject;
let url: string;

const quiet = () => {};
const bucketUrl = () => `${cloud.s3Url}${BUCKET}/`;

/** One sequence on one cloud: each test starts where the previous one ended. */
describe("the whole way (proves it with real boots on the local cloud; not against a live Eucalyptus)", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    cloud = await startCloud({
      name: CLOUD,
      owner: fileURLToPath(new URL("..", import.meta.url)),
      moveDelayMs: 5000,
      onProgress: quiet,
    });
    project = await TestProject.create({
      stack: "e2e",
      accessKeyId: cloud.accessKeyId,
      secretAccessKey: cloud.secretAccessKey,
      config: settingsOn(cloud),
    });
  }, 300_000);

  afterAll(async () => {
    await project?.remove();
    await stopCloud(CLOUD, quiet);
  }, 60_000);

  test("the first up ends with a planet that shows every sample blog that answers", async () => {
    await project.up();
    url = (await project.outputs()).url ?? "";

    const { status: code, body } = await ask(url);

    expect(code).toBe(200);
    expect(countArticles(body)).toBeGreaterThanOrEqual(20);
    expect(new Set(body.match(SAMPLE_BLOGS))).toEqual(new Set(SAMPLE_BLOGS.source.split("|")));
  }, 300_000);

  test("a second up, and a preview from another clone, change nothing", async () => {
    const clone = await TestProject.create({
      stack: "e2e",
      accessKeyId: cloud.accessKeyId,
      secretAccessKey: cloud.secretAccessKey,
      config: {},
      backendOf: project,
    });
    await clone.takeConfigOf(project);

    await project.up("--expect-no-changes");
    await project.succeed(["preview", "--expect-no-changes"]);
    await clone.succeed(["preview", "--expect-no-changes"]);
    await clone.remove();
  }, 120_000);

  test("a feed added to site/planet.ini is on the page within one interval, on the same server", async () => {
    const before = await project.outputs();
    await project.edit("site/planet.ini", (text) => text + ALMANAC);
    await project.up();

    await waitFor("the almanac's entries", 20, async () => (await ask(url)).body.includes("almanac.blogs.test/"));
    expect((await project.outputs()).instanceId).toBe(before.instanceId);
  }, 120_000);

  test.each(["s3", "s3v4"] as const)(
    "an edit put directly into the bucket is live, and reported as drift (%s)",
    async (signature) => {
      const title = `Edited by hand with ${signature}`;
      const live = await ask(`${bucketUrl()}planet.ini`);
      await putPublic(cloud, BUCKET, "planet.ini", live.body.replace(/^name = .*$/m, `name = ${title}`), signature);

      await waitFor("the edit on the page", 40, async () => (await ask(url)).body.includes(title));
      expect((await status(url)).drift).toEqual([expect.objectContaining({ name: "planet.ini" })]);
    },
    120_000,
  );

  test("a broken edit leaves the page as it was, and status.json says what is wrong", async () => {
    const before = (await ask(url)).body;
    const good = (await ask(`${bucketUrl()}planet.ini`)).body;
    await putPublic(cloud, BUCKET, "planet.ini", `${good}\n[http://unclosed.example/feed\nname = Broken\n`);

    const { rejected } = await waitFor("the rejection", 40, async () => {
      const seen = await status(url);
      return seen.rejected.length > 0 && seen;
    });
    expect(rejected[0]).toEqual(expect.objectContaining({ name: "planet.ini", line: expect.any(Number) }));
    expect((await ask(url)).body).toBe(before);
    await putPublic(cloud, BUCKET, "planet.ini", good);
  }, 120_000);

  test("a deploy that changes only the css keeps the edit", async () => {
    await project.edit("site/planet.css", (text) => `${text}\n/* another skin */\n`);
    await project.up();

    await waitFor("the new skin", 20, async () =>
      (await ask(new URL("planet.css", url).href)).body.includes("another skin"),
    );
    expect((await ask(url)).body).toContain("Edited by hand with s3v4");
  }, 120_000);

  test("a deploy that would undo the edit stops first and shows the diff", async () => {
    const edited = (await ask(`${bucketUrl()}planet.ini`)).body;
    await project.edit("site/planet.ini", (text) => text.replace(/^owner_name = .*$/m, "owner_name = Somebody Else"));
    const { exitCode, output } = await project.pulumi(["up", "--yes", "--skip-preview"]);

    expect(exitCode).not.toBe(0);
    expect(output).toContain("Edited by hand with s3v4");
    expect(output).toContain("planet:overwrite");
    expect(output).toContain("planet:leave");
    expect((await ask(`${bucketUrl()}planet.ini`)).body).toBe(edited);
    expect((await ask(url)).body).toContain("Edited by hand with s3v4");
  }, 120_000);

  test("a new server takes the address without one failed request", async () => {
    await project.configure({ leave: ["planet.ini"], instanceType: "t2.medium" });
    const preview = await project.succeed(["preview", "--diff"]);
    expect(preview.output).toMatch(/aws:ec2\/instance:Instance: \(create\)/);
    expect(preview.output).toMatch(/eipAssociation:EipAssociation: \(replace\)/);

    const before = await project.outputs();
    const report = await probed(() => project.up());
    const after = await project.outputs();

    expect(report.failures).toEqual([]);
    expect(after.url).toBe(before.url);
    expect(after.instanceId).not.toBe(before.instanceId);
    expect((await status(url)).release).toBe(after.release);
    await waitFor("the old server's end", 30, async () => (await runningInstances()).length === 1);
  }, 300_000);

  test("with rollout replace, changed content makes a gated new server", async () => {
    // The first next step after a refusal: the live text becomes the repository's.
    const live = (await ask(`${bucketUrl()}planet.ini`)).body;
    await project.edit("site/planet.ini", () => live);
    await project.configure({ leave: undefined, rollout: "replace" });
    const before = await project.outputs();
    const report = await probed(() => project.up());

    expect(report.failures).toEqual([]);
    expect((await project.outputs()).instanceId).not.toBe(before.instanceId);
    expect((await ask(url)).body).toContain("Edited by hand with s3v4");
    expect((await status(url)).drift).toEqual([]);
  }, 300_000);

  test("a boot that fails leaves the old server and content in service, and going back needs no boot", async () => {
    const before = await project.outputs();
    await project.edit("userdata/planet.sh", (text) => text.replace("\nDEGRADED=\n", "\nexit 7\nDEGRADED=\n"));
    await project.edit("site/planet.ini", (text) => text.replace("Edited by hand", "Never shown"));
    let failed = { exitCode: 0, output: "" };
    const report = await probed(async () => {
      failed = await project.pulumi(["up", "--yes", "--skip-preview"]);
    });

    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toContain("planet: FAILED step=start rc=7");
    expect(report.failures).toEqual([]);
    expect((await status(url)).release).toBe(before.release);
    expect((await ask(url)).body).toContain("Edited by hand with s3v4");

    await project.edit("userdata/planet.sh", (text) => text.replace("\nexit 7\n", "\n"));
    await project.edit("site/planet.ini", (text) => text.replace("Never shown", "Edited by hand"));
    await project.up();
    expect((await project.outputs()).instanceId).toBe(before.instanceId);
    await waitFor("the failed server's end", 30, async () => (await runningInstances()).length === 1);
  }, 400_000);

  test("the cloud, killed and started again, still serves the planet", async () => {
    process.kill(cloud.pid ?? 0, "SIGKILL");
    await waitFor("the cloud's end", 10, async () => !(await cloudStatus(CLOUD)).running);
    cloud = await startCloud({ name: CLOUD, owner: cloud.owner, moveDelayMs: 5000, onProgress: quiet });

    await waitFor("the page", 30, async () => (await ask(url)).status === 200);
    await project.up("--expect-no-changes");
  }, 120_000);

  test("a server that is gone comes back at the same address with its live edit, without cloud-init too", async () => {
    await project.configure({ rollout: undefined, image: imageId("debian-12-rc-local") });
    await project.up();
    const { instanceId: own = "" } = await project.outputs();
    const permit = signatureOf(
      policyOf({ bucket: BUCKET, prefix: "memory/", acl: "public-read" }),
      cloud.secretAccessKey,
    );
    const copies = (user: string) => placesOf(permit, { cloud, instanceId: own, user });
    expect(await copies("root")).toContain("/var/lib/planet-boot/user-data");
    expect(await copies("planet")).toEqual([]);
    const live = (await ask(`${bucketUrl()}planet.ini`)).body;
    await putPublic(cloud, BUCKET, "planet.ini", live.replace("Edited by hand", "Edited before the end"));
    await waitFor("the edit on the page", 40, async () => (await ask(url)).body.includes("Edited before the end"));

    const [instance] = await runningInstances();
    await terminateInstance(cloud, instance?.instanceId ?? "");
    const probe = startProbe(url, 20);
    await waitFor("a failed request", 30, async () => probe.report().failures.length > 0);
    await probe.stop();
    await project.up();

    expect((await project.outputs()).url).toBe(url);
    expect((await ask(url)).body).toContain("Edited before the end");
  }, 300_000);

  test("destroy does not begin while an edit is not saved, and deletes everything once it is", async () => {
    const live = (await ask(`${bucketUrl()}planet.ini`)).body;
    const last = `${live}; a last word\n`;
    await putPublic(cloud, BUCKET, "planet.ini", last);
    const stopped = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(stopped.exitCode).not.toBe(0);
    expect(stopped.output).toContain("planet.ini");
    expect((await ask(`${bucketUrl()}planet.ini`)).body).toBe(last);
    expect((await ask(url)).status).toBe(200);

    await project.edit("site/planet.ini", () => last);
    await project.up();
    await project.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(await runningInstances()).toEqual([]);
    await expect(ask(url)).rejects.toThrow();
  }, 120_000);
});

/** Readers ask 20 times a second from before the action until after it. */
async function probed(action: () => Promise<unknown>): Promise<ProbeReport> {
  const probe = startProbe(new URL("/status.json", url).href, 20);
  await waitFor("the probe's first answers", 10, async () => probe.report().releases.length > 0);
  try {
    await action();
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  return probe.stop();
}

async function runningInstances() {
  return (await cloudStatus(CLOUD)).instances.filter(({ state }) => state === "running");
}
