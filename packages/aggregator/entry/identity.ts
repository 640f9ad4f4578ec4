import { createHash } from "node:crypto";
import type { ParsedEntry } from "../parse/types.ts";

/**
 * What an entry is recognised by within its feed: its id, else its link, else a hash of what it says. 15 % of real
 * entries have no id. The link is part of it, because broken feeds give every entry the same id.
 */
export function entryKey(entry: ParsedEntry): string {
  if (entry.id !== undefined)
    return entry.link === undefined || entry.link === entry.id ? entry.id : `${entry.id} ${entry.link}`;
  return entry.link ?? `urn:sha256:${digest(entry.title?.value ?? entry.content?.value ?? "")}`;
}

/** The id to publish: the source's own when it is a URI, so that readers who know the entry do not see it twice. */
export function publishedId(entry: ParsedEntry, feedUrl: string): string {
  if (
    entry.id !== undefined &&
    /^(?:https?:\/\/[^\s]+|urn:[a-z0-9][a-z0-9-]{0,31}:[^\s]+|tag:[^\s,]+,[^\s:]+:[^\s]*)$/i.test(entry.id)
  )
    return entry.id;
  return `urn:sha256:${digest(`${feedUrl}\n${entryKey(entry)}`)}`;
}

const TRACKING = /^(?:utm_[a-z_]+|fbclid|gclid)$/i;

/** One spelling for all links that lead to the same page; only for comparing. */
export function normalisedLink(link: string): string {
  try {
    const url = new URL(link);
    for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
    return `${url.host.replace(/^www\./, "")}${url.pathname.replace(/\/$/, "")}${url.search}`;
  } catch {
    return link; // compared as it is
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
