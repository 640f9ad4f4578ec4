import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  certificateKey,
  certificateKeyText,
  type PermitKind,
  permitPrefix,
  policyOf,
  signatureOf,
} from "@planet/content";
import { createClock, createEc2, createS3 } from "@planet/eucalyptus-client";
import type { SecretVariable } from "../../userdata/render.ts";
import type { CommandResult } from "../harness/project.ts";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

// Proves where a server's secrets are and where they are not, and what a destroy leaves of the memory. Not that a server
// keeps any: tests/memory.full.boot.test.ts.
const MINUTES = 60_000;
let engine: TestEngine;

beforeAll(async () => {
  engine = await startEngine("stack-memory", "vpc");
}, 5 * MINUTES);
afterAll(() => engine?.stop(), MINUTES);

const connection = () => ({ region: "eucalyptus", credentials: engine.cloud.cloud.credentials, clock: createClock() });
const ec2 = () => createEc2(`${engine.cloud.endpoint}/services/compute/`, connection());
const s3 = () => createS3(`${engine.cloud.endpoint}/services/objectstorage/`, connection());

function signature(kind: PermitKind, permit: number): string {
  const { secretAccessKey } = engine.cloud.cloud.credentials;
  const scope = { bucket: "planet", prefix: permitPrefix(kind, permit), acl: "public-read" } as const;
  return signatureOf(policyOf(scope), secretAccessKey);
}

/** All secrets of a server, by their variable in its user-data. */
function secretsOf(permit: number): Readonly<Record<SecretVariable, string>> {
  const bucketUrl = `${engine.cloud.endpoint}/services/objectstorage/planet`;
  return {
    PLANET_CHALLENGE_SIGNATURE: signature("acme-challenge", permit),
    PLANET_MEMORY_SIGNATURE: signature("memory", permit),
    PLANET_TLS_KEY: certificateKey(
      certificateKeyText(bucketUrl, permit),
      engine.cloud.cloud.credentials.secretAccessKey,
    ),
    PLANET_TLS_SIGNATURE: signature("tls", permit),
  };
}

async function expectInUserData(permit: number): Promise<void> {
  const text = await userData();
  for (const [name, secret] of Object.entries(secretsOf(permit))) expect(text).toContain(`\n${name}='${secret}'\n`);
}

async function userData(): Promise<string> {
  const [instanceId = ""] = engine.cloud.instances();
  return String(await ec2().readUserData(instanceId));
}

/** Where a secret stands in what was said, in the state as it is exported, and in every file of the project and its state. */
async function placesOf(permit: number, said: readonly CommandResult[]): Promise<string[]> {
  const { project } = engine;
  const { stdout } = await project.succeed(["stack", "export"]);
  const texts = new Map([...said.map(({ output }, index) => [`output ${index}`, output] as const), ["state", stdout]]);
  const files = readdirSync(project.directory, { recursive: true, encoding: "utf8" })
    .filter((name) => !/^(node_modules|packages|scripts)(\/|$)/.test(name))
    .map((name) => join(project.directory, name))
    .filter((path) => statSync(path).isFile());
  for (const path of files) texts.set(path, readFileSync(path, "latin1"));
  const forms = Object.values(secretsOf(permit)).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("+", "\\u002b"),
  ]);
  return [...texts].flatMap(([place, text]) => (forms.some((form) => text.includes(form)) ? [place] : []));
}

