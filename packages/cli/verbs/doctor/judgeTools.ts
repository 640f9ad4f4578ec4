import { messageOf } from "@planet/errors";
import { type Finding, ok, problem } from "../../text/finding.ts";
import type { Subject, ToolFacts } from "./facts.ts";

const ORIGINS = {
  installed: "your own",
  downloaded: "Pulumi's release",
  built: "the real one, built from Go modules, with a small language host of this project",
} as const;

export function judgeTools({ node, cli, commandPlugin, hasProviderPlugin }: ToolFacts): Finding[] {
  const rest = [
    ...(commandPlugin === undefined ? [] : [judgeCommandPlugin(commandPlugin)]),
    ...(hasProviderPlugin
      ? []
      : [problem("plugin", "packages/eucalyptus-provider/bin is not there", "git checkout -- packages; npm ci")]),
  ];
  if ("error" in cli) {
    const hasNoHome = (cli.error as NodeJS.ErrnoException).syscall === "mkdir";
    const next = hasNoHome
      ? "set HOME or XDG_CACHE_HOME to a folder that this user may write to"
      : "npx pulumi version";
    return [problem("pulumi", `there is no Pulumi CLI: ${messageOf(cli.error)}`, next), ...rest];
  }
  return [ok("pulumi", `${cli.value.path} (${ORIGINS[cli.value.origin]}), Node ${node}`), ...rest];
}

function judgeCommandPlugin(origin: "official" | "ours" | "missing"): Finding {
  if (origin === "official") return ok("plugin", "command: the official one from ~/.pulumi");
  if (origin === "ours") return ok("plugin", "command: this project's stand-in for the official one");
  return problem("plugin", "command: not placed", "npx pulumi version   (places it)");
}

/** A stack is made only where there is none: what cannot be read may well be there. */
export function judgeStack({ stack, unread }: Subject): Finding[] {
  if (unread === undefined) return [];
  switch (unread) {
    case "backend": {
      const next = "look at PULUMI_BACKEND_URL, at the keys for it and at the network; see docs/state.md";
      return [problem("state", "the place where it is kept cannot be read; the reason is above", next)];
    }
    case "stack": {
      const text = `${stack === "" ? "none is selected, or it" : stack} is not there; the reason is above`;
      return [problem("stack", text, `npx pulumi stack init ${stack || "<name>"}, or name another with --stack`)];
    }
    case "settings": {
      const next = `fix Pulumi.${stack}.yaml, or the passphrase that it is read with`;
      return [problem("stack", `${stack} is there, its settings cannot be read; the reason is above`, next)];
    }
  }
}
