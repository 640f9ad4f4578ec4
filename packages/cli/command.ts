import { codeOf, ExplainedError, type Explanation, inOneLine, nearestName } from "@planet/errors";
import { type OptionTable, optionText, parseOptions, type Values } from "./options.ts";

/** What a verb may use of the world; tests hand in their own. */
export interface Context {
  /** Folder of Pulumi.yaml. */
  readonly checkout: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Results, to stdout. */
  readonly out: (text: string) => void;
  /** Progress and problems, to stderr. */
  readonly err: (text: string) => void;
  /** Notices of the toolchain that were shown: they come at each run of the Pulumi CLI, and a verb runs it several times. */
  readonly shownNotices: Set<string>;
}

/** One verb of `planet`. */
export interface Command {
  readonly name: string;
  /** One line for `planet --help`. */
  readonly summary: string;
  /** What it can do, by the word after its name; a verb that does one thing has that under "". */
  readonly actions: Readonly<Record<string, Action>>;
  /** More lines for `planet <verb> --help`. */
  readonly notes?: readonly string[];
  /** @returns the exit code: 0 done, 1 failed with nothing visible changed, 2 usage, 3 failed half-way (says what remains). */
  run(argv: readonly string[], context: Context): Promise<number>;
}

export interface Action {
  /** Words beside the options, as usage shows them: `<url>`. Absent: there are none. */
  readonly positionals?: string;
  /** What the first of them may be, where that is a list; a shell completes it. */
  readonly choices?: readonly string[];
  readonly options: OptionTable;
  run(argv: readonly string[], context: Context): Promise<number>;
}

/** What was typed after the name of an action. */
export interface Given<T extends OptionTable> {
  readonly values: Values<T>;
  readonly positionals: readonly string[];
}

interface ActionDeclaration<T extends OptionTable> {
  readonly positionals?: string;
  readonly choices?: readonly string[];
  readonly options: T;
  readonly run: (given: Given<T>, context: Context) => Promise<number>;
}

type CommandDeclaration = Pick<Command, "name" | "summary" | "notes">;

/** The operator typed something that this program does not take. The verb's usage is shown below it. */
export class UsageError extends ExplainedError {
  constructor(explanation: Omit<Explanation, "exitCode">) {
    super({ ...explanation, exitCode: 2 }, undefined, inOneLine);
  }
}

/** A verb cannot do what it was asked to do, and a person can do something about it. */
export class OperatorError extends ExplainedError {}

/** Ties options to what runs with their values. */
export function createAction<const T extends OptionTable>(declaration: ActionDeclaration<T>): Action {
  const { positionals, options } = declaration;
  return {
    ...declaration,
    async run(argv, context) {
      return declaration.run(parse(argv, options, positionals !== undefined), context);
    },
  };
}

function parse<T extends OptionTable>(argv: readonly string[], options: T, hasPositionals: boolean): Given<T> {
  try {
    return parseOptions(argv, options, hasPositionals);
  } catch (error) {
    // In a test, Node's own errors are not instances of `Error`.
    if (!Error.isError(error) || !/^ERR_PARSE_ARGS_/.test(String(codeOf(error)))) throw error;
    // Its second sentence is advice for arguments that begin with a dash.
    const [what = ""] = error.message.split(/\.\s/);
    const unknown = /^Unknown option '--?(?:no-)?([^']+)'/.exec(what)?.[1];
    const nearest = unknown && nearestName(unknown, Object.keys(options));
    const next = nearest ? `Did you mean --${nearest}?` : dashedValue(what, argv);
    throw new UsageError({ code: "WRONG_OPTION", what, ...(next && { next }) });
  }
}

/** Node takes a value that begins with a dash for an option, unless it is tied to its own. */
function dashedValue(what: string, argv: readonly string[]): string | undefined {
  const option = /^Option '(?:-\w, )?(--[^ ']+)(?: <value>)?' argument is ambiguous/.exec(what)?.[1];
  if (option === undefined) return undefined;
  return `A value that begins with a dash is written ${option}=${argv[argv.indexOf(option) + 1] ?? ""}`;
}

/** A verb that does one thing. */
export function createCommand<const T extends OptionTable>(
  declaration: CommandDeclaration & ActionDeclaration<T>,
): Command {
  const action = createAction(declaration);
  const { name, summary, notes } = declaration;
  return { name, summary, actions: { "": action }, ...(notes && { notes }), run: action.run };
}

/** A verb with verbs of its own; the name of one may be two words, `fault set`. */
export function createGroup(declaration: CommandDeclaration & Pick<Command, "actions">): Command {
  const { name: group, actions } = declaration;
  return {
    ...declaration,
    async run(argv, context) {
      const called = calledAction(actions, argv);
      if (called) return called.action.run(argv.slice(called.words), context);
      const [first = "", second] = argv;
      const begun = Object.keys(actions).filter((action) => first === "" || action.startsWith(`${first} `));
      if (begun.length > 0 && second === undefined)
        throw new UsageError({ code: "NO_ACTION", what: `which of ${begun.join(", ")}?` });
      const name = begun.length > 0 ? `${first} ${second}` : first;
      const nearest = nearestName(name, Object.keys(actions));
      throw new UsageError({
        code: "UNKNOWN_ACTION",
        what: `there is no "${group} ${name}"`,
        next: nearest
          ? `Did you mean \`planet ${group} ${nearest}\`?`
          : `The actions are ${Object.keys(actions).join(", ")}.`,
      });
    },
  };
}

/** The action that is meant, and how many words name it; undefined where none is. */
function calledAction(actions: Command["actions"], argv: readonly string[]) {
  for (const words of [2, 1, 0]) {
    const name = argv.slice(0, words).join(" ");
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action) return { name, action, words };
  }
  return undefined;
}

/** How the action that is meant is used; undefined where none is. More lines would push the mistake itself out of sight. */
export function usageFor(command: Command, argv: readonly string[]): string | undefined {
  const called = calledAction(command.actions, argv);
  if (called === undefined || called.name === "") return called && usageOf(command);
  const usage = usageOf({ ...command, actions: { [called.name]: called.action }, notes: [] });
  return `${usage}\n\n\`planet help ${command.name}\` shows all of it.`;
}

/** The calls, a line each, and what their options mean. */
export function usageOf({ name, actions, notes = [] }: Command): string {
  const calls = Object.entries(actions).map(([verb, { positionals = "", options }]) => {
    const words = Object.entries(options).map((entry) => `[${optionText(...entry)}]`);
    return ["planet", name, verb, positionals, ...words].filter((word) => word !== "").join(" ");
  });
  const options = Object.values(actions).flatMap((action) => Object.entries(action.options));
  const help = new Map(options.map(([option, each]) => [optionText(option, each), each.help]));
  const width = Math.max(0, ...[...help.keys()].map((text) => text.length));
  return [
    calls.join("\n       "),
    ...(help.size > 0 ? [""] : []),
    ...[...help].map(([text, meaning]) => `  ${text.padEnd(width)}   ${meaning}`),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}
