import { spawn } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { measure } from "./measure.ts";

const node = (script: string) => () => spawn(process.execPath, ["-e", script]);

describe("what is measured", () => {
  test("counts the children's children, in time and in memory", async () => {
    // By the processor's clock: a busy machine changes nothing.
    const burn = "const held = Buffer.alloc(50_000_000, 1); while (process.cpuUsage().user < 200_000); held;";
    const nested = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}])`;
    const { cpuMs, peakBytes } = await measure(node(nested));
    expect(cpuMs).toBeGreaterThanOrEqual(190);
    expect(peakBytes).toBeGreaterThan(80_000_000);
  });

  test("a command that fails is no measurement", async () => {
    await expect(measure(node("process.exit(3)"))).rejects.toThrow("ended with 3");
  });
});
