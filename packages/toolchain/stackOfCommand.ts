import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { codeOf } from "@planet/errors";
import { readProjectFile } from "./projectFile.ts";

/** What the command line says about the stack, and the words that are not flags. */
export interface CommandLine {
  /** Given with `--stack`, or as the word behind `stack select` and its like. */
  readonly stack?: string;
  /** First word that is not a flag: `up`, `stack`, … */
  readonly verb?: string;
  /** The word behind it, `select` of `stack select`. */
  readonly subverb?: string;
  /** Of `-C`: the folder that the CLI runs in, before it looks at anything else. */
  readonly folder?: string;
}

/** Flags of every command that take their value as the next word (`pulumi --help`). */
const FLAGS_WITH_VALUE = new Set([
  ...["--color", "-v", "--verbose", "--profiling", "--tracing", "--memprofilerate", "--otel-traces"],
  ...["--output", "--secrets-provider", "--copy-config-from", "--teams"], // of `pulumi stack …`
]);

/** Verbs of `pulumi stack` that make the stack they name, with the CLI's aliases (`pulumi stack new --help`). */
const MAKING = new Set(["new", "init", "create", "setup"]);

/** Those whose first word is the stack. Not `rename`: its word is the new name, the stack has the old one until then. */
const NAMING = new Set([...MAKING, "select", "rm", "remove", "delete"]);

export function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = [];
  let stack: string | undefined;
  let folder: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--") break;
    const given = /^(?:--stack=|-s=?(?=.))(.*)$/.exec(argument)?.[1];
    if (given !== undefined) stack = given;
    else if (argument === "--stack" || argument === "-s") stack = args[++index];
    else if (argument === "--cwd" || argument === "-C") folder = args[++index];
    else if (argument.startsWith("--cwd=")) folder = argument.slice("--cwd=".length);
    else if (FLAGS_WITH_VALUE.has(argument)) index++;
    else if (!argument.startsWith("-")) words.push(argument);
  }
  const [verb, subverb, name] = words;
  if (verb === "stack" && NAMING.has(subverb ?? "")) stack = name ?? stack;
  return {
    ...(stack !== undefined && { stack: shortName(stack) }),
    ...(verb !== undefined && { verb }),
    ...(subverb !== undefined && { subverb }),
    ...(folder !== undefined && { folder }),
  };
}

const STACK_VERBS = new Set([
  ...[
    "up",
    "update",
    "preview",
    "pre",
    "refresh",
    "destroy",
    "down",
    "dn",
    "import",
    "cancel",
    "watch",
    "config",
    "cfg",
  ],
  ...["state", "logs", "console"],
]);

/** Verbs of `pulumi stack` that need no stack, or are about choosing one. */
const CHOOSING = new Set([...NAMING, "ls", "list", "unselect"]);

/** Whether the command makes a stack, so that none that is there is meant. */
export function makesStack(line: CommandLine): boolean {
  return line.verb === "stack" && MAKING.has(line.subverb ?? "");
}

/** Whether the command makes, changes and deletes resources. */
export function writesState({ verb = "" }: CommandLine): boolean {
  return ["up", "update", "refresh", "destroy", "down", "dn"].includes(verb);
}

/** Whether the command asks the cloud, so that it needs keys. */
export function asksCloud(line: CommandLine): boolean {
  return writesState(line) || ["preview", "pre", "import", "watch"].includes(line.verb ?? "");
}

/** Whether the command works on a stack that has to exist. */
export function needsStack(line: CommandLine): boolean {
  if (line.verb === "stack") return !CHOOSING.has(line.subverb ?? "");
  return line.verb !== undefined && STACK_VERBS.has(line.verb);
}

/**
 * The stack selected in a Pulumi home for one project and backend, as `pulumi stack select` stores it
 * (pulumi/pulumi `sdk/go/common/workspace/workspace.go`).
 */
export function selectedStack(home: string, projectFile: string, backend: string): string | undefined {
  const project = readProjectFile(projectFile).name;
  if (project === undefined) return undefined;
  const hash = createHash("sha1").update(projectFile).digest("hex");
  const text = readIfThere(path.join(home, "workspaces", `${project}-${hash}-workspace.json`));
  if (text === undefined) return undefined;
  const settings = JSON.parse(text) as { stack?: string; stacks?: Record<string, string> };
  const selected = settings.stacks?.[backend] ?? settings.stack;
  return selected === undefined ? undefined : shortName(selected);
}

/** `organization/project/local` → `local`. */
function shortName(name: string): string {
  return name.split("/").at(-1) ?? name;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
