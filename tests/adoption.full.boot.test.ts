import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { type CloudStatus, cloudStatus, imageId, resetCloud, startCloud } from "@planet/local-cloud";
import { startProbe } from "../packages/cli/page/probe.ts";
import { runningServers, settingsOn, terminateInstance } from "./harness/cloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { ask } from "./harness/page.ts";
import { putPublic } from "./harness/putPublic.ts";
import { waitFor } from "./harness/wait.ts";

const MINUTES = 60_000;
const CLOUD = "adoption";
const BUCKET = "planet.example.org";

/** From before this project managed the bucket, with its own comments, order and line ends. */
const INI = [
  "# Our planet. Ask Anna before you change anything.",
  "[Planet]",
  "name = Old Planet",
  "link = http://planet.example.org/",
  "items_per_page = 60\r",
  "",
  "; the newest first",
  "[http://lighthouse.blogs.test/atom.xml]",
  "name = Zoé",
  "[http://bakery.blogs.test/rss.xml]",
  "name = Anna",
  "",
].join("\n");
const CSS = "body { color: teal }\n";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);

/** What the server that was made by hand serves; how it made its page does not matter here. */
const OLD_SERVER = `#!/bin/sh
mkdir -p /srv/old
echo "the page of the old server" > /srv/old/index.html
systemd-run python3 -m http.server 80 --directory /srv/old
`;

let cloud: CloudStatus;
let project: GitProject;
/** What runs by hand: its server, and the address that the planet's DNS name points at. */
let old: { readonly server: string; readonly address: string };

const quiet = () => {};
const live = async (key: string) => (await ask(`${cloud.s3Url}${BUCKET}/${key}`)).body;
const page = async () => (await ask(`http://${old.address}/`)).body;

const running = () => runningServers(CLOUD);

beforeAll(async () => {
  await resetCloud(CLOUD, quiet);
  const owner = fileURLToPath(new URL("..", import.meta.url));
  cloud = await startCloud({ name: CLOUD, owner, moveDelayMs: 2000, onProgress: quiet });
  await uploadByHand({ "planet.ini": INI, "planet.css": CSS, "images/logo.png": PNG });
  old = await runByHand();
  await waitFor("the old server", 120, async () => (await page()).includes("the old server"));
  project = await GitProject.create(cloud, "prod2", { ...settingsOn(cloud), bucket: BUCKET, keepAddress: true });
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await resetCloud(CLOUD, quiet);
}, MINUTES);

/** With a client that is not ours, signed with version 2 as s3curl and s3cmd sign. */
async function uploadByHand(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const { s3Url, accessKeyId, secretAccessKey } = cloud;
  const credentials = { accessKeyId, secretAccessKey };
  await createS3(s3Url, { region: "eucalyptus", credentials, clock: createClock() }).createBucket(BUCKET);
  for (const [key, bytes] of Object.entries(files)) await putPublic(cloud, BUCKET, key, bytes, "s3");
}

/** What `euca-create-group`, `euca-authorize`, `euca-allocate-address`, `euca-run-instances` and `euca-associate-address` ask for. */
async function runByHand() {
  const { ec2Url: endpoint, region, accessKeyId, secretAccessKey } = cloud;
  const client = new EC2Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const group = { GroupName: "by-hand", Description: "the planet that was made by hand" };
  const { GroupId = "" } = await client.send(new CreateSecurityGroupCommand(group));
  const web = { IpProtocol: "tcp", FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
  await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [web] }));
  const { PublicIp: address = "", AllocationId } = await client.send(new AllocateAddressCommand({ Domain: "vpc" }));
  const run = new RunInstancesCommand({
    ImageId: imageId("debian-12-cloud-init"),
    InstanceType: "t2.small",
    SecurityGroupIds: [GroupId],
    MinCount: 1,
    MaxCount: 1,
    UserData: Buffer.from(OLD_SERVER).toString("base64"),
  });
  const server = (await client.send(run)).Instances?.[0]?.InstanceId ?? "";
  await waitFor(server, 60, async () => (await running()).includes(server));
  await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: server }));
  client.destroy();
  return { server, address };
}

const pulumi = (...args: string[]) => project.run("toolchain/bin/pulumi.mjs", args);

/** One story: each test starts where the one before it ended. */
describe("a planet run by hand (proves takeover with real boots; not against a live Eucalyptus)", () => {
  test(
    "`planet feeds pull --adopt` brings its files into site/, byte for byte",
    async () => {
      const { output } = await project.done("feeds", "pull", "--adopt");

      for (const [name, bytes] of Object.entries({ "planet.ini": INI, "planet.css": CSS, "images/logo.png": PNG })) {
        expect(await readFile(join(project.directory, "site", name))).toEqual(Buffer.from(bytes));
      }
      expect(output).toContain("npx pulumi config set planet:address ");
      expect(await live("manifest.json")).toContain("NoSuchKey");
    },
    MINUTES,
  );

  test(
    "committed and deployed with its address, it loses no file and no reader: the new server makes the page of its planet.ini",
    async () => {
      expect(await pulumi("config", "set", "planet:address", old.address)).toMatchObject({ exitCode: 0 });
      await project.commit("take over the planet");
      const readers = startProbe(`http://${old.address}/`, 50);
      await project.up();
      await waitFor("the new page", 30, async () => (await page()).includes("lighthouse.blogs.test/"));
      expect(await readers.stop()).toMatchObject({ failed: 0, failures: [] });

      expect(await page()).toContain("<title>Old Planet");
      expect(await live("planet.ini")).toBe(INI);
      expect(await live("planet.css")).toBe(CSS);
      const { address, instanceId = "" } = await project.outputs();
      expect(address).toBe(old.address);
      expect((await running()).toSorted()).toEqual([old.server, instanceId].toSorted());
      await project.up("--expect-no-changes");
    },
    5 * MINUTES,
  );

  test(
    "after a destroy the address is still the account's, and the next deploy adopts it again",
    async () => {
      await terminateInstance(cloud, old.server);
      expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ exitCode: 0 });
      expect((await cloudStatus(CLOUD)).addresses).toEqual([expect.objectContaining({ publicAddress: old.address })]);
      expect(await running()).toEqual([]);

      await project.up();
      const { address } = await project.outputs();
      expect(address).toBe(old.address);
      expect(await page()).toContain("<title>Old Planet");
      expect(await live("planet.ini")).toBe(INI);
    },
    5 * MINUTES,
  );
});
