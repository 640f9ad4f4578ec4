import { homedir } from "node:os";
import path from "node:path";
import { COMMAND_VERSION } from "./versions.ts";

/** Where a checkout keeps what is its own; `.planet/` is ignored by git and removed by `npm run clean`. */
export interface Places {
  readonly checkout: string;
  /** `pulumi` and its language host, side by side: the engine looks there first. */
  readonly bin: string;
  readonly pulumiHome: string;
  readonly commandPlugin: string;
  readonly state: string;
  readonly compileCache: string;
  /** Which CLI was chosen, as JSON. */
  readonly choice: string;
}

export function placesOf(checkout: string): Places {
  const root = path.join(checkout, ".planet");
  const pulumiHome = path.join(root, "pulumi-home");
  return {
    checkout,
    bin: path.join(root, "toolchain", "bin"),
    pulumiHome,
    commandPlugin: path.join(pulumiHome, "plugins", `resource-command-v${COMMAND_VERSION}`),
    state: path.join(root, "state"),
    compileCache: path.join(pulumiHome, "node-compile-cache"),
    choice: path.join(root, "toolchain", "choice.json"),
  };
}

/** Shared by all checkouts of a user: CLIs that were downloaded or built. */
export function cliCache(environment: NodeJS.ProcessEnv): string {
  return path.join(environment.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "planet", "pulumi");
}
