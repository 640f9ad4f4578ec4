import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "./cacheEntry.ts";

/** Far longer than a running CLI needs between making a file and filling it. */
const SETTLE_MS = 1_000;
/** A state is written in well under a second. */
const ABANDONED_MS = 60_000;

/**
 * Mends what a CLI that was killed while it wrote has left in a state folder. Beside each file its library keeps the
 * file's metadata in `<file>.attrs`, made empty and then filled; only then the file's new text, whole in a `.tmp`, is renamed into
 * place (gocloud.dev v0.46 blob/fileblob, setAttrs and Close). Empty metadata make each later command fail with nothing
 * but "EOF", and `?metadata=skip` in the backend's URL does not help: they are still read. None at all are as good.
 */
export async function repairState(folder: string, onProgress: Progress): Promise<void> {
  const files = await filesIn(path.join(folder, ".pulumi"));
  const suspects = await only(files, isCutOff);
  if (suspects.length > 0) await sleep(SETTLE_MS);
  for (const file of [...(await only(suspects, isCutOff)), ...(await only(files, isAbandoned))]) {
    await rm(file, { force: true });
    onProgress(`removed ${file}, which a run that was killed had left half-written; the state itself is whole`);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

async function only(files: readonly string[], holds: (file: string) => Promise<boolean>): Promise<string[]> {
  const kept = await Promise.all(files.map(async (file) => ((await holds(file)) ? [file] : [])));
  return kept.flat();
}

async function isCutOff(file: string): Promise<boolean> {
  if (!file.endsWith(".attrs")) return false;
  try {
    JSON.parse(await readFile(file, "utf8"));
    return false;
  } catch (error) {
    return error instanceof SyntaxError; // any other: gone meanwhile, or not ours to read
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  if (!file.endsWith(".tmp")) return false;
  const facts = await stat(file).catch(() => undefined);
  return facts !== undefined && Date.now() - facts.mtimeMs > ABANDONED_MS;
}
