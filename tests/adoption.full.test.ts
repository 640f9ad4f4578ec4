import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AllocateAddressCommand, AssociateAddressCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { read, TestCloud } from "../components/testCloud.ts";
import { GitProject } from "./harness/gitProject.ts";
import { putPublic } from "./harness/putPublic.ts";

const MINUTES = 60_000;
const BUCKET = "planet.example.org";
const IMAGE = "emi-b78e07c8";

/** Of the days before this program: comments, an order and line ends of its own. */
const INI = [
  "# Our planet. Ask Anna before you change anything.",
  "[Planet]",
  "name = Old Planet",
  "link = http://planet.example.org/",
  "items_per_page = 60\r",
  "",
  "; the newest first",
  "[http://zoe.example/feed]",
  "name = Zoé",
  "[http://anna.example/feed]",
  "name = Anna",
  "",
].join("\n");
const CSS = "body { color: teal }\n";
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  "base64",
);

let cloud: TestCloud;
let project: GitProject;
/** What runs by hand: its server, and the address that the planet's DNS name points at. */
let old: { readonly server: string; readonly address: string };

const live = (key: string) => read(`${cloud.endpoint}/services/objectstorage/${BUCKET}/${key}`);
const addresses = () => cloud.cloud.describe().addresses;

beforeAll(async () => {
  cloud = await TestCloud.start("adoption");
  await uploadByHand({ "planet.ini": INI, "planet.css": CSS, "images/logo.png": PNG });
  old = await runByHand();
  project = await GitProject.create(cloud.cloud.credentials, "prod2", {
    endpoint: cloud.endpoint,
    bucket: BUCKET,
    image: IMAGE,
    instanceType: "m1.small",
    draining: 0,
    readyDeadline: 60,
  });
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await cloud?.stop();
}, MINUTES);

/** With a client that is not ours, signed with version 2 as s3curl and s3cmd sign. */
async function uploadByHand(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const { credentials } = cloud.cloud;
  const s3Url = `${cloud.endpoint}/services/objectstorage/`;
  await createS3(s3Url, { region: "eucalyptus", credentials, clock: createClock() }).createBucket(BUCKET);
  for (const [key, bytes] of Object.entries(files))
    await putPublic({ s3Url, ...credentials }, BUCKET, key, bytes, "s3");
}

/** What `euca-allocate-address`, `euca-run-instances` and `euca-associate-address` ask for. */
async function runByHand() {
  const endpoint = `${cloud.endpoint}/services/compute/`;
  const client = new EC2Client({ endpoint, region: "eucalyptus", credentials: cloud.cloud.credentials });
  const { PublicIp: address = "", AllocationId } = await client.send(new AllocateAddressCommand({ Domain: "vpc" }));
  const run = new RunInstancesCommand({ ImageId: IMAGE, InstanceType: "m1.small", MinCount: 1, MaxCount: 1 });
  const server = (await client.send(run)).Instances?.[0]?.InstanceId ?? "";
  await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: server }));
  client.destroy();
  return { server, address };
}

const pulumi = (...args: string[]) => project.run("toolchain/bin/pulumi.mjs", args);

/** One story: each test starts where the one before it ended. */
describe("a planet run by hand (proves takeover with the genuine CLI; its machines only pretend)", () => {
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
    "committed and deployed with its address, it loses nothing: the same planet.ini, the address on the new server",
    async () => {
      expect(await pulumi("config", "set", "planet:address", old.address)).toMatchObject({ exitCode: 0 });
      await project.commit("take over the planet");
      await project.up();

      expect(await live("planet.ini")).toBe(INI);
      expect(await live("planet.css")).toBe(CSS);
      const { address, instanceId = "" } = await project.outputs();
      expect(address).toBe(old.address);
      expect(addresses()).toMatchObject([{ publicAddress: old.address, instanceId }]);
      expect(cloud.instances().toSorted()).toEqual([old.server, instanceId].toSorted());
      await project.up("--expect-no-changes");
    },
    2 * MINUTES,
  );

  test(
    "after a destroy the address is still the account's, and the next deploy adopts it again",
    async () => {
      expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ exitCode: 0 });
      expect(addresses()).toEqual([{ publicAddress: old.address }]);
      expect(cloud.instances()).toEqual([old.server]);

      await project.up();
      const { address, instanceId } = await project.outputs();
      expect(address).toBe(old.address);
      expect(addresses()).toMatchObject([{ publicAddress: old.address, instanceId }]);
      expect(await live("planet.ini")).toBe(INI);
    },
    2 * MINUTES,
  );
});
