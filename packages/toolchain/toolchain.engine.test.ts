import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeProject, type Project } from "./testing/project.ts";

const MINUTES = 60_000;

let project: Project;
beforeAll(async () => {
  project = await makeProject("commands");
  await project.pulumi("stack", "init", "local");
  await configure("create", "echo one; echo two >&2");
}, 15 * MINUTES);
afterAll(() => project.remove());

async function configure(name: string, value: string, ...flags: string[]) {
  const { code, output } = await project.pulumi("config", "set", ...flags, name, "--", value);
  if (code !== 0) throw new Error(output);
}

const up = () => project.pulumi("up", "--yes", "--skip-preview");

describe("the real engine with our language host and command plugin", () => {
  test(
    "previews and creates, with no warning and no download",
    async () => {
      const preview = await project.pulumi("preview");
      expect(preview).toMatchObject({ code: 0, output: expect.stringContaining("+ 3 to create") });
      expect(preview.output).toContain("stdout: [unknown]");

      const created = await up();
      expect(created).toMatchObject({ code: 0, output: expect.stringContaining('stdout: "one"') });
      expect(created.output).toContain("a line of the program");
      for (const { output } of [preview, created]) expect(output).not.toMatch(/warning|\$PATH|download|proxy/i);
    },
    MINUTES,
  );

  test(
    "does nothing the second time",
    async () => {
      const { code, output } = await project.pulumi(
        "up",
        "--yes",
        "--skip-preview",
        "--expect-no-changes",
        "--refresh",
      );
      expect([code, output]).toEqual([0, expect.stringContaining("3 unchanged")]);
    },
    MINUTES,
  );

  test(
    "a changed trigger replaces, and what depends on the id follows",
    async () => {
      await configure("trigger", "b");
      expect(await up()).toMatchObject({ code: 0, output: expect.stringContaining("+-2 replaced") });
    },
    MINUTES,
  );

  test(
    "a changed command runs again in place",
    async () => {
      await configure("create", 'echo "before: $PULUMI_COMMAND_STDOUT"');
      const { code, output } = await up();
      expect([code, output]).toEqual([0, expect.stringContaining("~ 1 updated")]);
      expect(output).toContain('"before: one"');
    },
    MINUTES,
  );

  test(
    "a failing command fails the update with its output, and the next run tries again",
    async () => {
      await configure("create", "echo told; exit 7");
      await configure("trigger", "c");
      const failed = await up();
      expect(failed.code).not.toBe(0);
      expect(failed.output).toMatch(/exit status 7: running "echo told; exit 7":\s+told/);
      await configure("create", "echo well");
      expect(await up()).toMatchObject({ code: 0, output: expect.stringContaining("+-2 replaced") });
    },
    MINUTES,
  );

  test(
    "a secret in an input makes the output secret, in the state too",
    async () => {
      await configure("word", "hush-hush", "--secret");
      await configure("create", "echo my $WORD");
      const { code, output } = await up();
      expect([code, output]).toEqual([0, expect.stringContaining("[secret]")]);
      const state = await readFile(
        path.join(project.folder, ".planet/state/.pulumi/stacks/commands/local.json"),
        "utf8",
      );
      expect(state).not.toContain("hush-hush");
    },
    MINUTES,
  );

  test(
    "an error in the program fails, and deletes nothing",
    async () => {
      await configure("throws", "true");
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toContain("the program says no");
      expect(output).not.toMatch(/delet/i);
      await configure("throws", "false");
    },
    MINUTES,
  );

  test(
    "Ctrl-C ends a running command with all that it started, and keeps the state whole",
    async () => {
      await configure("create", `echo started; sleep 1071.5 & sleep 1071.5`);
      await configure("trigger", "d");
      const { code } = await project.signalledAt("started", "SIGINT", "up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect((await commandLines()).filter((line) => line.includes("sleep 1071.5"))).toEqual([]);
      const { deployment } = JSON.parse((await project.pulumi("stack", "export")).output) as {
        deployment: { pending_operations?: unknown[] };
      };
      expect(deployment.pending_operations ?? []).toEqual([]);
    },
    MINUTES,
  );

  test(
    "a program that ends itself early is a failure too",
    async () => {
      await configure("exits", "true");
      const { code, output } = await up();
      expect(code).not.toBe(0);
      expect(output).toContain("Program exited with non-zero exit code: 3");
      await configure("exits", "false");
    },
    MINUTES,
  );

  test(
    "nothing outlives a CLI that was killed",
    async () => {
      await configure("create", "echo started; sleep 72.5 & sleep 72.5");
      await configure("trigger", "e");
      const killed = project.signalledAt("started", "SIGKILL", "up", "--yes", "--skip-preview");
      while ((await leftOvers()).length === 0) await sleep(100); // they would be seen
      await killed;
      while ((await leftOvers()).length > 0) await sleep(100);
      await project.pulumi("cancel", "--yes");
      await configure("create", "true");
      await project.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    },
    MINUTES,
  );

  test(
    "about names the host's package manager",
    async () => {
      const { code, output } = await project.pulumi("about");
      expect([code, output]).toEqual([0, expect.stringContaining("packagemanager='npm'")]);
    },
    MINUTES,
  );

  test(
    "destroy runs the delete command",
    async () => {
      await configure("delete", "echo gone > deleted.txt");
      await configure("create", "true");
      await up();
      expect(await project.pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
      expect(await readFile(path.join(project.folder, "deleted.txt"), "utf8")).toBe("gone\n");
    },
    MINUTES,
  );
});

/** Processes that work in the project's folder, as plugins, host, program and commands do. */
async function leftOvers(): Promise<string[]> {
  const folder = await realpath(project.folder);
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(processes.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return processes.filter((_pid, index) => folders[index] === folder);
}

async function commandLines(): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(lines)).map((line) => line.replaceAll("\0", " "));
}
