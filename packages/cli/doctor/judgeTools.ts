import { type Finding, ok, problem } from "../status/finding.ts";
import type { Subject, ToolFacts } from "./facts.ts";

const ORIGINS = {
  installed: "your own",
  downloaded: "Pulumi's release",
  built: "the genuine one, built from Go modules, with a small language host of this project",
} as const;

export function judgeTools({ node, cli, commandPlugin, hasProviderPlugin }: ToolFacts): Finding[] {
  const rest = [
    ...(commandPlugin === undefined ? [] : [judgeCommandPlugin(commandPlugin)]),
    ...(hasProviderPlugin
      ? []
      : [problem("plugin", "packages/eucalyptus-provider/bin is not there", "git checkout -- packages; npm ci")]),
  ];
  if ("error" in cli) {
    return [problem("pulumi", `there is no Pulumi CLI: ${cli.error.message}`, "npx pulumi version"), ...rest];
  }
  return [ok("pulumi", `${cli.value.path} (${ORIGINS[cli.value.origin]}), Node ${node}`), ...rest];
}

function judgeCommandPlugin(origin: "official" | "ours" | "missing"): Finding {
  if (origin === "official") return ok("plugin", "command: the official one from ~/.pulumi");
  if (origin === "ours") return ok("plugin", "command: this project's stand-in for the official one");
  return problem("plugin", "command: not placed", "npx pulumi version   (places it)");
}

/** Settings that cannot be read hide all that is in them. */
export function judgeStack({ stack, config }: Subject): Finding[] {
  if (config !== undefined) return [];
  const text = `${stack === "" ? "none is selected, or it" : stack} is not there or cannot be read; the reason is above`;
  return [problem("stack", text, `npx pulumi stack init ${stack || "<name>"}, or name another with --stack`)];
}
