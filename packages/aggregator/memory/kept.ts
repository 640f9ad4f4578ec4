import { entryKeys, feedKey } from "../archive/keys.ts";
import { readForeignMonth, writeMonth } from "../archive/monthFile.ts";
import { type ArchiveRules, isKept } from "../archive/months.ts";
import { type ArchiveMonth, isShown } from "../archive/types.ts";
import { readForeignRecord } from "./foreignRecord.ts";
import { type Forgotten, isEntryForgotten, isFeedForgotten } from "./forgotten.ts";
import { LEASE_NAME } from "./lease.ts";
import { INDEX_NAME, monthOfName } from "./monthObject.ts";
import { pack, packText, UnreadableObjectError, unpack, unpackText } from "./packed.ts";
import { recordName, STORED_SCHEMA, type StoredRecord } from "./storedRecord.ts";

/** What an object below the memory's prefix is, for the operator's own hands. */
type KeptObject =
  | { readonly kind: "feed"; readonly stored: StoredRecord }
  | { readonly kind: "month"; readonly month: ArchiveMonth }
  | { readonly kind: "index" | "lease"; readonly text: string }
  /** To be left alone. */
  | { readonly kind: "newer" | "unusable" };

/** @param name below the prefix. Never throws for what the object holds. */
function readKept(name: string, bytes: Uint8Array): KeptObject {
  try {
    const month = monthOfName(name);
    if (name === INDEX_NAME) return { kind: "index", text: unpackText(bytes) };
    if (name === LEASE_NAME) return { kind: "lease", text: Buffer.from(bytes).toString("utf8") };
    if (month !== undefined) return readForeignMonth(unpackText(bytes), month);
    if (!/^feeds\/[0-9a-f]{64}\.json\.gz$/.test(name)) return { kind: "unusable" };
    const read = readForeignRecord(bytes);
    if (read.kind !== "record") return read;
    return recordName(read.stored.url) === name ? { kind: "feed", stored: read.stored } : { kind: "unusable" };
  } catch (error) {
    if (error instanceof UnreadableObjectError) return { kind: error.code === "NEWER" ? "newer" : "unusable" };
    throw error;
  }
}

/** What is to become of an object. */
type Rewriting =
  | { readonly what: "keep" | "delete" }
  | { readonly what: "write"; readonly bytes: Uint8Array }
  | { readonly what: "leave"; readonly why: "newer" | "unusable" };

/** Without what is to be forgotten. */
export function withoutForgotten(name: string, bytes: Uint8Array, forgotten: Forgotten): Rewriting {
  const kept = readKept(name, bytes);
  switch (kept.kind) {
    case "feed":
      return feedWithout(kept.stored, forgotten);
    case "month":
      return monthWithout(kept.month, forgotten);
    case "index":
    case "lease":
      return { what: "keep" };
    default:
      return { what: "leave", why: kept.kind };
  }
}

function feedWithout(stored: StoredRecord, forgotten: Forgotten): Rewriting {
  if (isFeedForgotten(forgotten, stored.url)) return { what: "delete" };
  const entries = stored.entries.filter(({ sighting, parsed }) => !isEntryForgotten(forgotten, sighting.id, parsed));
  return entries.length === stored.entries.length ? { what: "keep" } : writing(pack({ ...stored, entries }));
}

function monthWithout({ month, entries }: ArchiveMonth, forgotten: Forgotten): Rewriting {
  const left = entries.filter(
    (entry) => !isShown(entry) || ![entry.feed, ...entryKeys(entry)].some((key) => forgotten.has(key)),
  );
  return left.length === entries.length ? { what: "keep" } : writing(packText(writeMonth({ month, entries: left })));
}

/** It has become smaller, so there is room for it. */
const writing = (bytes: Uint8Array | undefined): Rewriting =>
  bytes === undefined ? { what: "delete" } : { what: "write", bytes };

interface PruneRules extends ArchiveRules {
  /** Addresses of all feeds, reading lists and what they name included. */
  readonly feeds: readonly string[];
}

/** Whether nothing needs the object any more: a feed that planet.ini does not have, a month that is too old, or an empty one. */
export function pruneFor({ feeds, ...rules }: PruneRules): (name: string, bytes: Uint8Array) => Rewriting {
  const names = new Set(feeds.map(recordName));
  return (name, bytes) => {
    const kept = readKept(name, bytes);
    switch (kept.kind) {
      case "feed": {
        const { document, attempt, entries } = kept.stored;
        const isEmpty = document === undefined && attempt === undefined && entries.length === 0;
        return { what: isEmpty || !names.has(name) ? "delete" : "keep" };
      }
      case "month":
        return { what: isKept(kept.month.month, rules) && kept.month.entries.some(isShown) ? "keep" : "delete" };
      case "index":
      case "lease":
        return { what: "keep" };
      default:
        return { what: "leave", why: kept.kind };
    }
  };
}

/** What people read of an object; undefined for what is to be left alone. `name` is a file's, below a folder of its own. */
export function readable(
  name: string,
  bytes: Uint8Array,
): { readonly name: string; readonly text: string } | undefined {
  const kept = readKept(name, bytes);
  switch (kept.kind) {
    case "feed": {
      const host = new URL(kept.stored.url).hostname.replace(/[^a-z0-9.-]+/gi, "-").slice(0, 60);
      const digits = name.slice("feeds/".length, "feeds/".length + 8);
      return { name: `feeds/${host}-${digits}.json`, text: pretty(unpack(bytes, STORED_SCHEMA)) };
    }
    case "month":
      return { name: `archive/${kept.month.month}.json`, text: writeMonth(kept.month) };
    case "index":
      return { name: "index.json", text: pretty(JSON.parse(kept.text)) };
    case "lease":
      return { name: LEASE_NAME, text: kept.text };
    default:
      return undefined;
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Hashes of whatever an operator may mean: a feed by its address, an entry by its link or its id. */
export function keysOf(text: string): string[] {
  const isAddress = /^https?:\/\//i.test(text) && URL.canParse(text);
  return [...new Set([...(isAddress ? [feedKey(text)] : []), ...entryKeys({ id: text, link: isAddress ? text : "" })])];
}
