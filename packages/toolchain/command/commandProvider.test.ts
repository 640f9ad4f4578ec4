import { describe, expect, test } from "@jest/globals";
import { Asset, type Inputs, Secret, UNKNOWN } from "@planet/pulumi-plugin";
import { createCommandProvider, diffCommand } from "./commandProvider.ts";

const TYPE = "command:local:Command";
const ids = { urn: "urn:pulumi:dev::p::command:local:Command::gate", type: TYPE, name: "gate" };

function provider(cancelled = new AbortController().signal) {
  const lines: string[] = [];
  const drop = () => undefined;
  const log = { status: (_urn: string, text: string) => void lines.push(text), debug: drop, info: drop, warning: drop };
  return { command: createCommandProvider({ log, cancelled }), lines };
}

const create = (inputs: Inputs, cancelled?: AbortSignal) =>
  provider(cancelled).command.create({ ...ids, inputs, preview: false, timeoutSeconds: 0 });

describe("local.Command (proves what it runs and keeps; not that the engine asks for it)", () => {
  test("keeps inputs and output, less exactly one newline, under an id that begins with the name", async () => {
    const { id, state } = await create({ create: "printf 'a\\n\\n'; printf b >&2", dir: "/" });
    expect(id).toMatch(/^gate[0-9a-f]{8}$/);
    expect(state).toEqual({ create: "printf 'a\\n\\n'; printf b >&2", dir: "/", stdout: "a\n", stderr: "b" });
  });

  test("runs with interpreter, environment, folder and input", async () => {
    const inputs = { interpreter: ["/bin/sh", "-ec"], environment: { A: "1" }, dir: "/tmp", stdin: "in" };
    const { state } = await create({ ...inputs, create: 'echo "$A $(pwd) $(cat)"' });
    expect(state.stdout).toBe("1 /tmp in");
  });

  test("nothing runs in a preview, its output is unknown", async () => {
    const { command } = provider();
    const request = { ...ids, inputs: { create: "exit 1" }, preview: true, timeoutSeconds: 0 };
    expect(await command.create(request)).toEqual({
      id: "",
      state: { create: "exit 1", stdout: UNKNOWN, stderr: UNKNOWN },
    });
  });

  test("a failure names exit status, command and what it said", async () => {
    await expect(create({ create: "echo out; echo err >&2; exit 3" })).rejects.toThrow(
      /^exit status 3: running "echo out; echo err >&2; exit 3":\n(out\nerr|err\nout)\n$/,
    );
  });

  test("a program that is missing is an error, not a crash", async () => {
    await expect(create({ create: "true", interpreter: ["/nowhere/sh"] })).rejects.toThrow(/ENOENT.*running "true"/s);
  });

  test("cancellation kills the command and what it started", async () => {
    const controller = new AbortController();
    const running = expect(create({ create: "sleep 300 & sleep 300" }, controller.signal)).rejects.toThrow(
      /^interrupted: running "sleep 300/,
    );
    setTimeout(() => controller.abort(), 100);
    await running;
  });

  test("one secret input makes both outputs secret", async () => {
    const { state } = await create({ create: "echo $A", environment: { A: new Secret("s") } });
    expect(state.stdout).toEqual(new Secret("s"));
    expect(state.stderr).toEqual(new Secret(""));
  });

  test("lines are shown while it runs, or not as `logging` says", async () => {
    const { command, lines } = provider();
    const run = (logging: string) =>
      command.create({
        ...ids,
        inputs: { create: "echo out; echo err >&2", logging },
        preview: false,
        timeoutSeconds: 0,
      });
    await run("none");
    expect(lines).toEqual([]);
    await run("stderr");
    expect(lines).toEqual(["err"]);
  });

  test.each<[string, Inputs, string]>([
    ["`update` where there is one", { create: "echo c", update: 'echo "u $PULUMI_COMMAND_STDOUT"' }, "u old"],
    ["else `create` again", { create: "echo c" }, "c"],
    ["else nothing, and the old output stays", {}, "old"],
    [
      "without the old output if asked to",
      { create: "echo [$PULUMI_COMMAND_STDOUT]", addPreviousOutputInEnv: false },
      "[]",
    ],
  ])("update runs %s", async (_name, news, stdout) => {
    const { command } = provider();
    const state = { stdout: "old", stderr: "" };
    const rest = { id: "gate1", preview: false, timeoutSeconds: 0, ignoreChanges: [], olds: state, oldInputs: {} };
    expect((await command.update({ ...ids, ...rest, news })).state.stdout).toBe(stdout);
  });

  test.each<[string, Inputs, RegExp]>([
    ["an input of another type", { create: 1 }, /create must be a text/],
    ["an input that does not exist", { creat: "x" }, /creat is not an input/],
    ["a feature of the official plugin", { assetPaths: ["*"] }, /assetPaths needs the official command plugin/],
    ["an unknown way to log", { logging: "loud" }, /logging must be one of/],
  ])("check refuses %s, without its value", async (_name, news, reason) => {
    const { command } = provider();
    const result = await command.check({ ...ids, news, randomSeed: new Uint8Array() });
    expect(result).toEqual({ failures: [{ property: "", reason: expect.stringMatching(reason) }] });
  });

  test("check takes what is unknown or secret, and keeps it so", async () => {
    const { command } = provider();
    const news = {
      create: UNKNOWN,
      environment: new Secret({ A: "b" }),
      triggers: [UNKNOWN, new Asset({ text: "a" })],
    };
    expect(await command.check({ ...ids, news, randomSeed: new Uint8Array() })).toEqual({ inputs: news });
  });

  test("other resources and functions are refused by name", async () => {
    const { command } = provider();
    const type = "command:remote:Command";
    const failures = [{ property: "", reason: expect.stringContaining(type) }];
    expect(await command.check({ ...ids, type, news: {}, randomSeed: new Uint8Array() })).toEqual({ failures });
    expect(await command.invoke(type, {}, false)).toEqual({ failures });
  });

  test("run returns its arguments and the output", async () => {
    const args = { command: "echo hello" };
    expect(await provider().command.invoke("command:local:run", args, true)).toEqual({
      ...args,
      stdout: "hello",
      stderr: "",
    });
  });
});

describe("diff of a command", () => {
  test.each<[string, Inputs, Inputs, object]>([
    [
      "nothing",
      { create: "a", version: "1" },
      { create: "a", version: "2" },
      { changes: false, replaces: [], detailed: {} },
    ],
    [
      "a command: in place",
      { create: "a" },
      { create: "b" },
      { changes: true, replaces: [], detailed: { create: "update" } },
    ],
    [
      "a trigger: replaced, by its nested path",
      { triggers: ["a", "b"] },
      { triggers: ["a", "c"] },
      { changes: true, replaces: ["triggers"], detailed: { "triggers[1]": "update-replace" } },
    ],
    [
      "the first trigger: replaced",
      {},
      { triggers: ["a"] },
      { changes: true, replaces: ["triggers"], detailed: { triggers: "add-replace" } },
    ],
  ])("%s", (_name, oldInputs, news, expected) => {
    expect(diffCommand({ oldInputs, news })).toEqual(expected);
  });
});
