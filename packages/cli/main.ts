import { fileURLToPath } from "node:url";
import { LocalCloudError } from "@planet/local-cloud";
import { ToolchainError } from "@planet/toolchain";
import { type Command, type Context, OperatorError, UsageError } from "./command.ts";
import { cloudCommand } from "./verbs/cloud/cloudCommand.ts";
import { doctorCommand } from "./verbs/doctor/doctorCommand.ts";
import { environmentCommand } from "./verbs/environment.ts";
import { feedsCommand } from "./verbs/feeds/feedsCommand.ts";
import { previewCommand } from "./verbs/preview/previewCommand.ts";
import { recoverCommand } from "./verbs/recover/recoverCommand.ts";
import { rollCommand } from "./verbs/roll/rollCommand.ts";
import { rollbackCommand } from "./verbs/rollback/rollbackCommand.ts";
import { startCommand } from "./verbs/start.ts";
import { statusCommand } from "./verbs/status/statusCommand.ts";

const COMMANDS: readonly Command[] = [
  startCommand,
  statusCommand,
  previewCommand,
  rollCommand,
  recoverCommand,
  rollbackCommand,
  feedsCommand,
  doctorCommand,
  cloudCommand,
  environmentCommand,
];

const context: Context = {
  checkout: fileURLToPath(new URL("../../", import.meta.url)),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
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
    context.out(`${command.summary}\n\nUsage: ${command.usage}\n`);
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
  if (error instanceof UsageError || isWrongOption(error)) {
    context.err(`planet ${command.name}: ${error.message}\n\nUsage: ${command.usage}\n`);
    return 2;
  }
  if (error instanceof LocalCloudError || error instanceof ToolchainError) {
    context.err(`planet ${command.name}: ${error.message}\n`);
    return 1;
  }
  if (error instanceof OperatorError) {
    context.err(`planet ${command.name}: ${error.message}\n`);
    return error.exitCode;
  }
  context.err(`planet ${command.name}: a defect of this program, please report it:\n${describe(error)}\n`);
  return 1;
}

/** What `parseArgs` throws at an option it does not know. */
function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
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
