import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/** How much of a log is kept. */
const LOG_LIMIT_BYTES = 1024 * 1024;

/**
 * Cuts a log that has grown to twice the limit down to its last `limit` bytes, from the start of a line. The file stays the same,
 * since its writers hold it open; they append, so they go on after its new end. What they write in the very moment of the cut is lost.
 */
export function limitLog(file: string, limit = LOG_LIMIT_BYTES): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, "r+");
  try {
    const { size } = fstatSync(descriptor);
    if (size < 2 * limit) return;
    const bytes = Buffer.alloc(limit);
    const end = bytes.subarray(0, readSync(descriptor, bytes, 0, limit, size - limit));
    const kept = end.subarray(end.indexOf("\n") + 1);
    writeSync(descriptor, kept, 0, kept.length, 0);
    ftruncateSync(descriptor, kept.length);
  } finally {
    closeSync(descriptor);
  }
}

/** {@link limitLog} for each log of a folder. */
export function limitLogs(folder: string, limit = LOG_LIMIT_BYTES): void {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".log"))) limitLog(join(folder, name), limit);
}
