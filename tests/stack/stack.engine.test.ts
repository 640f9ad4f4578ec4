import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import type { TestProject } from "../harness/project.ts";
import { read, type TestCloud } from "../harness/testCloud.ts";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

// Proves what the pre-flight lets through, the order of content and servers, and what a failure leaves. Not that a
// server works.
let engine: TestEngine;
let cloud: TestCloud;
let project: TestProject;
const MINUTES = 60_000;

beforeAll(async () => {
  engine = await startEngine("stack-engine", "vpc");
  ({ cloud, project } = engine);
  await project.up();
}, 5 * MINUTES);

afterAll(() => engine?.stop(), MINUTES);

const live = (name: string) => engine.live(name);
const edit = (name: string, text: string) => engine.upload(name, text);

describe("content", () => {
  test(
    "reaches the bucket without another server",
    async () => {
      const before = await project.outputs();
      await project.edit("site/planet.ini", (text) => text.replace("items_per_page = 40", "items_per_page = 30"));
      await project.up();
      expect(await live("planet.ini")).toContain("items_per_page = 30");
      expect(
        JSON.parse(await live("manifest.json")).files.find(({ name }: { name: string }) => name === "planet.ini")
          .replaces,
      ).toHaveLength(1);
      expect((await project.outputs()).release).toBe(before.release);
    },
    2 * MINUTES,
  );

  test(
    "that somebody edited stays as long as no deploy changes it",
    async () => {
      await edit("planet.css", "body { color: teal }\n");
      await project.edit("site/planet.ini", (text) => text.replace("items_per_page = 30", "items_per_page = 20"));
      await project.up();
      const { output } = await project.up("--expect-no-changes");
      expect(output).not.toContain("Undefined value");
      expect(await live("planet.css")).toBe("body { color: teal }\n");
      expect(await live("planet.ini")).toContain("items_per_page = 20");
    },
    3 * MINUTES,
  );

  test(
    "that somebody edited stops the deploy that would change it, in the preview already",
    async () => {
      const manifest = await live("manifest.json");
      await project.edit("site/planet.css", (text) => `${text}\n/* ours */\n`);
      for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { exitCode, output } = await project.pulumi(args);
        expect(exitCode).not.toBe(0);
        expect(output).toContain("-body { color: teal }");
        expect(output).toContain(`'planet:overwrite["planet.css"]' ${sha256Of("body { color: teal }\n").slice(0, 8)}`);
        expect(output).not.toMatch(/^\s+at .*\.ts:\d+/m); // a text for people, without a stack trace
      }
      expect(await live("manifest.json")).toBe(manifest);
    },
    2 * MINUTES,
  );

  test(
    "that is left out keeps its bytes; overwritten, the edit stays readable under its hash",
    async () => {
      await project.configure({ leave: ["planet.css"] });
      await project.up();
      expect(await live("planet.css")).toBe("body { color: teal }\n");

      const hash = sha256Of("body { color: teal }\n");
      await project.configure({ leave: undefined, overwrite: { "planet.css": hash.slice(0, 8) } });
      await project.up();
      expect(await live("planet.css")).toContain("/* ours */");
      await project.up("--expect-no-changes");
      await project.configure({ overwrite: undefined });
      await project.up();
      await project.up("--expect-no-changes");
      expect(await live(`objects/${hash}`)).toBe("body { color: teal }\n");
    },
    4 * MINUTES,
  );
});

describe("planet:rollout replace", () => {
  test(
    "publishes content with a new server, and changes the live names only when readers have it",
    async () => {
      await project.configure({ rollout: "replace" });
      await project.up();
      const before = await project.outputs();
      const manifest = await live("manifest.json");

      cloud.nextBoot = "failed";
      await project.edit("site/planet.ini", (text) => text.replace("items_per_page = 20", "items_per_page = 10"));
      expect((await project.pulumi(["up", "--yes", "--skip-preview"])).exitCode).not.toBe(0);
      expect(await live("manifest.json")).toBe(manifest);
      expect(await live("planet.ini")).toContain("items_per_page = 20");

      cloud.nextBoot = "ready";
      await project.configure({ generation: 4 });
      await project.up();
      const after = await project.outputs();
      expect(await live("planet.ini")).toContain("items_per_page = 10");
      expect(after.release).not.toBe(before.release);
      expect(cloud.instances()).toEqual([after.instanceId]);
      await project.up("--expect-no-changes");
    },
    5 * MINUTES,
  );
});

describe("an edit that nobody has pulled", () => {
  const OLIVE = "body { color: olive }\n";

  test(
    "stops a destroy and another bucket, in the preview already, and everything is as before",
    async () => {
      const { address, instanceId } = await project.outputs();
      const manifest = await live("manifest.json");
      await edit("planet.css", OLIVE);
      const refusedWith = async (code: RegExp, ...runs: string[][]) => {
        for (const args of runs) {
          const { exitCode, output } = await project.pulumi(args);
          expect([exitCode === 0, output]).toEqual([false, expect.stringMatching(code)]);
          expect(output).toMatch(/planet\/planet\.css[\s\S]*into the program's files/);
        }
        expect(await live("planet.css")).toBe(OLIVE);
        expect(await live("manifest.json")).toBe(manifest);
        expect(cloud.instances()).toEqual([instanceId]);
        expect(cloud.holder(address ?? "")).toBe(instanceId);
        const elsewhere = await read(`${cloud.endpoint}/services/objectstorage/elsewhere/planet.css`);
        expect(elsewhere).toContain("NoSuchBucket");
      };

      await refusedWith(/nothing was deleted/, ["destroy", "--yes", "--skip-preview"]);
      await project.configure({ bucket: "elsewhere" });
      await refusedWith(/another bucket/, ["preview"], ["up", "--yes", "--skip-preview"]);
      await project.configure({ bucket: "planet" });
    },
    3 * MINUTES,
  );

  test(
    "is overwritten on request, even if the deploy changes nothing else, and its text is kept",
    async () => {
      const own = await readFile(join(project.directory, "site/planet.css"), "utf8");
      await project.configure({ overwrite: { "planet.css": sha256Of(OLIVE).slice(0, 8) } });
      await project.up();
      expect(await live("planet.css")).toBe(own);
      expect(await live(`objects/${sha256Of(OLIVE)}`)).toBe(OLIVE);
      await project.up("--expect-no-changes");
    },
    2 * MINUTES,
  );
});

describe("destroy", () => {
  test(
    "keeps the allocated address, and deletes the bucket with what it retained",
    async () => {
      const { address } = await project.outputs();
      await project.succeed(["destroy", "--yes", "--skip-preview"]);
      expect(await live("manifest.json")).toContain("NoSuchBucket");
      expect(cloud.instances()).toEqual([]);
      expect(cloud.cloud.describe().addresses).toMatchObject([{ publicAddress: address }]);
    },
    2 * MINUTES,
  );
});
