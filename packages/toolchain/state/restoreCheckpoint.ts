import { copyFileSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { isCheckpoint } from "./stateFiles.ts";

/** A whole state that was kept beside the one in use. */
export interface Copy {
  readonly file: string;
  readonly writtenMs: number;
}

/**
 * Puts the newest whole copy in the place of a state that is cut off: the one before the last write (`.bak`), or one that was
 * kept before or after an update. Undefined when there is none.
 */
export function restoreCheckpoint(file: string, root: string): Copy | undefined {
  const [newest] = copiesOf(file, root)
    .filter(({ file: copy }) => isCheckpoint(readFileSync(copy)))
    .toSorted((one, other) => other.writtenMs - one.writtenMs);
  if (!newest) return undefined;
  const whole = `${file}.${process.pid}.tmp`;
  copyFileSync(newest.file, whole);
  renameSync(whole, file); // at no moment is there no such stack
  return newest;
}

function copiesOf(file: string, root: string): Copy[] {
  const stack = path.basename(file).replace(/\.json(\.gz|\.zst)?$/, "");
  const place = path.join(path.basename(path.dirname(file)), stack);
  const kept = [
    ...filesIn(path.join(root, "backups", place)),
    ...filesIn(path.join(root, "history", place)).filter((name) => /\.checkpoint\./.test(name)),
  ].filter((name) => /\.json(\.gz|\.zst)?$/.test(name));
  return [`${file}.bak`, ...kept].flatMap((name) => {
    const facts = statSync(name, { throwIfNoEntry: false });
    return facts ? [{ file: name, writtenMs: facts.mtimeMs }] : [];
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return []; // no update has come to its end yet
  }
}
