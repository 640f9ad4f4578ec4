import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { type CloudStatus, cloudStatus, resetCloud, startCloud } from "@planet/local-cloud";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { ask } from "./harness/page.ts";
import { putPublic } from "./harness/putPublic.ts";
import { expectTranscript } from "./harness/transcripts.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "operating";

let cloud: CloudStatus;
let project: GitProject;
let url: string;

const quiet = () => {};

/** What docs/operating.md shows is what happens; `UPDATE_GOLDEN=1` writes it anew. */
describe("docs/operating.md shows what the commands say", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, moveDelayMs: 2000, onProgress: quiet });
    project = await GitProject.create(cloud, "prod", settingsOn(cloud));
    await project.up();
    url = (await project.outputs()).url ?? "";
  }, 300_000);

  afterAll(async () => {
    await project?.remove();
    await resetCloud(CLOUD, quiet);
  }, 120_000);

  test("is all well?", async () => {
    await shown("status", ["status"]);
    await shown("doctor", ["doctor"]);
  }, 120_000);

  test("add a feed", async () => {
    await shown("feeds add", ["feeds", "add", "http://almanac.blogs.test/feed.xml", "--name", "The Almanac"]);
    await project.commit("feeds: add the almanac");
    await shown("preview of content", ["preview"]);
    await project.up();
  }, 300_000);

  test("somebody has edited the bucket", async () => {
    const live = await ask(`${cloud.s3Url}planet/planet.ini`);
    await putPublic(
      cloud,
      "planet",
      "planet.ini",
      live.body.replace(/^name = .*$/m, "name = Planet of the Two Harbours"),
    );
    await waitFor("the edit", 40, async () => (await ask(url)).body.includes("Two Harbours"));
    await project.edit("site/planet.ini", (text) =>
      text.replace("activity_threshold = 365", "activity_threshold = 200"),
    );
    await project.commit("site: show sooner that a blog is asleep");
    await shown("preview of a refusal", ["preview"]);
    await shown("feeds pull", ["feeds", "pull"]);
    await project.commit("feeds: keep the edit");
    await project.up();
  }, 300_000);

  test("a new server", async () => {
    await project.edit("Pulumi.prod.yaml", (text) => text.replace("t2.small", "t2.medium"));
    await project.commit("prod: a larger server");
    await shown("preview of a new server", ["preview"]);
    await project.up();
  }, 300_000);

  test("back, and forward again", async () => {
    await shown("rollback", ["rollback", "--yes"]);
    await project.git("revert", "--no-edit", "HEAD");
  }, 300_000);

  test("a security update", async () => {
    await shown("roll", ["roll", "--yes"]);
    await project.commit("prod: raise the generation");
  }, 300_000);

  test("the server has died", async () => {
    await terminateInstance(cloud, (await project.outputs()).instanceId ?? "");
    await waitFor("the server's end", 30, async () =>
      (await cloudStatus(CLOUD)).instances.every(({ state }) => state === "terminated"),
    );
    await shown("recover", ["recover", "--yes"]);
  }, 300_000);
});

async function shown(name: string, args: readonly string[]): Promise<void> {
  const { output } = await project.planet(...args);
  await expectTranscript("docs/operating.md", name, `npx planet ${args.join(" ")}`, output);
}
