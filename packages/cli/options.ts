import { parseArgs } from "node:util";

/** An option without a value; false where it is not given. */
export interface Flag {
  readonly type: "boolean";
  /** One line of `--help`. */
  readonly help: string;
  /** One letter for it. */
  readonly short?: string;
  /** `--no-…` says the opposite; undefined where neither is given. */
  readonly hasOpposite?: true;
}

/** An option with a value; without a default it is undefined where it is not given. */
export interface Setting {
  readonly type: "string";
  /** What the value is called: `stack` is shown as `--stack <stack>`. */
  readonly value: string;
  /** What it may be, where that is a list; a shell completes it. Those of `edge|vpc` are in its name. */
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly help: string;
}

/** The options of one action by their names. The parser and `--help` have them from here. */
export type OptionTable = Readonly<Record<string, Flag | Setting>>;

export type Values<T extends OptionTable> = { readonly [Name in keyof T]: ValueOf<T[Name]> };

type ValueOf<O extends Flag | Setting> = O extends Flag
  ? boolean | (O extends { hasOpposite: true } ? undefined : never)
  : string | (O extends { default: string } ? never : undefined);

/** The stack that a command is about; empty for the selected one. */
export const STACK = {
  type: "string",
  value: "stack",
  default: "",
  help: "another stack than the selected one",
} as const satisfies Setting;

/** @throws {TypeError} of `parseArgs`, with its code, at anything that the table does not have. */
export function parseOptions<T extends OptionTable>(argv: readonly string[], table: T, allowPositionals: boolean) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(table).map(([name, option]) => [name, forParser(option)])),
    allowPositionals,
    allowNegative: Object.values(table).some((option) => "hasOpposite" in option),
  });
  return { values: values as Values<T>, positionals };
}

function forParser(option: Flag | Setting) {
  if (option.type === "boolean") {
    const { type, short, hasOpposite } = option;
    return { type, ...(short !== undefined && { short }), ...(!hasOpposite && { default: false }) };
  }
  return { type: option.type, ...(option.default !== undefined && { default: option.default }) };
}

/** `--stack <stack>` */
export function optionText(name: string, option: Flag | Setting): string {
  if (option.type === "string") return `--${name} <${option.value}>`;
  return option.hasOpposite ? `--[no-]${name}` : `--${name}`;
}
