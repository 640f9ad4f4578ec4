import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Progress } from "../cacheEntry.ts";
import { restoreCheckpoint } from "./restoreCheckpoint.ts";
import { isCutOff, type StateFile, stateFiles } from "./stateFiles.ts";

/** Far longer than a running CLI needs between making a file and filling it. */
const SETTLE_MS = 1_000;

/**
 * Repairs what a CLI that was killed while it wrote, or a machine that lost its power, has left in a state folder. Beside
 * each file its library keeps the file's metadata in `<file>.attrs`, made empty and then filled; only then the file's new
 * text, whole in a `.tmp`, is renamed into place (gocloud.dev v0.46 blob/fileblob, setAttrs and Close). Empty metadata make
 * each later command fail with nothing but "EOF", and `?metadata=skip` in the backend's URL does not help: they are still
 * read. None at all are as good. What could
 * hold a state is put aside, never thrown away.
 */
export async function repairState(
  folder: string,
  project: string,
  onProgress: Progress,
  sleep: (ms: number) => Promise<void> = wait,
): Promise<void> {
  const root = path.join(folder, ".pulumi");
  const suspects = stateFiles(root, project).filter(isCutOff);
  if (suspects.length === 0) return;
  await sleep(SETTLE_MS);
  const aside = path.join(root, "aside", new Date().toISOString().replaceAll(":", ""));
  for (const suspect of suspects.filter(isCutOff)) onProgress(repair(suspect, root, aside));
}

/** @returns what was done, in words. */
function repair({ file, kind }: StateFile, root: string, aside: string): string {
  if (kind === "metadata" || kind === "temporary") {
    rmSync(file, { force: true });
    return `removed ${file}, which a run that was killed had left half-written; the state itself is whole`;
  }
  const kept = path.join(aside, path.relative(root, file));
  mkdirSync(path.dirname(kept), { recursive: true });
  copyFileSync(file, kept);
  if (kind !== "checkpoint") {
    rmSync(file, { force: true });
    return `${file} was cut off while it was written; it is put aside as ${kept}`;
  }
  const copy = restoreCheckpoint(file, root);
  if (!copy)
    return `${file} was cut off while it was written, and no whole copy of it is below ${root}: see docs/state.md`;
  const when = new Date(copy.writtenMs).toISOString();
  return (
    `${file} was cut off while it was written; it is put aside as ${kept}. In its place is ${copy.file} of ${when}.\n` +
    "What was made after that is not in it: `npx pulumi up` takes it over, and `npx planet doctor` lists what is left over."
  );
}
