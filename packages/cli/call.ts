import { nearestName } from "@planet/errors";
import { type Command, usageFor, usageOf } from "./command.ts";

/** What the words of a command line ask for: a verb to run, or a text with its exit code. */
export type Call =
  | { readonly command: Command; readonly argv: readonly string[] }
  | { readonly text: string; readonly exitCode: 0 | 2 };

const HELP: readonly string[] = ["help", "--help", "-h"];

/** @param version What `--version` prints. */
export function readCall(words: readonly string[], commands: readonly Command[], version: string): Call {
  const [name, ...argv] = words;
  if (name === undefined) return { text: overview(commands), exitCode: 2 };
  if (name === "--version" || name === "-V" || name === "version") return { text: `planet ${version}\n`, exitCode: 0 };
  if (HELP.includes(name)) {
    const [wanted] = argv.filter((word) => !HELP.includes(word));
    if (wanted === undefined) return { text: overview(commands), exitCode: 0 };
    return helpOn(wanted, argv.slice(argv.indexOf(wanted) + 1), commands);
  }
  if (argv.some((word) => word === "--help" || word === "-h")) return helpOn(name, argv, commands);
  const command = commands.find((candidate) => candidate.name === name);
  return command ? { command, argv } : unknown(name, commands);
}

function helpOn(name: string, argv: readonly string[], commands: readonly Command[]): Call {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return unknown(name, commands);
  return { text: `${command.summary}\n\nUsage: ${usageFor(command, argv) ?? usageOf(command)}\n`, exitCode: 0 };
}

/** A slip of the finger is answered in two lines; the whole help would push them out of sight. */
function unknown(name: string, commands: readonly Command[]): Call {
  const nearest = nearestName(
    name,
    commands.map((command) => command.name),
  );
  const next = nearest ? `Did you mean \`planet ${nearest}\`? \`planet help\` lists all.\n` : `\n${overview(commands)}`;
  return { text: `planet: there is no verb "${name}".\n${next}`, exitCode: 2 };
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const verbs = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "planet: deploys a planet, looks after it, and edits its feeds",
    "",
    ...verbs,
    "",
    "`planet help <verb>` shows how a verb is used. `npx pulumi` is Pulumi itself, with what this project needs.",
    "Exit codes: 0 done, 1 failed and nothing visible changed, 2 wrong usage, 3 failed half-way.",
    "",
  ].join("\n");
}
