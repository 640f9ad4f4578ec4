import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pulumiCommand } from "./pulumiCommand.ts";
import { runProcess } from "./runProcess.ts";

const MINUTES = 60_000;
/** The salt is that of the passphrase `planet`; comment and spacing are what the CLI would not write. */
const LOCAL_FILE = `# committed whole
encryptionsalt: v1:l/TuA3H5Oso=:v1:PtLdNeMki5MuXnNC:jcrW+MDYJB6ncYaazk779VFSlqFcDw==
config:
  commands:create:   "true"
`;

const LOCAL_STATE = ".planet/state/.pulumi/stacks/commands/local.json";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet command "));
});
afterAll(() => rmSync(folder, { recursive: true }));

function clone(name: string): string {
  const checkout = path.join(folder, name);
  cpSync(fileURLToPath(new URL("testdata/commands", import.meta.url)), checkout, { recursive: true });
  writeFileSync(path.join(checkout, "Pulumi.local.yaml"), LOCAL_FILE);
  return checkout;
}

function unset(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PULUMI_HOME: _home, PULUMI_BACKEND_URL: _backend, PULUMI_CONFIG_PASSPHRASE: _words, ...outer } = environment;
  return outer;
}

function nameInProject(checkout: string): NodeJS.ProcessEnv {
  appendFileSync(path.join(checkout, "Pulumi.yaml"), "backend:\n  url: file://./.planet/state\n");
  return {};
}

function logIn(checkout: string): NodeJS.ProcessEnv {
  const PULUMI_CREDENTIALS_PATH = path.join(checkout, "credentials");
  mkdirSync(PULUMI_CREDENTIALS_PATH);
  const current = `file://${encodeURI(checkout)}/.planet/state?metadata=`;
  writeFileSync(path.join(PULUMI_CREDENTIALS_PATH, "credentials.json"), JSON.stringify({ current }));
  return { PULUMI_CREDENTIALS_PATH };
}

async function pulumi(
  checkout: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  said: string[] = [],
) {
  const env = { ...unset(process.env), ...variables };
  const command = await pulumiCommand({
    checkout,
    args,
    env,
    cwd: checkout,
    onProgress: (line) => void said.push(line),
  });
  return await runProcess(command.program, command.args, { cwd: checkout, environment: command.environment });
}

