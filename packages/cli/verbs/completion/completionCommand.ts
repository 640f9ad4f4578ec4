import { type Command, createCommand, UsageError } from "../../command.ts";
import { completionPlaces } from "./completionTree.ts";
import { SHELLS } from "./shells.ts";

/** @param others All other verbs. */
export function createCompletionCommand(others: readonly Command[]): Command {
  const command: Command = createCommand({
    name: "completion",
    summary: "Print what makes a shell complete verbs, actions, options and stacks",
    positionals: Object.keys(SHELLS).join("|"),
    choices: Object.keys(SHELLS),
    options: {},
    notes: [
      'bash: eval "$(npx planet completion bash)" in ~/.bashrc; zsh: the same with zsh in ~/.zshrc, behind compinit;',
      "fish: npx planet completion fish > ~/.config/fish/completions/planet.fish",
      "In a checkout, `npx planet …` is completed as well as `planet …`.",
    ],
    async run({ positionals: [shell = "", ...more] }, { out }) {
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (!write || more.length > 0) {
        throw new UsageError({ code: "UNKNOWN_SHELL", what: `name one of ${Object.keys(SHELLS).join(", ")}` });
      }
      out(write(completionPlaces([...others, command])));
      return 0;
    },
  });
  return command;
}
