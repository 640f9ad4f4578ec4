import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { collect } from "../harness/project.ts";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

const MINUTES = 60_000;
const UP = ["up", "--yes", "--skip-preview"];

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine("stack-interrupted", "vpc");
  await engine.project.up();
}, 5 * MINUTES);
afterAll(() => engine?.stop(), MINUTES);

// Proves what two people meet who deploy at once, and what a killed deploy leaves behind.
test(
  "a second `up` is refused with a next step; after the first was killed, that step ends with one server",
  async () => {
    const { cloud, project } = engine;
    const before = await project.outputs();
    cloud.nextBoot = "silent"; // so that the first one waits
    await project.configure({ generation: 2 });
    const first = project.start(UP);
    const ended = collect(first);
    while (cloud.instances().length < 2) await delay(50);

    const second = await project.pulumi(UP);
    expect(second.exitCode).not.toBe(0);
    expect(second.output).toContain("the stack is currently locked by 1 lock(s)");
    expect(second.output).toContain("pulumi cancel");

    first.kill("SIGKILL");
    await ended;
    expect(cloud.holder(before.address ?? "")).toBe(before.instanceId);
    expect((await project.pulumi(UP)).output).toContain("pulumi cancel");

    for (const instanceId of cloud.instances()) cloud.becomes(instanceId, "ready");
    cloud.nextBoot = "ready";
    await project.succeed(["cancel", "--yes"]);
    await project.up();
    const after = await project.outputs();
    expect(cloud.instances()).toEqual([after.instanceId]);
    expect(cloud.holder(before.address ?? "")).toBe(after.instanceId);
    expect(cloud.cloud.describe().addresses).toHaveLength(1);
    await project.up("--expect-no-changes");
  },
  3 * MINUTES,
);
