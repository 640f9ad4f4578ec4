import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FailureCode } from "../fetch/errors.ts";
import type { Validators } from "../fetch/fetchFeed.ts";
import type { ParsedFeed } from "../parse/types.ts";

/** Raised when the parser gives other results for the same bytes: old documents are then fetched again. */
const SCHEMA = 1;

/** Everything remembered of one feed. Lost without harm: the next run asks again. */
export interface FeedRecord {
  readonly schema: number;
  readonly url: string;
  readonly feed?: ParsedFeed | undefined;
  /** Where `feed` came from. */
  readonly sourceUrl: string;
  readonly bodyHash?: string | undefined;
  readonly validators?: Validators | undefined;
  readonly encoding?: string | undefined;
  /** More than 1 % of it could not be decoded. */
  readonly doubtful?: boolean | undefined;
  readonly bytes: number;
  readonly firstSeen: Readonly<Record<string, number>>;
  readonly failures: number;
  readonly failure?: { readonly code: FailureCode; readonly message: string; readonly since: number } | undefined;
  readonly http?: number | undefined;
  readonly lastOk?: number | undefined;
  readonly lastTry?: number | undefined;
  readonly nextTry?: number | undefined;
  /** Until when its server asked us to leave it alone, with all its feeds. */
  readonly hostBusyUntil?: number | undefined;
  /** Last time that the document had other bytes than before. */
  readonly changedAt?: number | undefined;
  readonly moved?: { readonly url: string; readonly times: number } | undefined;
  readonly ms: number;
}

/** A feed that nothing is known about. */
export function emptyRecord(url: string): FeedRecord {
  return { schema: SCHEMA, url, sourceUrl: url, bytes: 0, firstSeen: {}, failures: 0, ms: 0 };
}

/** The last good copies, one file per feed. */
export class FeedRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A file that is missing, cut or foreign counts as absent, for its feed alone. */
  async load(url: string): Promise<FeedRecord> {
    try {
      const record = JSON.parse(await readFile(this.#path(url), "utf8")) as FeedRecord;
      return isRecord(record, url) ? record : emptyRecord(url);
    } catch {
      return emptyRecord(url); // absent or not JSON
    }
  }

  /** Whole or not at all: written beside, flushed, then renamed. */
  async save(record: FeedRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const path = this.#path(record.url);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      const file = await open(temporary, "w", 0o644);
      try {
        await file.writeFile(JSON.stringify(record));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  #path(url: string): string {
    return join(this.#directory, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  }
}

function isRecord(record: FeedRecord, url: string): boolean {
  if (typeof record !== "object" || record === null || record.schema !== SCHEMA || record.url !== url) return false;
  const feedIsWhole = record.feed === undefined || Array.isArray(record.feed.entries);
  return feedIsWhole && typeof record.firstSeen === "object" && record.firstSeen !== null;
}
