import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Progress } from "../cacheEntry.ts";
import type { ProcessResult } from "../runProcess.ts";
import { pendingCreates } from "./pendingCreates.ts";
import { readCheckpoint } from "./stateFiles.ts";

export interface ForgetRequest {
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  /** Runs the CLI in the stack's environment. */
  readonly run: (args: readonly string[]) => Promise<ProcessResult>;
  readonly onProgress: Progress;
}

/**
 * Removes begun creates from the state once a later run has finished them; without this each stays forever. The CLI can only
 * remove all of them, so this is done when none is open: an open one means that something may run which the state does not
 * have. Only in a folder, where a look costs nothing and shows whether somebody else is deploying; in a bucket
 * `planet status` says what to type. A look that fails is left to the next command.
 */
export async function forgetSettled({ folder, project, stack, run, onProgress }: ForgetRequest): Promise<void> {
  const root = path.join(folder, ".pulumi");
  const known = pendingCreates(readCheckpoint(path.join(root, "stacks", project), stack));
  if (known.length === 0 || known.some(({ isSettled }) => !isSettled) || isLocked(root, project, stack)) return;

  const exported = await run(["stack", "export", "--stack", stack]);
  if (exported.code !== 0 || isLocked(root, project, stack)) return;
  const aside = mkdtempSync(path.join(tmpdir(), "planet-state-"));
  try {
    const file = path.join(aside, "state.json");
    writeFileSync(file, exported.stdout, { mode: 0o600 });
    const { code } = await run(["stack", "import", "--stack", stack, "--file", file]); // takes the lock, or is refused
    if (code !== 0) return;
  } finally {
    rmSync(aside, { recursive: true });
  }
  const names = known.map(({ urn }) => urn.split("::").at(-1));
  onProgress(`forgot what a killed run had begun and a later one has ended: ${[...new Set(names)].join(", ")}`);
}

function isLocked(root: string, project: string, stack: string): boolean {
  try {
    return readdirSync(path.join(root, "locks", "organization", project, stack)).length > 0;
  } catch {
    return false; // nobody has ever locked it
  }
}