describe("npx pulumi in a checkout", () => {
  test(
    "takes the stack local where none is selected, and makes it",
    async () => {
      const first = clone("first");
      const { code, output } = await pulumi(first, ["stack", "--show-name"]);
      expect([code, output.trim()]).toEqual([0, "local"]);
      expect(readFileSync(path.join(first, "Pulumi.local.yaml"), "utf8")).toBe(LOCAL_FILE);
    },
    MINUTES,
  );

  test(
    "makes the stack local where it is named, and leaves the selection alone",
    async () => {
      const named = clone("named");
      await pulumi(named, ["stack", "init", "prod"], { PULUMI_CONFIG_PASSPHRASE: "p" });
      expect((await pulumi(named, ["stack", "export", "--stack", "local"])).code).toBe(0);
      expect((await pulumi(named, ["stack", "--show-name"])).output.trim()).toBe("prod");
    },
    MINUTES,
  );

  test(
    "makes the stack local once, though two runs want to at once",
    async () => {
      const shared = clone("shared");
      await pulumi(shared, ["version"]);
      const runs = await Promise.all([1, 2, 3].map(() => pulumi(shared, ["stack", "export"])));
      expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    },
    MINUTES,
  );

  describe("goes on after a run that was killed while it wrote", () => {
    const cut: readonly [file: string, bytes: number][] = [
      [".pulumi/stacks/commands/local.json.attrs", 0],
      [".pulumi/stacks/commands/local.json", 0],
      [".pulumi/meta.yaml.attrs", 0],
      [".pulumi/meta.yaml", 4],
    ];

    test.each<[name: string, choose: (checkout: string) => NodeJS.ProcessEnv]>([
      ["the checkout's own folder", () => ({})],
      ["a folder of the user's", (checkout) => ({ PULUMI_BACKEND_URL: `file://${encodeURI(checkout)}/.planet/state` })],
      ["a folder that the project names", nameInProject],
      ["a folder that the user has logged in to", logIn],
    ])(
      "all of it, in %s",
      async (name, choose) => {
        const killed = clone(`killed in ${name}`);
        const state = path.join(killed, ".planet/state");
        mkdirSync(state, { recursive: true });
        const env = choose(killed);
        await pulumi(killed, ["stack", "export"], env);
        for (const [file, bytes] of cut) truncateSync(path.join(state, file), bytes);
        const said: string[] = [];
        const { code, output } = await pulumi(killed, ["stack", "export"], env, said);
        expect([code, output]).toEqual([0, expect.stringContaining('"deployment"')]);
        for (const [file] of cut) expect(said.join("\n")).toContain(path.join(state, file));
      },
      MINUTES,
    );
  });

  test(
    "forgets what a killed run had begun once a later one has ended it, and only then",
    async () => {
      const begun = clone("begun");
      await pulumi(begun, ["stack", "export"]);
      const urn = (name: string) => `urn:pulumi:local::commands::pulumi:pulumi:Stack::${name}`;
      const pend = (...names: string[]) => {
        const state = JSON.parse(readFileSync(path.join(begun, LOCAL_STATE), "utf8"));
        const root = { urn: urn("commands-local"), custom: false, type: "pulumi:pulumi:Stack" };
        state.checkpoint.latest.resources = [{ ...root, created: "2026-03-01T10:00:00Z" }];
        const entries = names.map((name) => ({ type: "creating", resource: { ...root, urn: urn(name) } }));
        state.checkpoint.latest.pending_operations = entries;
        writeFileSync(path.join(begun, LOCAL_STATE), JSON.stringify(state));
      };
      const prepare = async () => {
        const said: string[] = [];
        const onProgress = (line: string) => void said.push(line);
        const env = { ...unset(process.env), XDG_STATE_HOME: path.join(folder, "no-cloud") };
        const prepared = pulumiCommand({ checkout: begun, args: ["up"], env, cwd: begun, onProgress });
        await expect(prepared).rejects.toMatchObject({ code: "CLOUD_STOPPED" });
        const { latest } = JSON.parse(readFileSync(path.join(begun, LOCAL_STATE), "utf8")).checkpoint;
        return [
          said.filter((line) => line.includes("forgot")).length,
          latest.resources.length,
          latest.pending_operations,
        ];
      };
      pend("commands-local", "open");
      expect(await prepare()).toEqual([0, 1, [expect.anything(), expect.anything()]]);
      pend("commands-local");
      expect(await prepare()).toEqual([1, 1, undefined]);
    },
    MINUTES,
  );

  test(
    "a new stack has nothing of the selected stack local, its passphrase least of all",
    async () => {
      const fresh = clone("fresh");
      expect((await pulumi(fresh, ["stack", "--show-name"])).output.trim()).toBe("local"); // selects it
      const { code, output } = await pulumi(fresh, ["stack", "init", "prod", "--non-interactive"]);
      expect([code, output]).toEqual([expect.any(Number), expect.stringContaining("PULUMI_CONFIG_PASSPHRASE")]);
      expect(code).not.toBe(0);
    },
    MINUTES,
  );

  test(
    "works on the backend of another clone, and keeps no state of its own",
    async () => {
      const PULUMI_BACKEND_URL = `file://${encodeURI(path.join(folder, "first/.planet/state"))}`;
      const second = clone("second");
      const { code, output } = await pulumi(second, ["stack", "ls", "--json"], { PULUMI_BACKEND_URL });
      expect([code, JSON.parse(output)]).toEqual([0, [expect.objectContaining({ name: "local" })]]);
      expect((await pulumi(second, ["config"], { PULUMI_BACKEND_URL })).output).toMatch(/create\s+true/);
      expect(await pulumi(second, ["stack", "--show-name"], { PULUMI_BACKEND_URL })).toMatchObject({ code: 0 });
      expect(() => readFileSync(path.join(second, ".planet/state/.pulumi/meta.yaml"))).toThrow("ENOENT");
      expect(readFileSync(path.join(second, "Pulumi.local.yaml"), "utf8")).toBe(LOCAL_FILE);
    },
    MINUTES,
  );

  test(
    "says that a home of the user's lacks the command plugin, only where a stack is worked on",
    async () => {
      const request = { checkout: clone("home"), env: { ...process.env, PULUMI_HOME: path.join(folder, "home") } };
      const said: string[] = [];
      const onProgress = (line: string) => void said.push(line);
      await pulumiCommand({ ...request, args: ["stack", "ls"], onProgress });
      expect(said.join()).not.toContain("resource-command");
      await pulumiCommand({ ...request, args: ["preview", "--stack", "prod"], onProgress });
      expect(said.at(-1)).toContain(`PULUMI_HOME=${folder}/home has no resource-command-v`);
    },
    MINUTES,
  );

  test(
    "says that the local cloud does not run, only for its own stack, and does not run what needs its keys",
    async () => {
      const env = { ...process.env, XDG_STATE_HOME: path.join(folder, "no-cloud") };
      const request = { checkout: clone("stopped"), env };
      const said: string[] = [];
      const onProgress = (line: string) => void said.push(line);
      await pulumiCommand({ ...request, args: ["up", "--stack", "prod"], onProgress });
      expect(said.join()).not.toContain("local cloud");
      await pulumiCommand({ ...request, args: ["stack", "export", "--stack", "local"], onProgress });
      expect(said.at(-1)).toContain("The local cloud does not run");
      for (const verb of ["up", "preview", "refresh", "destroy"]) {
        const refused = pulumiCommand({ ...request, args: [verb, "--stack", "local"], onProgress });
        await expect(refused).rejects.toMatchObject({
          code: "CLOUD_STOPPED",
          message: expect.stringContaining("npm start"),
        });
      }
      await pulumiCommand({ ...request, args: ["up", "--help", "--stack", "local"], onProgress });
    },
    MINUTES,
  );

  test(
    "selects nothing for commands that need no stack",
    async () => {
      const third = clone("third");
      expect((await pulumi(third, ["stack", "ls"])).output).not.toContain("local");
      expect((await pulumi(third, ["version"])).output).toMatch(/^v3\./);
    },
    MINUTES,
  );
});
