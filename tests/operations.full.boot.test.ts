import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CloudStatus, cloudStatus, resetCloud, startCloud, stopCloud } from "@planet/local-cloud";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { freeze, stopNginx } from "./harness/machine.ts";
import { ask, status } from "./harness/page.ts";
import { putPublic } from "./harness/putPublic.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "operations";
const STACK = "ops";
const ALMANAC = "\n[http://almanac.blogs.test/feed.xml]\nname = The Almanac\n";

let cloud: CloudStatus;
let project: GitProject;
let url: string;
/** The first commit of the story. */
let start: string;

const quiet = () => {};
const hasAlmanac = async () => (await ask(url)).body.includes("almanac.blogs.test/");

/** One sequence on one cloud, by one operator: each test starts where the previous one ended. */
describe("roll, recover and rollback (proves them with real boots; not against a live Eucalyptus)", () => {
  beforeAll(async () => {
    await resetCloud(CLOUD, quiet);
    const owner = fileURLToPath(new URL("..", import.meta.url));
    cloud = await startCloud({ name: CLOUD, owner, moveDelayMs: 2000, onProgress: quiet });
    project = await GitProject.create(cloud, STACK, settingsOn(cloud));
    start = await project.git("rev-parse", "HEAD");
    await project.up();
    url = (await project.outputs()).url ?? "";
  }, 300_000);

  afterAll(async () => {
    await project?.remove();
    await stopCloud(CLOUD, quiet);
  }, 120_000);

  test("a new user's first try: edit a feed, commit, up, rollback", async () => {
    await addAlmanac();

    const { output } = await project.done("rollback", "--yes");

    expect(output).toContain(`commit ${start.slice(0, 8)}`);
    expect(output).toContain("git revert --no-edit HEAD");
    await waitFor("the page before", 30, async () => !(await hasAlmanac()));
    expect(await project.git("status", "--porcelain")).toBe("");
    expect((await project.git("worktree", "list")).split("\n")).toHaveLength(1);
  }, 300_000);

  test("nothing is left to go back to, and a roll would undo the rollback: both are refused", async () => {
    await refused("rollback", "there is no earlier update of other sources");
    await refused("roll", "a deploy from here would undo the rollback");
    await project.git("revert", "--no-edit", "HEAD");
    await project.edit("site/planet.css", (text) => `${text}\n/* half done */\n`);
    await refused("roll", "not committed: site/planet.css");
    await project.git("checkout", "--", "site/planet.css");
  }, 120_000);

  test("an edit in the bucket stops a rollback that would undo it; pulled and deployed, it does not", async () => {
    await addAlmanac();
    const live = (await ask(`${cloud.s3Url}planet/planet.ini`)).body;
    await putPublic(cloud, "planet", "planet.ini", live.replace(/^name = .*$/m, "name = Edited by hand"));

    await refused("rollback", "Edited by hand");
    await project.done("feeds", "pull");
    await project.commit("feeds: keep the edit");
    await project.up();
    await project.done("rollback", "--to", "3", "--yes");

    await waitFor("the page before", 30, async () => !(await hasAlmanac()));
    await goBack();
  }, 300_000);

  test("twice in a row, from a bad program and user-data whose server cannot be reached", async () => {
    await addAlmanac();
    await project.edit("packages/aggregator/render/theme/base.css", (text) =>
      text.replace("The built-in look", "A bad look"),
    );
    await project.edit("index.ts", (text) => `${text}\nexport const bad = "yes";\n`);
    await project.edit("userdata/planet.sh", (text) => text.replace("\nstep nginx\n", "\nstep nginx # bad\n"));
    await project.commit("a bad program");
    await project.up();
    const bad = await project.outputs();
    expect(bad.bad).toBe("yes");
    freeze(cloud, bad.instanceId ?? "");

    await project.done("rollback", "--yes");
    const good = await project.outputs();
    expect(good.bad).toBeUndefined();
    expect(good.instanceId).not.toBe(bad.instanceId);
    expect((await status(url)).release).toBe(good.release);
    expect(await hasAlmanac()).toBe(true);

    await project.done("rollback", "--yes");
    await waitFor("the page further back", 30, async () => !(await hasAlmanac()));
    expect((await project.outputs()).instanceId).toBe(good.instanceId);
  }, 600_000);

  test("a rollback after a roll finds the bad feed behind it: what only the roll changed is nothing to go back to", async () => {
    await goBack();
    await addAlmanac();
    await project.edit("CHANGELOG.md", (text) => `${text}\nNothing that is deployed.\n`);
    await project.commit("a note");
    await project.done("roll", "--yes");
    await project.commit("roll");

    const { output } = await project.done("rollback", "--yes");

    expect(output).toMatch(/differs in nothing from what is deployed, so one further back/);
    await waitFor("the page before", 30, async () => !(await hasAlmanac()));
  }, 600_000);

  test("a roll makes a new server without one failed request, and raises the generation in the stack's file", async () => {
    await goBack();
    const before = await project.outputs();

    const { stdout } = await project.done("roll", "--yes", "--json");

    expect(JSON.parse(stdout)).toMatchObject({
      generation: 3,
      before: { instanceId: before.instanceId },
      probe: { failed: 0, failures: [], requests: expect.any(Number) },
    });
    expect((await project.outputs()).instanceId).not.toBe(before.instanceId);
    const file = await readFile(join(project.directory, `Pulumi.${STACK}.yaml`), "utf8");
    expect(file).toMatch(/^# Settings of the test's stack\n[\s\S]*\n {2}planet:generation: 3\n/m);
    expect(await project.git("status", "--porcelain")).toBe(`M Pulumi.${STACK}.yaml`);
  }, 300_000);

  test("recover changes nothing when all is well", async () => {
    const before = await project.outputs();
    const { output } = await project.done("recover", "--yes");

    expect(output).toContain("All is well");
    expect(await project.outputs()).toEqual(before);
  }, 120_000);

  test("recover makes a terminated server again", async () => {
    await terminateInstance(cloud, (await project.outputs()).instanceId ?? "");
    await waitFor("its end", 30, async () => (await running()).length === 0);

    await recovered(/server +i-\w+ is gone/, 3);
  }, 300_000);

  test("recover replaces a server whose nginx is dead", async () => {
    await stopNginx(cloud, (await project.outputs()).instanceId ?? "");

    await recovered(/page +no answer/, 4);
  }, 300_000);

  test("recover replaces a frozen server", async () => {
    freeze(cloud, (await project.outputs()).instanceId ?? "");

    await recovered(/page +no answer/, 5);
  }, 300_000);
});

async function addAlmanac(): Promise<void> {
  await project.edit("site/planet.ini", (text) => text + ALMANAC);
  await project.commit("feeds: add the almanac");
  await project.up();
  await waitFor("the almanac", 30, hasAlmanac);
}

/** What rollback says to do on main. */
async function goBack(): Promise<void> {
  await project.git("restore", "--source", start, "--staged", "--worktree", ".");
  await project.commit("go back");
}

async function refused(verb: string, why: string): Promise<void> {
  const before = await project.outputs();
  const { exitCode, output } = await project.planet(verb, "--yes");

  expect(output).toContain(why);
  expect(exitCode).toBe(1);
  expect(await project.outputs()).toEqual(before);
}

/** Another server at the same address, one of it, and the file names its generation. */
async function recovered(seen: RegExp, generation: number): Promise<void> {
  const before = await project.outputs();
  const { output } = await project.done("recover", "--yes");
  const after = await project.outputs();

  expect(output).toMatch(seen);
  expect(output).toMatch(/Longest gap +[\d.]+ s/);
  expect(after.url).toBe(before.url);
  expect(after.instanceId).not.toBe(before.instanceId);
  expect((await status(url)).release).toBe(after.release);
  expect((await running()).map(({ instanceId }) => instanceId)).toEqual([after.instanceId]);
  const file = await readFile(join(project.directory, `Pulumi.${STACK}.yaml`), "utf8");
  expect(file).toContain(`planet:generation: ${generation}\n`);
}

async function running() {
  return (await cloudStatus(CLOUD)).instances.filter(({ state }) => state === "running");
}
