import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import path from "node:path";
import { runProcess } from "./runProcess.ts";
import { isAtLeast } from "./versions.ts";

export interface InstalledCli {
  readonly path: string;
  readonly version: string;
}

/**
 * The official `pulumi` on PATH: with its language host beside it, and at least `oldest`. Our own wrapper (what
 * `npx pulumi` puts on PATH) and the copies in checkouts are passed over.
 */
export async function findInstalledCli(
  environment: NodeJS.ProcessEnv,
  oldest: string,
): Promise<InstalledCli | undefined> {
  for (const folder of (environment.PATH ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const found = await official(path.join(folder, "pulumi"));
    if (found === undefined) continue;
    const { code, stdout } = await runProcess(found, ["version"], {
      environment: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      limitMs: 10_000,
    });
    const version = stdout.trim().replace(/^v/, "");
    if (code === 0 && isAtLeast(version, oldest)) return { path: found, version };
  }
  return undefined;
}

async function official(candidate: string): Promise<string | undefined> {
  try {
    const found = await realpath(candidate);
    await access(found, constants.X_OK);
    if (path.basename(found) !== "pulumi" || found.includes(`${path.sep}.planet${path.sep}`)) return undefined;
    await access(path.join(path.dirname(found), "pulumi-language-nodejs"), constants.X_OK);
    return found;
  } catch {
    return undefined; // not there, or not ours to run
  }
}