describe("the secrets of a server: its permits, and what seals its certificate", () => {
  const said: CommandResult[] = [];
  const run = async (...args: string[]) => void said.push(await engine.project.succeed(args));

  test(
    "are in its user-data and nowhere else: not in state, history, previews, logs",
    async () => {
      await engine.project.configure({ host: "planet.example.org", acmeDirectory: "off" });
      await run("preview", "--diff");
      await run("up", "--yes", "--debug");
      await expectInUserData(1);
      await run("preview", "--diff", "--expect-no-changes");
      await run("preview", "--json", "--expect-no-changes");
      await run("refresh", "--yes");
      await run("up", "--yes", "--expect-no-changes");
      expect(await placesOf(1, said)).toEqual([]);
      expect((await engine.project.succeed(["stack", "export"])).stdout).toContain("[secret]****");
    },
    8 * MINUTES,
  );

  test(
    "of another number are others, in a new server that writes elsewhere",
    async () => {
      const before = await engine.project.outputs();
      await engine.project.configure({ permit: 2 });
      await run("preview", "--diff");
      await run("up", "--yes");
      expect(await userData()).toContain("\nPLANET_MEMORY_PREFIX='memory-2/'\n");
      await expectInUserData(2);
      expect((await engine.project.outputs()).release).not.toBe(before.release);
      expect(await placesOf(1, said)).toEqual([]);
      expect(await placesOf(2, said)).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "have a number that never goes down: a lower one is refused, in the preview already",
    async () => {
      await engine.project.configure({ permit: 1 });
      const refused = await engine.project.pulumi(["preview"]);
      expect([refused.exitCode === 0, refused.output]).toEqual([false, expect.stringContaining("planet:permit 2")]);
      await engine.project.configure({ permit: 2 });
    },
    2 * MINUTES,
  );

  test(
    "stay secret when a server is lost while it starts, and in the run after that",
    async () => {
      engine.cloud.nextBoot = "lost";
      await engine.project.configure({ generation: 2 });
      const failed = await engine.project.pulumi(["up", "--yes", "--skip-preview"]);
      engine.cloud.nextBoot = "ready";
      expect(failed.exitCode).not.toBe(0);
      said.push(failed);
      expect(await placesOf(2, said)).toEqual([]);
      await run("up", "--yes");
      expect(await placesOf(2, said)).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "are not signed with keys of a session, nor is anything made",
    async () => {
      const { release } = await engine.project.outputs();
      const refused = await engine.project.pulumi(["up", "--yes"], { AWS_SESSION_TOKEN: "token" });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toMatch(/temporary[\s\S]*planet:memory off/);
      expect((await engine.project.outputs()).release).toBe(release);
    },
    2 * MINUTES,
  );
});

describe("planet:memory off", () => {
  test(
    "leaves, without a host, no place for a secret, and the user-data is none",
    async () => {
      await engine.project.configure({ memory: "off", host: "" });
      await engine.project.up();
      expect(await userData()).toContain("\nPLANET_MEMORY_SIGNATURE=''\n");
      expect((await engine.project.succeed(["stack", "export"])).stdout).toContain("PLANET_MEMORY_SIGNATURE=''");
      await engine.project.up("--expect-no-changes");
    },
    4 * MINUTES,
  );
});

describe("a destroy", () => {
  const keys = async () => (await s3().listObjects("planet")).map(({ key }) => key);
  const destroy = () => engine.project.succeed(["destroy", "--yes", "--skip-preview"]);

  test(
    "keeps the bucket with the memory where planet:keepMemory says so, and the next stack goes on with it",
    async () => {
      await engine.project.configure({ memory: "on", keepMemory: true });
      await engine.project.up();
      for (const key of ["memory/feeds/a", "memory-2/feeds/a"]) await engine.upload(key, "{}");
      await destroy();
      // Servers with a host, as in the first tests, have had two folders more: a certificate may lie there.
      const folders = ["acme-challenge", "acme-challenge-2", "memory", "memory-2", "permit", "tls", "tls-2"];
      const notes = folders.map((folder) => `goes-with-bucket/${folder}`);
      const kept = [...notes, "memory-2/feeds/a", "memory/feeds/a"];
      expect(await keys()).toEqual(kept);

      await engine.project.up();
      expect(await keys()).toEqual(expect.arrayContaining([...kept, "manifest.json"]));
      await engine.project.up("--expect-no-changes");
    },
    6 * MINUTES,
  );

  test(
    "without it ends the bucket and all that servers have written, also below an earlier permit; and stops at the rest",
    async () => {
      await engine.project.configure({ keepMemory: false });
      await engine.project.up();
      for (let index = 0; index < 20; index++) await engine.upload(`memory-2/feeds/${index}`, "{}");
      await engine.upload("memory-notes.txt", "of somebody");
      const stopped = await engine.project.pulumi(["destroy", "--yes", "--skip-preview"]);
      expect(stopped.exitCode).not.toBe(0);
      expect(stopped.output).toContain("memory-notes.txt");
      await s3().deleteObject("planet", "memory-notes.txt");
      await destroy();
      expect(await s3().listBuckets()).toEqual([]);
    },
    6 * MINUTES,
  );
});
