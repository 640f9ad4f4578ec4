import { randomBytes } from "node:crypto";
import {
  containsSecret,
  type DiffKind,
  type DiffRequest,
  type DiffResult,
  differences,
  type Inputs,
  type Problem,
  type Provider,
  type ProviderContext,
  Secret,
  topLevelName,
  UNKNOWN,
  type Value,
  withoutSecrets,
} from "@planet/pulumi-plugin";
import { ToolchainError } from "../toolchainError.ts";
import { problemsOf, readCommandInputs } from "./commandInputs.ts";
import { type Output, runShell } from "./runShell.ts";

const LOCAL_COMMAND = "command:local:Command";
const LOCAL_RUN = "command:local:run";

/** `local.Command` and `local.run` of Pulumi's command provider 1.2.1; everything else is refused by name. */
export function createCommandProvider(context: ProviderContext): Provider {
  const run = (urn: string, command: string | undefined, inputs: Inputs, previous: Output) => {
    if (command === undefined) return Promise.resolve(previous);
    const onLine = (line: string) => context.log.status(urn, line);
    return runShell(command, readCommandInputs(inputs), previous, { onLine, cancelled: context.cancelled });
  };

  return {
    configure: () => Promise.resolve(),

    check({ type, news }) {
      const failures = type === LOCAL_COMMAND ? problemsOf(news) : [notSupported(type)];
      return Promise.resolve(failures.length > 0 ? { failures } : { inputs: news });
    },

    diff: (request) => Promise.resolve(diffCommand(request)),

    async create({ urn, name, inputs, preview }) {
      if (preview) return { id: "", state: { ...inputs, stdout: UNKNOWN, stderr: UNKNOWN } };
      const output = await run(urn, readCommandInputs(inputs).create, inputs, { stdout: "", stderr: "" });
      return { id: `${name}${randomBytes(4).toString("hex")}`, state: stateOf(inputs, output) };
    },

    read({ id, state, inputs }) {
      if (!state || !inputs) {
        const what = `a command has nothing to import from; ${id} exists only in a state`;
        throw new ToolchainError({ code: "NOT_IMPORTABLE", what });
      }
      return Promise.resolve({ id, state, inputs });
    },

    async update({ urn, olds, news, preview }) {
      if (preview) {
        const runs = news.update !== undefined || news.create !== undefined; // perhaps with a text not yet known
        return { state: runs ? { ...news, stdout: UNKNOWN, stderr: UNKNOWN } : stateOf(news, outputOf(olds)) };
      }
      const { create, update } = readCommandInputs(news);
      return { state: stateOf(news, await run(urn, update ?? create, news, outputOf(olds))) };
    },

    async delete({ urn, state }) {
      await run(urn, readCommandInputs(state).delete, state, outputOf(state));
    },

    async invoke(token, args) {
      const command = withoutSecrets(args.command ?? null);
      const failures = token === LOCAL_RUN ? problemsOf(args) : [notSupported(token)];
      if (failures.length > 0) return { failures };
      if (typeof command !== "string") return { failures: [{ property: "command", reason: "is required" }] };
      return { ...args, ...(await run("", command, args, { stdout: "", stderr: "" })) };
    },
  };
}

/** Every difference runs the command again in place; one in `triggers` makes a new resource. */
export function diffCommand({ oldInputs, news }: Pick<DiffRequest, "oldInputs" | "news">): DiffResult {
  const detailed: Record<string, DiffKind> = {};
  for (const [path, difference] of Object.entries(differences(oldInputs, news))) {
    const name = topLevelName(path);
    if (name === "version" || name.startsWith("__")) continue;
    detailed[path] = name === "triggers" ? `${difference}-replace` : difference;
  }
  const paths = Object.keys(detailed);
  const replaces = paths.some((path) => topLevelName(path) === "triggers") ? ["triggers"] : [];
  return { changes: paths.length > 0, replaces, detailed };
}

function stateOf(inputs: Inputs, output: Output): Inputs {
  const mark = (text: string): Value => (containsSecret(inputs) ? new Secret(text) : text);
  return { ...inputs, stdout: mark(output.stdout), stderr: mark(output.stderr) };
}

function outputOf(state: Inputs): Output {
  const text = (value: Value | undefined) => {
    const plain = withoutSecrets(value ?? "");
    return typeof plain === "string" ? plain : "";
  };
  return { stdout: text(state.stdout), stderr: text(state.stderr) };
}

function notSupported(token: string): Problem {
  return {
    property: "",
    reason: `${token} needs the official command plugin; its small stand-in knows ${LOCAL_COMMAND} and ${LOCAL_RUN} only`,
  };
}
