import type { Action, Command } from "../../command.ts";

/** What may stand behind some words of a command line. */
export interface Place {
  /** The words before, `feeds add`; empty for the first one. With an option at the end, `cloud start --mode`, its values. */
  readonly path: string;
  readonly words: readonly Word[];
}

interface Word {
  readonly word: string;
  readonly help: string;
}

/** All that can be completed, from the declarations that the parser and `--help` have: one place for each verb and action. */
export function completionPlaces(commands: readonly Command[]): Place[] {
  const verbs = commands.map(({ name, summary }) => ({ word: name, help: summary }));
  return [
    { path: "", words: [...verbs, { word: "help", help: "Show how a verb is used" }] },
    ...commands.flatMap(placesOf),
  ];
}

function placesOf({ name, actions }: Command): Place[] {
  const { "": only, ...named } = actions;
  if (only) return [{ path: name, words: wordsOf(only) }, ...valuesOf(name, only)];
  const paths = Object.keys(named).map((action) => `${name} ${action}`);
  return [
    ...beginningsOf(paths).map((path) => ({ path, words: wordsBehind(path, paths) })),
    ...Object.entries(named).flatMap(([word, action]) => [
      { path: `${name} ${word}`, words: wordsOf(action) },
      ...valuesOf(`${name} ${word}`, action),
    ]),
  ];
}

function wordsOf(action: Action): Word[] {
  const { choices = [], positionals = "" } = action;
  return [...choices.map((word) => ({ word, help: positionals })), ...optionsOf(action)];
}

function valuesOf(path: string, { options }: Action): Place[] {
  return Object.entries(options).flatMap(([name, option]) => {
    if (option.type === "boolean") return [];
    const choices = option.choices ?? (option.value.includes("|") ? option.value.split("|") : []);
    const words = choices.map((word) => ({ word, help: option.value }));
    return words.length === 0 ? [] : [{ path: `${path} --${name}`, words }];
  });
}

/** `cloud` and `cloud fault` for `cloud stop` and `cloud fault set`. */
function beginningsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf(" "))))];
}

function wordsBehind(path: string, paths: readonly string[]): Word[] {
  const behind = paths.filter((each) => each.startsWith(`${path} `)).map((each) => each.slice(path.length + 1));
  const words = new Set(behind.map((rest) => rest.split(" ")[0] ?? ""));
  return [...words].map((word) => ({ word, help: `planet ${path} ${word}` }));
}

function optionsOf({ options }: Action): Word[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const both = option.type === "boolean" && option.hasOpposite;
    return (both ? [name, `no-${name}`] : [name]).map((each) => ({ word: `--${each}`, help: option.help }));
  });
}
