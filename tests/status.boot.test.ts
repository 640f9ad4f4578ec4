import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { policyOf, signatureOf } from "@planet/content";
import { createClock, createEc2, createS3 } from "@planet/eucalyptus-client";
import { type CloudStatus, consoleOutput, resetCloud, startCloud } from "@planet/local-cloud";
import type { Command } from "../packages/cli/command.ts";
import type { Finding } from "../packages/cli/text/finding.ts";
import { doctorCommand } from "../packages/cli/verbs/doctor/doctorCommand.ts";
import { statusCommand } from "../packages/cli/verbs/status/statusCommand.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { inMachine } from "./harness/machine.ts";
import { TestProject } from "./harness/project.ts";
import { placesOf } from "./harness/readableCopies.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "status";
const MINUTES = 60_000;
const quiet = () => {};

let cloud: CloudStatus;
let project: TestProject;

beforeAll(async () => {
  await resetCloud(CLOUD, quiet);
  const owner = fileURLToPath(new URL("..", import.meta.url));
  cloud = await startCloud({ name: CLOUD, owner, onProgress: quiet });
  project = await TestProject.create({
    stack: "status",
    accessKeyId: cloud.accessKeyId,
    secretAccessKey: cloud.secretAccessKey,
    config: { ...settingsOn(cloud), interval: 5, draining: 0 },
  });
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await resetCloud(CLOUD, quiet);
}, MINUTES);

async function run(command: Command, ...more: string[]) {
  const out: string[] = [];
  const environment = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${project.directory}/.planet/state`,
    PULUMI_CONFIG_PASSPHRASE: "planet",
    AWS_ACCESS_KEY_ID: cloud.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.secretAccessKey,
  };
  const context = {
    checkout: project.directory,
    shownNotices: new Set<string>(),
    environment,
    out: (text: string) => void out.push(text),
    err: quiet,
  };
  const code = await command.run(["--stack", "status", "--json", ...more], context);
  const { findings } = JSON.parse(out.join("")) as { findings: Finding[] };
  return { code, findings, problems: findings.filter(({ level }) => level === "problem") };
}

const status = () => run(statusCommand);
const doctor = () => run(doctorCommand);
const about = (topic: string, text: RegExp) => expect.objectContaining({ topic, text: expect.stringMatching(text) });

const connection = () => {
  const { accessKeyId, secretAccessKey, region } = cloud;
  return { region, credentials: { accessKeyId, secretAccessKey }, clock: createClock() };
};

/** One story on one real server; what is said of every other situation is in the tables of the unit tests. */
describe("planet status and planet doctor on the local cloud", () => {
  test(
    "before the first deploy doctor finds no problem, and status says what to do",
    async () => {
      expect((await doctor()).problems).toEqual([]);
      const { code, problems } = await status();
      expect([code, problems]).toEqual([1, [about("address", /nothing is deployed/)]]);
    },
    MINUTES,
  );

  test(
    "after it both report that all is well",
    async () => {
      await project.up();
      const seen = await status();
      expect([seen.code, seen.problems]).toEqual([0, []]);
      expect(seen.findings).toContainEqual(about("server", /^i-[0-9a-f]{17} serves release [0-9a-f]{8}$/));
      expect(seen.findings).toContainEqual(about("feeds", /broken\.blogs\.test.*answered 500, (once|\d+ times)/));
      expect((await doctor()).problems).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "the sync's user does not reach the metadata service, though systemd cannot keep it away in here",
    async () => {
      const { instanceId = "" } = await project.outputs();
      const ask = ["curl", "-s", "-m", "5", "http://169.254.169.254/latest/meta-data/instance-id"];
      expect(await inMachine(cloud, instanceId, ...ask)).toBe(instanceId);
      await expect(inMachine(cloud, instanceId, "runuser", "-u", "planet", "--", ...ask)).rejects.toThrow();
      const console = await consoleOutput(CLOUD, instanceId);
      expect(console).toMatch(/planet: step=fence degraded: .*planet: step=fence ok by nftables/s);
    },
    MINUTES,
  );

  test(
    "of all copies of the permit none is readable for the sync's user",
    async () => {
      const { instanceId = "" } = await project.outputs();
      const policy = policyOf({ bucket: "planet", prefix: "memory/", acl: "public-read" });
      const signature = signatureOf(policy, cloud.secretAccessKey);
      const seenBy = (user: string) => placesOf(signature, { cloud, instanceId, user });
      // Root finds them, so the search is one that finds.
      expect(await seenBy("root")).toEqual(
        expect.arrayContaining([
          "/etc/planet/memory.json",
          expect.stringMatching(/^\/var\/lib\/cloud\/instances\/.*user-data\.txt$/),
          expect.stringMatching(/^\/var\/lib\/cloud\/instances\/.*part-001$/),
          "metadata",
        ]),
      );
      expect(await seenBy("planet")).toEqual([]);
    },
    MINUTES,
  );

  test(
    "an edit in the bucket is reported, first as new and then as being on the page",
    async () => {
      const s3 = createS3(cloud.s3Url, connection());
      const live = await s3.getObject("planet", "planet.ini");
      const bytes = Buffer.from(`${live?.bytes.toString("utf8")}\n; by hand\n`);
      await s3.putObject({ bucket: "planet", key: "planet.ini", bytes, contentType: "text/plain", acl: "public-read" });

      expect((await status()).problems).toEqual([about("edit", /planet\.ini was edited in the bucket/)]);
      await waitFor("the edit on the page", 60, async () =>
        (await status()).problems.some(({ text }) => /it is on the page/.test(text)),
      );
    },
    2 * MINUTES,
  );

  test(
    "what carries the stack's name and is not in the state is found, and so is an address that nothing uses",
    async () => {
      const ec2 = createEc2(cloud.ec2Url, connection());
      const group = await ec2.createSecurityGroup({ name: "left", description: "Planet of stack status" });
      const free = await ec2.allocateAddress({});

      const { findings, problems } = await doctor();
      expect(problems).toEqual([about("leftovers", new RegExp(group))]);
      expect(findings).toContainEqual(about("leftovers", new RegExp(`${free.publicAddress} is free`)));
      await ec2.deleteSecurityGroup(group);
      await ec2.releaseAddress(free);
    },
    MINUTES,
  );

  test(
    "a server that is gone is reported with the next step, by both",
    async () => {
      const { instanceId = "" } = await project.outputs();
      await terminateInstance(cloud, instanceId);
      await waitFor("the silence", 60, async () =>
        (await status()).problems.some(({ topic, next = "" }) => topic === "address" && /planet recover/.test(next)),
      );
      expect((await status()).code).toBe(1);
      expect((await doctor()).problems).toEqual([about("address", /leads nowhere/)]);
    },
    2 * MINUTES,
  );
});
