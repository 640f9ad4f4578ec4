import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, ExplainedError, messageOf } from "@planet/errors";
import { LocalCloudError } from "@planet/local-cloud";
import { readCall } from "./call.ts";
import { type Command, type Context, UsageError, usageFor } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { noHomeFolder } from "./noHomeFolder.ts";
import { visible } from "./text/visible.ts";

const context: Context = {
  checkout: fileURLToPath(new URL("../../", import.meta.url)),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  shownNotices: new Set(),
};

// The reader of a pipe may have seen enough, as `| head` does: what is written then goes nowhere, and the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (codeOf(error) !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<number> {
  const call = readCall(words, COMMANDS, readVersion());
  if ("text" in call) {
    (call.exitCode === 0 ? context.out : context.err)(call.text);
    return call.exitCode;
  }
  try {
    return await call.command.run(call.argv, context);
  } catch (error) {
    return explain(call.command, call.argv, error);
  }
}

function readVersion(): string {
  return JSON.parse(readFileSync(join(context.checkout, "package.json"), "utf8")).version;
}

/** An operator's mistake or a refusal gets its message; only a defect of ours shows where it happened. */
function explain(command: Command, argv: readonly string[], thrown: unknown): number {
  const error = noHomeFolder(thrown, context.environment) ?? thrown;
  if (error instanceof ExplainedError || error instanceof LocalCloudError) {
    const usage = error instanceof UsageError ? `\n${usageAfterMistake(command, argv)}\n` : "";
    // The message may quote what a server or a commit says.
    context.err(`planet ${command.name}: ${visible(error.message)}\n${usage}`);
    return error instanceof ExplainedError ? error.exitCode : 1;
  }
  context.err(`planet ${command.name}: a defect of this program, please report it:\n${describe(error)}\n`);
  return 1;
}

function usageAfterMistake(command: Command, argv: readonly string[]): string {
  const usage = usageFor(command, argv);
  return usage === undefined ? `\`planet help ${command.name}\` shows how each is used.` : `Usage: ${usage}`;
}

function describe(error: unknown): string {
  return (error instanceof Error && error.stack) || messageOf(error);
}
