import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "@jest/globals";
import { measure } from "./measure.ts";
import { treeBytes } from "./processTree.ts";

const PATIENCE_MS = 60_000;

/** A process that runs the script in one more process. */
const nested = (script: string) => [
  "-e",
  `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(script)}], { stdio: "inherit" })`,
];

describe("what is measured", () => {
  test(
    "processor time of the children's children",
    async () => {
      const burn = `const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
        while (used() < 300_000) for (let i = 0; i < 1e6; i++);`;
      const { cpuMs } = await measure(() => spawn(process.execPath, nested(burn)));
      expect(cpuMs).toBeGreaterThanOrEqual(290);
    },
    PATIENCE_MS,
  );

  test(
    "memory of the children's children",
    async () => {
      const hold = "const held = Buffer.alloc(100_000_000, 1); console.log(held.length); process.stdin.resume();";
      const child = spawn(process.execPath, nested(hold));
      await once(child.stdout, "data");
      expect(treeBytes(child.pid ?? 0)).toBeGreaterThan(100_000_000);
      child.stdin.end();
      await once(child, "close");
    },
    PATIENCE_MS,
  );

  test(
    "a command that fails is not a measurement",
    async () => {
      await expect(measure(() => spawn(process.execPath, ["-e", "process.exit(3)"]))).rejects.toThrow("ended with 3");
    },
    PATIENCE_MS,
  );
});
