import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TestProject } from "../harness/project.ts";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

const MINUTES = 60_000;

let engine: TestEngine;
let second: TestProject;
beforeAll(async () => {
  engine = await startEngine("stack-two-states", "vpc");
  const { accessKeyId, secretAccessKey } = engine.cloud.cloud.credentials;
  second = await TestProject.create({ stack: "test", config: {}, accessKeyId, secretAccessKey });
  await second.takeConfigOf(engine.project);
  await second.edit("userdata/planet.sh", () => "#!/bin/bash\n: a stand-in\n");
}, 5 * MINUTES);
afterAll(async () => {
  await second?.remove();
  await engine?.stop();
}, MINUTES);

test(
  "a second clone with its own state cannot take the bucket, and its destroy leaves the first one's planet",
  async () => {
    const { project, live, cloud } = engine;
    await project.up();
    const [ini, manifest, instances] = [await live("planet.ini"), await live("manifest.json"), cloud.instances()];

    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, output } = await second.pulumi(args);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /bucket planet is not taken over: its manifest\.json was written from another Pulumi state/,
      );
    }
    await second.succeed(["destroy", "--yes", "--skip-preview"]);

    expect(await live("manifest.json")).toBe(manifest);
    expect(await live("planet.ini")).toBe(ini);
    expect(ini).toBe(await readFile(join(project.directory, "site/planet.ini"), "utf8"));
    expect(cloud.instances()).toEqual(instances);
    await project.up("--expect-no-changes");
  },
  3 * MINUTES,
);
