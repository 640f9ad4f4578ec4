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
}

/** One verb of `planet`. */
export interface Command {
  readonly name: string;
  /** One line for `planet --help`. */
  readonly summary: string;
  /** What it can be told to do, by the word after its name; a verb that does one thing has that under "". */
  readonly actions: Readonly<Record<string, Action>>;
  /** More lines for `planet <verb> --help`. */
  readonly notes?: readonly string[];
  /** @returns the exit code: 0 done, 1 failed with nothing visible changed, 2 usage, 3 failed half-way (says what remains). */
  run(argv: readonly string[], context: Context): Promise<number>;
}

export interface Action {
  /** Words beside the options, as usage shows them: `<url>`. Absent: there are none. */
  readonly positionals?: string;
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
  readonly options: T;
  readonly run: (given: Given<T>, context: Context) => Promise<number>;
}

type CommandDeclaration = Pick<Command, "name" | "summary" | "notes">;

/** The operator typed something that cannot be meant; the message says what can. */
export class UsageError extends Error {}

/** Something failed in a way that needs no stack trace: the message says what, why and what next. */
export class OperatorError extends Error {
  readonly exitCode: 1 | 3;

  constructor(message: string, exitCode: 1 | 3 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

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
    // Node's own errors are no instances of a test's `Error`.
    const isWrongOption = Error.isError(error) && "code" in error && /^ERR_PARSE_ARGS_/.test(String(error.code));
    // Its second sentence is advice for arguments that begin with a dash.
    throw isWrongOption ? new UsageError(error.message.split(". ")[0]) : error;
  }
}

/** A verb that does one thing. */
export function createCommand<const T extends OptionTable>(
  declaration: CommandDeclaration & ActionDeclaration<T>,
): Command {
  const action = createAction(declaration);
  const { name, summary, notes } = declaration;
  return { name, summary, actions: { "": action }, ...(notes && { notes }), run: action.run };
}

/** A verb with verbs of its own. */
export function createGroup(declaration: CommandDeclaration & Pick<Command, "actions">): Command {
  const { name: group, actions } = declaration;
  return {
    ...declaration,
    async run([name = "", ...argv], context) {
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (action) return action.run(argv, context);
      const known = Object.keys(actions).join(", ");
      throw new UsageError(name === "" ? `which of ${known}?` : `there is no "${group} ${name}"; there are ${known}`);
    },
  };
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
