import type { Action, Command } from "../../command.ts";

/** What may stand behind some words of a command line. */
export interface Place {
  /** The words before, `feeds add`; empty for the first one. */
  readonly path: string;
  readonly words: readonly Word[];
}

export interface Word {
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
  if (only) return [{ path: name, words: optionsOf(only) }];
  const words = Object.keys(named).map((word) => ({ word, help: `planet ${name} ${word}` }));
  return [
    { path: name, words },
    ...Object.entries(named).map(([word, action]) => ({ path: `${name} ${word}`, words: optionsOf(action) })),
  ];
}

function optionsOf({ options }: Action): Word[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const both = option.type === "boolean" && option.hasOpposite;
    return (both ? [name, `no-${name}`] : [name]).map((each) => ({ word: `--${each}`, help: option.help }));
  });
}
