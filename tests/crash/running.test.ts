import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { familyOf, kill, untilGone } from "./processes.ts";
import { follow } from "./running.ts";

const shell = (script: string) => follow(spawn("bash", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] }));

test("a command's words, result and longest silence are kept; the engine's dots are silence", async () => {
  const run = shell("echo begun; echo to stderr >&2; sleep 0.5; echo .; sleep 0.5; echo done; exit 3");
  expect(await run.said("begun")).toBe(true);
  const { exitCode, output, stdout, longestSilenceMs } = await run.ended;
  expect([exitCode, stdout]).toEqual([3, "begun\n.\ndone\n"]);
  expect(output).toContain("to stderr");
  // More than either half, however late the words were heard.
  expect(longestSilenceMs).toBeGreaterThan(600);
});

test("words that never come are known when the command has ended", async () => {
  expect(await shell("echo other").said("begun")).toBe(false);
});

test("a process is found with all that it has started, and seen to be gone", async () => {
  const run = shell("sleep 30 & echo begun; wait");
  await run.said("begun");
  const family = familyOf(run.pid);
  expect(family.map(({ words }) => words[0])).toEqual(expect.arrayContaining(["bash", "sleep"]));
  for (const { pid } of family) kill(pid, "SIGKILL");
  await run.ended;
  await untilGone(family, 5_000);
  expect(familyOf(run.pid)).toEqual([]);
});
