import { nearestName } from "@planet/errors";
import { Fields } from "./fields.ts";
import { FEED_KEYS, type FeedKey, whyIgnored } from "./keys.ts";
import { decodeReferences } from "./references.ts";
import { quote } from "./scan.ts";
import type { Values } from "./sections.ts";
import { readSharedFields, type SharedFields } from "./sharedFields.ts";
import type { FeedConfig, IniProblem } from "./types.ts";

/** One feed's sections, already merged: `own` as in the file, `all` with `[DEFAULT]` underneath. */
export interface FeedSource {
  readonly url: string;
  readonly line: number;
  readonly own: Values;
  readonly all: Values;
}

/** Defaults as in Venus; `keep_days` and `excerpt` are ours. */
const DEFAULTS = {
  keepDays: 30,
  cacheKeepEntries: 10,
  excerpt: 0,
  futureDates: "keep",
  order: "published",
  timeoutSeconds: 20,
  ignoreInFeed: [],
} as const;

/** Undefined when the section has an error: it is left out, the other feeds stay. */
export function readFeed(source: FeedSource, planetWide: SharedFields, problems: IniProblem[]): FeedConfig | undefined {
  const own: IniProblem[] = [];
  const fields = new Fields<FeedKey>(source.all, own);
  const shared = readSharedFields(fields);
  const readingList = isReadingList(fields);
  const optional = optionalFields(fields);
  warnUnknown(source.own, fields);
  problems.push(...own.map((problem) => (problem.line === 0 ? { ...problem, line: source.line } : problem)));
  if (own.some(({ level }) => level === "error")) return undefined;
  const { newFeedItems, ...rest } = { ...DEFAULTS, ...planetWide, ...shared };
  return {
    url: source.url,
    name: decodeReferences(fields.text("name") ?? new URL(source.url).hostname),
    line: source.line,
    readingList,
    values: new Map([...source.all].map(([key, { text }]) => [key, text])),
    ...optional,
    ...rest,
    ...(newFeedItems ? { newFeedItems } : {}),
  };
}

function isReadingList(fields: Fields<FeedKey>): boolean {
  const type = fields.text("content_type")?.toLowerCase();
  if (type === "foaf" || type === "csv" || type === "config") {
    fields.error("content_type", "reading-list", `reading lists of type ${type} are not supported, use opml`);
  }
  return type === "opml";
}

function optionalFields(fields: Fields<FeedKey>): { link?: string; face?: string; author?: string } {
  const link = fields.webUrl("link");
  const face = readFace(fields);
  const author = fields.text("author")?.split(/\s+/).every(isHandle) ? undefined : fields.text("author");
  return {
    ...(link === undefined ? {} : { link }),
    ...(face === undefined ? {} : { face }),
    ...(author === undefined ? {} : { author: decodeReferences(author) }),
  };
}

/** `irc:jane` and `member`: openSUSE's planet has such words for `author`, and no names. */
const isHandle = (word: string): boolean => /^(?:\w+:[^\s/]\S*|member)$/i.test(word);

/** A bare file name, or a URL (Pluto). A path would name a file outside the faces' folder. */
function readFace(fields: Fields<FeedKey>): string | undefined {
  const face = fields.text("face");
  if (face === undefined || /^https?:\/\//i.test(face)) return face;
  if (!/[\\/]/.test(face) && !face.startsWith(".")) return face;
  fields.warning("face", "not-a-bare-name", `"face" must be a bare file name, it is ${quote(face)}; it is ignored`);
  return undefined;
}

/** Free keys are template data, so only a key that looks like a slip of the fingers is worth a warning. */
function warnUnknown(own: Values, fields: Fields<FeedKey>): void {
  for (const key of own.keys()) {
    if (FEED_KEYS.has(key)) continue;
    if (key === "filters") {
      fields.warning(key, "ignored-key", `"${key}" has no effect: ${whyIgnored(key, own.get(key)?.text ?? "")}`);
      continue;
    }
    const near = nearestName(key, FEED_KEYS, 1);
    if (near !== undefined) fields.warning(key, "unknown-key", `"${key}" is not known, did you mean "${near}"?`);
  }
}
