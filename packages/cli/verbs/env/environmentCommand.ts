import { delimiter } from "node:path";
import { ensureToolchain, LOCAL_STACK, pathAdditions, toolchainEnvironment } from "@planet/toolchain";
import { quote } from "../../../../userdata/render.ts";
import { createCommand, UsageError } from "../../command.ts";
import { STACK } from "../../options.ts";

/** All that `npx pulumi` adds to the shell's environment, one place to look when something else is wanted. */
const NAMES =
  /^(PULUMI_.*|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|PLANET_SIGNER_.*|NODE_COMPILE_CACHE|no_proxy|NO_PROXY)$/;

/** Prints what a bare `pulumi` needs to behave as `npx pulumi` does. */
export const environmentCommand = createCommand({
  name: "env",
  summary: "Print the environment for a bare `pulumi` in this shell",
  options: { stack: { ...STACK, default: LOCAL_STACK, help: "another stack than the local one" } },
  notes: ['  eval "$(npx planet env --stack prod)"'],

  async run({ values: { stack } }, { checkout, environment, out, err }) {
    if (stack === "") throw new UsageError({ code: "NO_STACK_NAME", what: "--stack needs a name" });
    await ensureToolchain({ checkout, environment, onProgress: (line) => err(`${line}\n`) });
    const wanted = await toolchainEnvironment({ checkout, stack, env: environment });
    out(exportPath(pathAdditions(checkout), environment.PATH));
    out(changedLines(wanted, environment));
    return 0;
  },
});

/** What has another value is exported; what must not be there, as a session's token beside the local cloud's keys, is unset. */
export function changedLines(wanted: NodeJS.ProcessEnv, current: NodeJS.ProcessEnv): string {
  const names = new Set([...Object.keys(wanted), ...Object.keys(current)].filter((name) => NAMES.test(name)));
  return [...names]
    .toSorted((a, b) => a.localeCompare(b))
    .filter((name) => wanted[name] !== current[name])
    .map((name) => (wanted[name] === undefined ? `unset ${name}\n` : `export ${name}=${quote(wanted[name])}\n`))
    .join("");
}

/** In front of the shell's own PATH, whatever that is: ours has what npm puts there for a command's time. */
export function exportPath(additions: readonly string[], current = ""): string {
  const there = new Set(current.split(delimiter));
  if (additions.every((folder) => there.has(folder))) return "";
  return `export PATH=${quote(additions.join(delimiter))}:"$PATH"\n`;
}
