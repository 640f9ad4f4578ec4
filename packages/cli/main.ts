import { fileURLToPath } from "node:url";
import { ExplainedError, messageOf } from "@planet/errors";
import { LocalCloudError } from "@planet/local-cloud";
import { type Command, type Context, UsageError, usageOf } from "./command.ts";
import { COMMANDS } from "./commands.ts";

const context: Context = {
  checkout: fileURLToPath(new URL("../../", import.meta.url)),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  shownNotices: new Set(),
};

process.exitCode = await run(process.argv.slice(2));

async function run([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    context.out(help());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    context.err(`planet: there is no verb "${name}".\n\n${help()}`);
    return 2;
  }
  if (argv.includes("--help") || argv.includes("-h")) {
    context.out(`${command.summary}\n\nUsage: ${usageOf(command)}\n`);
    return 0;
  }
  try {
    return await command.run(argv, context);
  } catch (error) {
    return explain(command, error);
  }
}

/** An operator's mistake or a refusal gets its message; only a defect of ours shows where it happened. */
function explain(command: Command, error: unknown): number {
  if (error instanceof ExplainedError || error instanceof LocalCloudError) {
    const usage = error instanceof UsageError ? `\nUsage: ${usageOf(command)}\n` : "";
    context.err(`planet ${command.name}: ${error.message}\n${usage}`);
    return error instanceof ExplainedError ? error.exitCode : 1;
  }
  context.err(`planet ${command.name}: a defect of this program, please report it:\n${describe(error)}\n`);
  return 1;
}

function describe(error: unknown): string {
  return (error instanceof Error && error.stack) || messageOf(error);
}

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const verbs = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "planet: what Pulumi itself does not do for a planet",
    "",
    ...verbs,
    "",
    "`planet <verb> --help` shows how a verb is used. Deploying is `npx pulumi up`.",
    "Exit codes: 0 done, 1 failed and nothing visible changed, 2 wrong usage, 3 failed half-way.",
    "",
  ].join("\n");
}
