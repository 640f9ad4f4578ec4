import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { TestProject } from "../tests/harness/project.ts";
import { sha256 } from "./decideContent.ts";
import { read, TestCloud } from "./testCloud.ts";

// The program under the genuine engine, with our plugins, against the local cloud's API; its machines only pretend.
// Proves the order of an update, what a failure leaves, and what the pre-flight lets through. Not that a server works.
let cloud: TestCloud;
let project: TestProject;
const MINUTES = 60_000;

beforeAll(async () => {
  cloud = await TestCloud.start("stack-engine");
  project = await TestProject.create({
    stack: "test",
    config: {
      endpoint: cloud.endpoint,
      bucket: "planet",
      image: "emi-b78e07c8",
      instanceType: "m1.small",
      draining: 0,
      readyDeadline: 60,
    },
    ...cloud.cloud.credentials,
  });
  await writeFile(join(project.directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
}, 5 * MINUTES);

afterAll(async () => {
  await project?.remove();
  await cloud?.stop();
}, MINUTES);

const bucketUrl = () => `${cloud.endpoint}/services/objectstorage/planet`;
const live = (name: string) => read(`${bucketUrl()}/${name}`);

/** As the operators of old: straight into the bucket. */
async function edit(key: string, text: string): Promise<void> {
  const connection = { region: "eucalyptus", credentials: cloud.cloud.credentials, clock: createClock() };
  const s3 = createS3(`${cloud.endpoint}/services/objectstorage/`, connection);
  const bytes = Buffer.from(text);
  await s3.putObject({ bucket: "planet", key, bytes, contentType: "text/plain", acl: "public-read" });
}

/** Releases that a reader saw while something went on, and how many requests failed. */
async function watched<T>(
  address: string,
  work: () => Promise<T>,
): Promise<{ result: T; failed: number; seen: string[] }> {
  const seen = new Set<string>();
  const watch = { failed: 0, over: false };
  const reader = (async () => {
    while (!watch.over) {
      const text = await read(`http://${address}/status.json`).catch(() => undefined);
      if (text === undefined) watch.failed += 1;
      else seen.add((JSON.parse(text) as { release: string }).release);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const result = await work().finally(() => {
    watch.over = true;
  });
  await reader;
  return { result, failed: watch.failed, seen: [...seen] };
}

describe("a server", () => {
  test(
    "is made once: a second update and one after a refresh have nothing to do",
    async () => {
      await project.up();
      await project.up("--expect-no-changes");
      await project.up("--expect-no-changes", "--refresh");
      expect(cloud.instances()).toHaveLength(1);
    },
    3 * MINUTES,
  );

  test(
    "is replaced without a failed request, and the old one ends last",
    async () => {
      const before = await project.outputs();
      await project.configure({ generation: 2 });
      const { failed, seen } = await watched(before.address ?? "", () => project.up());
      const after = await project.outputs();
      expect(failed).toBe(0);
      expect(seen).toEqual([before.release, after.release]);
      expect(cloud.instances()).toEqual([after.instanceId]);
      expect(after.address).toBe(before.address);
    },
    2 * MINUTES,
  );

  test(
    "that cannot configure itself never gets the address, and going back makes no third one",
    async () => {
      const before = await project.outputs();
      cloud.nextBoot = "failed";
      await project.configure({ generation: 3 });
      const { result, failed, seen } = await watched(before.address ?? "", () =>
        project.pulumi(["up", "--yes", "--skip-preview"]),
      );
      cloud.nextBoot = "ready";
      expect(result.exitCode).not.toBe(0);
      expect(result.output).toContain("planet: FAILED step=install rc=100");
      expect({ failed, seen }).toEqual({ failed: 0, seen: [before.release] });
      expect(cloud.instances()).toHaveLength(2);

      await project.configure({ generation: 2 });
      await project.up();
      expect(await project.outputs()).toEqual(before);
      expect(cloud.instances()).toEqual([before.instanceId]);
    },
    3 * MINUTES,
  );
});

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
    "that somebody edited stays as long as no deploy changes it, also after a refresh",
    async () => {
      await edit("planet.css", "body { color: teal }\n");
      await project.edit("site/planet.ini", (text) => text.replace("items_per_page = 30", "items_per_page = 20"));
      await project.up();
      await project.up("--refresh", "--expect-no-changes");
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
        expect(output).toContain(`'planet:overwrite["planet.css"]' ${sha256("body { color: teal }\n").slice(0, 8)}`);
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

      const hash = sha256("body { color: teal }\n");
      await project.configure({ leave: undefined, overwrite: { "planet.css": hash.slice(0, 8) } });
      await project.up("--refresh");
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
    "takes content by a new server, and shows it in the bucket only when readers have it",
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

describe("destroy", () => {
  test(
    "keeps the allocated address and an edit that nobody has pulled, and ends with the bucket and what it retained",
    async () => {
      const { address } = await project.outputs();
      const own = await readFile(join(project.directory, "site/planet.css"), "utf8");
      await edit("planet.css", "body { color: olive }\n");
      const refused = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
      expect(refused.exitCode).not.toBe(0);
      expect(await live("planet.css")).toBe("body { color: olive }\n");

      await edit("planet.css", own);
      await project.succeed(["destroy", "--yes", "--skip-preview", "--refresh"]);
      expect(await live("manifest.json")).toContain("NoSuchBucket");
      expect(cloud.instances()).toEqual([]);
      expect(cloud.cloud.describe().addresses).toEqual([{ publicAddress: address }]);
    },
    2 * MINUTES,
  );
});
