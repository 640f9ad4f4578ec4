import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";

/** What a file below `.pulumi` is to the CLI; each is read by commands, and stops them when it is cut off. */
type Kind = "metadata" | "temporary" | "checkpoint" | "meta" | "entry";

export interface StateFile {
  readonly file: string;
  readonly kind: Kind;
}

/** A state is written in well under a second. */
const ABANDONED_MS = 60_000;

/**
 * The files that commands on this project read. Layout: pulumi 3.259.0, pkg/backend/diy. Not `backups` nor the checkpoints in
 * `history`, which no command reads, and no other project's files.
 */
export function stateFiles(root: string, project: string): StateFile[] {
  const below = ["stacks", "locks/organization", "history"].flatMap((folder) =>
    entriesBelow(path.join(root, folder, project)),
  );
  return [...entriesIn(root), ...below]
    .filter((entry) => entry.isFile() && !/\.checkpoint\./.test(entry.name))
    .flatMap((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const kind = kindOf(file, root);
      return kind === undefined ? [] : [{ file, kind }];
    });
}

function kindOf(file: string, root: string): Kind | undefined {
  const [folder = ""] = path.relative(root, file).split(path.sep);
  if (file.endsWith(".attrs")) return "metadata";
  if (file.endsWith(".tmp")) return "temporary";
  if (folder === "meta.yaml") return "meta";
  const isJson = /\.json(\.gz|\.zst)?$/.test(file);
  if (folder === "stacks") return isJson ? "checkpoint" : undefined;
  return isJson && (folder === "locks" || folder === "history") ? "entry" : undefined;
}

/** Whether a run was killed, or its machine went away, while it wrote the file. False for one that is gone meanwhile. */
export function isCutOff({ file, kind }: StateFile): boolean {
  try {
    if (kind === "temporary") return Date.now() - statSync(file).mtimeMs > ABANDONED_MS;
    const bytes = readFileSync(file);
    if (kind === "meta") return !/^version:\s*\d/m.test(bytes.toString());
    return kind === "checkpoint" ? !isCheckpoint(bytes) : parsed(bytes) === undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code))) return false; // gone, or not ours to read
    throw error;
  }
}

/** Whether these are the bytes of a whole state. */
export function isCheckpoint(bytes: Buffer): boolean {
  const value = parsed(bytes);
  return typeof value === "object" && value !== null && ("checkpoint" in value || "latest" in value);
}

/** The deployment of a stack, from the file that the CLI would read; undefined when there is none. */
export function readCheckpoint(folder: string, stack: string): unknown {
  const files = ["", ".gz", ".zst"].flatMap((suffix) => {
    const file = path.join(folder, `${stack}.json${suffix}`);
    const facts = statSync(file, { throwIfNoEntry: false });
    return facts ? [{ file, writtenMs: facts.mtimeMs }] : [];
  });
  const [newest] = files.toSorted((one, other) => other.writtenMs - one.writtenMs);
  const value = newest && parsed(readFileSync(newest.file));
  return (value as { checkpoint?: { latest?: unknown } } | undefined)?.checkpoint?.latest;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(inflate(bytes).toString());
  } catch {
    return undefined;
  }
}

/** By the first bytes, as the CLI does: a name may lie. */
function inflate(bytes: Buffer): Buffer {
  if (bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return gunzipSync(bytes);
  if (bytes.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return zstdDecompressSync(bytes);
  return bytes;
}

function entriesIn(folder: string): Dirent[] {
  return list(folder, false);
}

function entriesBelow(folder: string): Dirent[] {
  return list(folder, true);
}

function list(folder: string, recursive: boolean): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive });
  } catch {
    return []; // nothing was ever kept there
  }
}
