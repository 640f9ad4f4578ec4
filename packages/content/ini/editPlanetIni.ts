import { decodeIni } from "./decode.ts";
import { normalizeFeedUrl } from "./feedUrl.ts";
import { isWebUrl } from "./fields.ts";
import { plutoFeedKey } from "./keys.ts";
import { type Section, scanIni } from "./scan.ts";

/** The edit was not made; the bytes are as they were. */
export class IniEditError extends Error {
  readonly code: "FEED_EXISTS" | "FEED_UNKNOWN" | "FEED_URL" | "NOT_TEXT";

  constructor(code: IniEditError["code"], message: string) {
    super(message);
    this.name = "IniEditError";
    this.code = code;
  }
}

export interface NewFeed {
  readonly url: string;
  readonly name?: string;
  /** Further keys, written in this order. */
  readonly values?: Readonly<Record<string, string>>;
}

/** The file with one feed more at its end. Every byte that was there stays. */
export function addFeed(bytes: Uint8Array, feed: NewFeed): Uint8Array {
  if (!canStand(feed.url)) {
    throw new IniEditError("FEED_URL", `${feed.url} is not an http or https URL that can stand in planet.ini`);
  }
  const known = sectionsOf(scan(bytes).sections, feed.url)[0];
  if (known) throw new IniEditError("FEED_EXISTS", `${feed.url} is already in line ${known.line}`);
  return addFeeds(bytes, [feed]).bytes;
}

/** Whether a feed of this address can be added: http or https, and nothing that would end a section's header. */
export const canStand = (url: string): boolean => isWebUrl(url) && !/[\s\]]/.test(url);

/** The file with the feeds that it does not have yet at its end, in their order. Addresses are compared without passwords. */
export function addFeeds(bytes: Uint8Array, feeds: readonly NewFeed[]): { bytes: Uint8Array; added: NewFeed[] } {
  const { text, dialect, sections } = scan(bytes);
  const known = new Set(sections.flatMap((section) => addressOf(section) ?? []).map(withoutUser));
  const added = feeds.filter(({ url }) => {
    const isNew = canStand(url) && !known.has(withoutUser(url));
    if (isNew) known.add(withoutUser(url));
    return isNew;
  });
  if (added.length === 0) return { bytes, added };
  const ending = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  const taken = new Set(sections.map(({ name }) => name?.toLowerCase()));
  const blocks = added.map((feed) => (dialect === "pluto" ? plutoLines(feed, taken) : planetLines(feed)));
  const gap = text === "" || /(?:\r\n|\n|\r)$/.test(text) ? ending : ending + ending;
  const written = blocks.map((lines) => lines.map((line) => line + ending).join("")).join(ending);
  return { bytes: append(bytes, gap + written), added };
}

function withoutUser(url: string): string {
  const address = new URL(normalizeFeedUrl(url));
  address.username = "";
  address.password = "";
  return address.href;
}

/** The file without the feed's section, or sections when it stands there twice; comments around them stay. */
export function removeFeed(bytes: Uint8Array, url: string): Uint8Array {
  const { sections } = scan(bytes);
  const gone = isWebUrl(url) ? sectionsOf(sections, url) : [];
  if (gone.length === 0) throw new IniEditError("FEED_UNKNOWN", `${url} is not in this planet.ini`);
  const lines = rawLines(bytes);
  const kept = new Set(lines.keys());
  for (const section of gone) for (const index of linesOfSection(section, lines)) kept.delete(index);
  return Buffer.concat(lines.filter((_, index) => kept.has(index)));
}

function scan(bytes: Uint8Array) {
  const { text, problems } = decodeIni(bytes);
  const error = problems.find(({ level }) => level === "error");
  if (error) throw new IniEditError("NOT_TEXT", `planet.ini ${error.text}`);
  return { text, ...scanIni(text) };
}

function sectionsOf(sections: readonly Section[], url: string): Section[] {
  const wanted = normalizeFeedUrl(url);
  return sections.filter((section) => {
    const address = addressOf(section);
    return address !== undefined && normalizeFeedUrl(address) === wanted;
  });
}

/** Its feed's address; undefined for other sections, and for addresses that are none. */
function addressOf(section: Section): string | undefined {
  const written = urlOf(section)
    ?.replace(/^feed:(?=\/\/)/i, "http:")
    .replace(/^feed:/i, "");
  return written !== undefined && isWebUrl(written) ? written : undefined;
}

function urlOf({ name, options }: Section): string | undefined {
  if (name?.includes("://")) return name;
  return options.filter(({ key, value }) => plutoFeedKey(key) === "feed" && value !== "").at(-1)?.value;
}

/** Header to last option, and the blank lines after it: a comment below may well belong to the next feed. */
function linesOfSection({ line, options }: Section, lines: readonly Uint8Array[]): number[] {
  const last = Math.max(line, ...options.map(({ lastLine }) => lastLine));
  let end = last;
  while (end < lines.length && isBlank(lines[end])) end += 1;
  // At the end of the file there is no next section that the blank lines would set apart.
  return Array.from({ length: end - line + 1 }, (_, index) => line - 1 + index);
}

const isBlank = (line: Uint8Array | undefined): boolean =>
  Buffer.from(line ?? [])
    .toString("latin1")
    .trim() === "";

/** Lines with their endings; line n of the reader is element n - 1. */
function rawLines(bytes: Uint8Array): Buffer[] {
  const text = Buffer.from(bytes).toString("latin1");
  return (text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []).map((line) => Buffer.from(line, "latin1"));
}

function planetLines({ url, name, values = {} }: NewFeed): string[] {
  return [`[${url}]`, ...settings({ ...(name === undefined ? {} : { name }), ...values })];
}

/** @param taken Names of sections; the new one's is added. */
function plutoLines({ url, name, values = {} }: NewFeed, taken: Set<string | undefined>): string[] {
  const base = new URL(url).hostname.replace(/^www\./, "").replace(/[^a-z0-9]/g, "") || "feed";
  let slug = base;
  for (let count = 2; taken.has(slug); count += 1) slug = `${base}${count}`;
  taken.add(slug);
  const lines = settings({ ...(name === undefined ? {} : { title: name }), feed: url, ...values });
  return [`[${slug}]`, ...lines.map((line) => `  ${line}`)];
}

/** A line break inside a value would start another setting or section. */
function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([key, value]) => {
    const line = value.replace(/\s+/g, " ").trim();
    return `${key} = ${key === "name" || key === "title" ? asName(line) : line}`;
  });
}

/** As a reference where the reader would see a comment, a quotation or a reference. */
function asName(text: string): string {
  return text
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/ ;/g, " &#59;")
    .replace(/^;/, "&#59;")
    .replace(/^"(?=.*"$)/, "&quot;");
}

/** What is added to a file that is not UTF-8 is written in ASCII, other letters as references that the reader decodes. */
function append(bytes: Uint8Array, text: string): Uint8Array {
  const foreign = decodeIni(bytes).problems.some(({ code }) => code === "not-utf8");
  const added = foreign ? text.replace(/[^\0-\x7f]/gu, (letter) => `&#${letter.codePointAt(0)};`) : text;
  return Buffer.concat([bytes, Buffer.from(added, "utf8")]);
}
