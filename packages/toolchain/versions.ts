import { createRequire } from "node:module";

/** The CLI is pinned to the SDK: this pair is what Pulumi itself tests. */
export const PULUMI_VERSION = (
  createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { readonly version: string }
).version;

/** The engine matches plugin versions exactly, and the SDK of `@pulumi/command` asks for its own. */
export const COMMAND_VERSION = "1.2.1";

/** Oldest Go that builds the CLI (`go` line of pulumi/pulumi `pkg/go.mod`). */
export const OLDEST_GO = "1.25.11";

/** Whether `version` is at least `oldest`; both as `1.2.3`, a missing part counts as 0, suffixes are ignored. */
export function isAtLeast(version: string, oldest: string): boolean {
  const parts = (text: string) => [...text.split(/[-+]/, 1).join("").split(".").map(Number), 0, 0].slice(0, 3);
  const have = parts(version);
  for (const [index, wanted] of parts(oldest).entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
