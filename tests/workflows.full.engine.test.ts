import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { policyOf, signatureOf } from "@planet/content";
import { createClock, createEc2, createS3, type S3 } from "@planet/eucalyptus-client";
import { GitProject } from "./harness/gitProject.ts";
import { RepositoryHost } from "./harness/repositoryHost.ts";
import { read, TestCloud } from "./harness/testCloud.ts";

const MINUTES = 60_000;
const STATE = "planet-state";
const ALMANAC = "\n[http://almanac.blogs.test/feed.xml]\nname = The Almanac\n";
/** GitHub's, as an operator sets them; docs/state.md says this backend. */
const backendOf = ({ endpoint }: TestCloud) =>
  `s3://${STATE}/prod?endpoint=${endpoint}/services/objectstorage&use_path_style=true&region=eucalyptus&response_checksum_validation=when_required`;

let cloud: TestCloud;
let project: GitProject;
let host: RepositoryHost;
let s3: S3;

const connection = () => ({ region: "eucalyptus", credentials: cloud.cloud.credentials, clock: createClock() });
const live = (key: string) => read(`${cloud.endpoint}/services/objectstorage/planet/${key}`);

beforeAll(async () => {
  cloud = await TestCloud.start("workflows");
  s3 = createS3(`${cloud.endpoint}/services/objectstorage/`, connection());
  await s3.createBucket(STATE);
  const { accessKeyId, secretAccessKey } = cloud.cloud.credentials;
  const PULUMI_BACKEND_URL = backendOf(cloud);
  project = await GitProject.create(cloud.cloud.credentials, "team", cloud.settings, { PULUMI_BACKEND_URL });
  host = await RepositoryHost.create(project, {
    "vars.PLANET_STACK": "team",
    "vars.PULUMI_BACKEND_URL": PULUMI_BACKEND_URL,
    "secrets.PULUMI_CONFIG_PASSPHRASE": "planet",
    "secrets.AWS_ACCESS_KEY_ID": accessKeyId,
    "secrets.AWS_SECRET_ACCESS_KEY": secretAccessKey,
  });
}, 5 * MINUTES);

afterAll(async () => {
  await host?.remove();
  await project?.remove();
  await cloud?.stop();
}, MINUTES);

/** The account's key, and what it signs for the servers. */
function expectNoSecret(text: string): void {
  const { secretAccessKey } = cloud.cloud.credentials;
  const permit = policyOf({ bucket: "planet", prefix: "memory/", acl: "public-read" });
  for (const secret of [secretAccessKey, signatureOf(permit, secretAccessKey)]) expect(text).not.toContain(secret);
}

/** The comment that every run of the pull request edits. */
async function comment(): Promise<string> {
  const comments = await host.comments();
  expect(comments).toMatchObject([{ id: 100 }]);
  return comments[0]?.body ?? "";
}

async function push(branch: string, message: string) {
  await project.commit(message);
  return host.run("preview", await host.pullRequest(branch));
}

async function edit(key: string, text: string): Promise<void> {
  await s3.putObject({ bucket: "planet", key, bytes: Buffer.from(text), contentType: "text/css", acl: "public-read" });
}

/** One story: each test starts where the one before it ended. */
describe("the workflows' own steps on a repository with a pull request (npm ci only links; machines and GitHub only pretend)", () => {
  test(
    "deploy.yml deploys main, with the state compressed in a bucket",
    async () => {
      const { exitCode, output, summary } = await host.run("deploy", "main");

      expect([exitCode, output]).toEqual([0, expect.stringContaining("$ npx pulumi up --yes --non-interactive")]);
      expect(summary).toContain("<!-- planet preview of stack team -->");
      expectNoSecret(summary + output);
      expect(cloud.instances()).toHaveLength(1);
      expect(await live("planet.ini")).toContain("Planet of the Harbour");
      const states = (await s3.listObjects(STATE, "prod/.pulumi/stacks/")).map(({ key }) => key);
      expect(states).toContain("prod/.pulumi/stacks/planet/team.json.gz");
    },
    2 * MINUTES,
  );

  test(
    "preview.yml says in one comment what a branch would do, and does nothing",
    async () => {
      const before = await live("planet.ini");
      await project.git("checkout", "--quiet", "-b", "almanac");
      await project.edit("site/planet.ini", (text) => text + ALMANAC);
      await project.edit("site/planet.css", (text) => `${text}\n/* evening */\n`);
      const { exitCode, output } = await push("almanac", "add the almanac");

      expect([exitCode, output]).toEqual([0, expect.any(String)]);
      const body = await comment();
      expect(body).toContain("### Planet `team`: ");
      for (const words of ["The Almanac", "http://almanac.blogs.test/feed.xml", "+/* evening */"]) {
        expect(body).toContain(words);
      }
      expectNoSecret(body + output);
      expect(await live("planet.ini")).toBe(before);
    },
    2 * MINUTES,
  );

  test(
    "a push that would be refused fails the run, and the same comment says why",
    async () => {
      await project.edit("site/planet.ini", (text) => `${text}\n[not a feed]\nname = Mistake\n`);
      const { exitCode } = await push("almanac", "add a mistake");

      expect(exitCode).toBe(1);
      expect(await comment()).toContain("not a feed");
    },
    2 * MINUTES,
  );

  test(
    "the next push edits it in place",
    async () => {
      await project.git("revert", "--no-edit", "HEAD");
      await project.edit("site/planet.css", (text) => text.replace("/* evening */", "/* morning */"));
      const { exitCode } = await push("almanac", "morning");

      expect(exitCode).toBe(0);
      const body = await comment();
      expect(body).toContain("+/* morning */");
      expect(body).not.toMatch(/evening|not a feed/);
    },
    2 * MINUTES,
  );

  test(
    "merged, deploy.yml publishes it on the same server, and drift.yml finds nothing",
    async () => {
      const [server] = cloud.instances();
      await project.git("checkout", "--quiet", "main");
      await project.git("merge", "--quiet", "--no-ff", "--message", "Merge almanac", "almanac");
      expect((await host.run("deploy", "main")).exitCode).toBe(0);

      expect(await live("planet.ini")).toContain("The Almanac");
      expect(await live("planet.css")).toContain("/* morning */");
      expect(cloud.instances()).toEqual([server]);
      const { exitCode, output } = await host.run("drift", "main");
      expect([exitCode, output]).toEqual([0, expect.any(String)]);
    },
    2 * MINUTES,
  );

  test(
    "drift.yml fails at an edit by hand in the bucket, and at a server that is gone, and names what it is",
    async () => {
      const published = await live("planet.css");
      await edit("planet.css", "body { color: teal }\n");
      const edited = await host.run("drift", "main");
      expect(edited.exitCode).toBe(1);
      expect(edited.summary).toContain("- `planet.css`");

      await edit("planet.css", published);
      const [server = ""] = cloud.instances();
      await createEc2(`${cloud.endpoint}/services/compute/`, connection()).terminateInstance(server);
      const gone = await host.run("drift", "main");
      expect(gone.exitCode).toBe(1);
      expect(gone.summary).not.toContain("planet.css");
      expect(gone.summary).toContain("New server: the machine of release ");
    },
    2 * MINUTES,
  );
});
