import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { linkDependencies } from "../../packages/cli/verbs/rollback/dependencies.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

/** The last commit whose servers had no memory: no permit, nobody who signs one, user-data in the clear. */
export const BEFORE_THE_MEMORY = "d47380a84759ea2070f872e6be09e68039df18c7";

/** The last commit without a host name. */
export const BEFORE_HTTPS = "83243d534d5847efb0a3a4160783a2955eae2e26";

/**
 * The sources of an earlier commit in a folder of their own, with this checkout's libraries. The caller removes it. A shallow clone
 * does not have them: `git fetch --unshallow`.
 */
export async function sourcesOf(commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "planet-earlier-"));
  await promisify(execFile)(
    "sh",
    ["-c", 'git archive "$1" > "$2.tar" && tar -x -C "$2" -f "$2.tar" && rm "$2.tar"', "sh", commit, folder],
    {
      cwd: checkout,
    },
  );
  await linkDependencies(checkout, folder);
  return folder;
}
