import { parseArgs } from "node:util";
import { ensureToolchain, LOCAL_STACK, toolchainEnvironment } from "@planet/toolchain";
import { type Command, UsageError } from "./command.ts";

/** All that `npx pulumi` adds to the shell's environment, one place to look when something else is wanted. */
const NAMES = /^(PATH|PULUMI_.*|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|NODE_COMPILE_CACHE|no_proxy|NO_PROXY)$/;

/** Prints what a bare `pulumi` needs to behave as `npx pulumi` does. */
export const environmentCommand: Command = {
  name: "env",
  summary: "Print the environment for a bare `pulumi` in this shell",
  usage: 'eval "$(npx planet env [--stack <stack>])"',

  async run(argv, { checkout, environment, out, err }) {
    const { values } = parseArgs({ args: argv, options: { stack: { type: "string", default: LOCAL_STACK } } });
    const { stack } = values;
    if (stack === "") throw new UsageError("--stack needs a name");
    await ensureToolchain({ checkout, environment, onProgress: (line) => err(`${line}\n`) });
    const wanted = await toolchainEnvironment({ checkout, stack, env: environment });
    for (const [name, value] of Object.entries(wanted).toSorted(([a], [b]) => a.localeCompare(b))) {
      if (NAMES.test(name) && value !== environment[name]) out(`export ${name}=${quote(value ?? "")}\n`);
    }
    return 0;
  },
};

/** POSIX single quotes: inside them only the quote itself has a meaning. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
