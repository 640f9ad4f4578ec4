import { createHash } from "node:crypto";
import { sameCategory } from "@planet/content";
import { normalisedLink } from "../entry/addresses.ts";

/**
 * Where pages stand for good. An address follows from what it names alone, never from a place in a list, so it stays when
 * feeds come, go or change places. All of them are safe as file names of any system.
 */

/** Words of a feed's URL that tell nothing. */
const IDLE_WORDS = new Set("atom default feed feeds htm html index json php rdf rss rss2 rss20 www xml".split(" "));
const READABLE_LENGTH = 60;

/** Where each feed has its page, by URL: `feed/jane-example-1a2b3c4d`, to be completed by `.html` or `.xml`. */
export function feedAddresses(urls: readonly string[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  const taken = new Set<string>();
  // Only one feed in two spellings meets here, and which one is second must not depend on the order of planet.ini.
  for (const url of [...urls].sort()) {
    const address = `feed/${readable(wordsOf(url)) || "feed"}-${digits(normalisedLink(url), 8)}`;
    let free = address;
    for (let count = 2; taken.has(free); count += 1) free = `${address}-${count}`;
    taken.add(free);
    addresses.set(url, free);
  }
  return addresses;
}

function wordsOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  const words = `${hostname}${pathname.replace(/%[0-9a-f]{2}/gi, "-")}`.toLowerCase().split(/[^a-z0-9]+/);
  return words.filter((word) => !IDLE_WORDS.has(word)).join("-");
}

const readable = (words: string): string => words.slice(0, READABLE_LENGTH).replace(/^-+|-+$/g, "");

/** File names that some systems or web servers give a meaning of their own. */
const SPECIAL = /^(?:aux|com\d|con|index|lpt\d|nul|prn)$/;

/**
 * Where a category has its page: `category/python`. A name that cannot be a file name as it is gets digits, so that `C`,
 * `C++` and `C#` are apart.
 */
export function categoryAddress(name: string): string {
  const lower = sameCategory(name);
  const words = readable(lower.replace(/[^a-z0-9]+/g, "-"));
  const isPlain = words === lower && !SPECIAL.test(words) && !/-[0-9a-f]{8}$/.test(words);
  return `category/${isPlain ? words : `${words || "category"}-${digits(lower, 8)}`}`;
}

/** The place of an entry on any page that has it. */
export const anchorOf = (entryId: string): string => `e-${digits(entryId, 12)}`;

/** From a page back to the folder of the planet. */
export const rootOf = (address: string): string => "../".repeat(address.split("/").length - 1);

const digits = (text: string, count: number): string => createHash("sha256").update(text).digest("hex").slice(0, count);
