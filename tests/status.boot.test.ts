import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { policyOf, signatureOf } from "@planet/content";
import { TestAuthority } from "@planet/content/testing";
import { createClock, createEc2, createS3 } from "@planet/eucalyptus-client";
import { type CloudStatus, consoleOutput, resetCloud, startCloud } from "@planet/local-cloud";
import type { Command } from "../packages/cli/command.ts";
import type { Finding } from "../packages/cli/text/finding.ts";
import { certificateCommand } from "../packages/cli/verbs/certificate/certificateCommand.ts";
import { doctorCommand } from "../packages/cli/verbs/doctor/doctorCommand.ts";
import { statusCommand } from "../packages/cli/verbs/status/statusCommand.ts";
import { settingsOn, terminateInstance } from "./harness/cloud.ts";
import { httpsReader } from "./harness/httpsReader.ts";
import { inMachine } from "./harness/machine.ts";
import { ask } from "./harness/page.ts";
import { TestProject } from "./harness/project.ts";
import { placesOf } from "./harness/readableCopies.ts";
import { waitFor } from "./harness/wait.ts";

const CLOUD = "status";
const NAME = "planet.example.org";
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
    config: { ...settingsOn(cloud), interval: 5, draining: 0, host: NAME, acmeDirectory: "off" },
  });
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await resetCloud(CLOUD, quiet);
}, MINUTES);

async function call(command: Command, ...args: string[]) {
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
  return { code: await command.run([...args, "--stack", "status"], context), output: out.join("") };
}

async function run(command: Command) {
  const { code, output } = await call(command, "--json");
  const { findings } = JSON.parse(output) as { findings: Finding[] };
  return { code, findings, problems: findings.filter(({ level }) => level === "problem") };
}

const status = () => run(statusCommand);
/** But for the name, which nobody has registered. */
async function doctor() {
  const { findings, problems } = await run(doctorCommand);
  return { findings, problems: problems.filter(({ topic }) => topic !== "dns") };
}
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
    "a certificate of one's own authority is in service within two intervals after its import, and http leads there",
    async () => {
      await project.up();
      const authority = new TestAuthority("Company Root");
      const { key, chain } = authority.intermediate().issue({ names: [NAME] });
      const [keyFile, chainFile] = [join(project.directory, "key.pem"), join(project.directory, "chain.pem")];
      await writeFile(keyFile, key, { mode: 0o600 });
      await writeFile(chainFile, chain);
      expect(await call(certificateCommand, "import", "--cert", chainFile, "--key", keyFile)).toMatchObject({
        code: 0,
      });
      const { address = "", url } = await project.outputs();
      expect(url).toBe(`https://${NAME}/`);
      const reader = httpsReader({ address, name: NAME, ca: authority.certificate }, { keepAlive: false });
      await waitFor("https", 40, async () => (await reader.ask("/")).status === 200);
      reader.close();
      // For a moment of the reload old workers still take connections.
      await waitFor("the redirect", 10, async () => (await ask(`http://${address}/`)).status === 301);
      expect((await ask(`http://${address}/healthz`)).status).toBe(200);
    },
    5 * MINUTES,
  );

  test(
    "then both report that all is well",
    async () => {
      await waitFor("the certificate in status.json", 40, async () =>
        (await status()).findings.some(({ topic, level }) => topic === "https" && level === "ok"),
      );
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
      const curl = ["curl", "-s", "-m", "5", "http://169.254.169.254/latest/meta-data/instance-id"];
      expect(await inMachine(cloud, instanceId, ...curl)).toBe(instanceId);
      await expect(inMachine(cloud, instanceId, "runuser", "-u", "planet", "--", ...curl)).rejects.toThrow();
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
      expect(await consoleOutput(CLOUD, instanceId)).not.toContain(signature);
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
      expect((await doctor()).problems).toContainEqual(about("address", /leads nowhere/));
    },
    2 * MINUTES,
  );
});
