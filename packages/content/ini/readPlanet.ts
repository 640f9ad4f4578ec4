import { nearestName } from "@planet/errors";
import { expandBill } from "./bill.ts";
import { readCategories } from "./categories.ts";
import type { Fields } from "./fields.ts";
import { PLANET_KEYS, type PlanetKey, whyIgnored } from "./keys.ts";
import { readLocale } from "./locale.ts";
import { decodeReferences } from "./references.ts";
import { quote } from "./scan.ts";
import type { Values } from "./sections.ts";
import type { SharedFields } from "./sharedFields.ts";
import { readTimezone } from "./timezone.ts";
import type { FeedConfig, PlanetConfig } from "./types.ts";

const DIRECTIVE = /%(-?[a-zA-Z%])/g;
const KNOWN_DIRECTIVES = "a A b B d e -d H I -I j m M p S y Y Z z %".split(" ");
/** Template languages that run code, and XSLT. */
export const FOREIGN_TEMPLATE = /\.(?:xslt|genshi|dj|django|py)$/i;

/** The planet's own settings. Its problems are noted in `fields`; a wrong value falls back to the default. */
export function readPlanet(
  values: Values,
  fields: Fields<PlanetKey>,
  shared: SharedFields,
  feeds: readonly FeedConfig[],
): PlanetConfig {
  warnEncoding(fields);
  return {
    name: decodeReferences(fields.text("name") ?? "Unconfigured Planet"),
    description: decodeReferences(fields.text("description") ?? ""),
    link: readLink(fields),
    ownerName: decodeReferences(fields.text("owner_name") ?? ""),
    ownerEmail: fields.text("owner_email") ?? "",
    itemsPerPage: fields.number("items_per_page", 1, 500) ?? 60,
    categories: readCategories(fields),
    daysPerPage: fields.number("days_per_page", 0, 36_500) ?? 0,
    dateFormat: dateFormat(fields, "date_format"),
    newDateFormat: dateFormat(fields, "new_date_format"),
    locale: readLocale(fields),
    timezone: readTimezone(fields),
    activityThreshold: fields.number("activity_threshold", 0, 36_500) ?? 0,
    reportAfter: fields.number("report_after", 1, 3_650) ?? 7,
    newFeedItems: shared.newFeedItems ?? 0,
    parallelFeeds: fields.number("spider_threads", 0, 32) || 12,
    templateFiles: readTemplates(fields),
    billOfMaterials: expandBill(fields, feeds),
    pubsubhubbubHub: fields.webUrl("pubsubhubbub_hub") ?? "",
    feed: fields.webUrl("feed") ?? "",
    generator: fields.text("generator") ?? "",
    generatorUri: fields.webUrl("generator_uri") ?? "",
    feeds,
    values: new Map([...values].map(([key, { text }]) => [key, text])),
  };
}

/** Keys that do nothing here, and keys that nobody knows. */
export function warnPlanetKeys(own: Values, fields: Fields<PlanetKey>): void {
  for (const key of own.keys()) {
    if (PLANET_KEYS.has(key)) continue;
    const ignored = whyIgnored(key, own.get(key)?.text ?? "");
    if (ignored !== undefined) {
      fields.warning(key, "ignored-key", `"${key}" has no effect: ${ignored}`);
      continue;
    }
    const near = nearestName(key, PLANET_KEYS, 2);
    const hint = near === undefined ? "" : `, did you mean "${near}"?`;
    fields.warning(key, "unknown-key", `"${key}" is not known${hint}`);
  }
}

function readLink(fields: Fields<PlanetKey>): string {
  const link = fields.webUrl("link");
  if (link !== undefined) return folderOf(link);
  if (fields.text("link") === undefined) {
    fields.warning("link", "no-link", '"link" is not set: feeds and pages get no address of their own');
  }
  return "";
}

/** Addresses of pages and feeds are made by appending their names. */
function folderOf(link: string): string {
  const folder = link.replace(/[?#].*/, "").replace(/([^/]\/)index\.\w+$/, "$1");
  return folder.endsWith("/") ? folder : `${folder}/`;
}

function dateFormat(fields: Fields<PlanetKey>, key: PlanetKey): string {
  const format = fields.text(key);
  for (const [whole, directive = ""] of format?.matchAll(DIRECTIVE) ?? []) {
    if (KNOWN_DIRECTIVES.includes(directive)) continue;
    fields.warning(key, "date-directive", `"${key}" holds ${whole}, which is not known and printed as written`);
  }
  return format ?? "";
}

function warnEncoding(fields: Fields<PlanetKey>): void {
  const encoding = fields.text("encoding")?.toLowerCase();
  if (encoding === undefined || ["utf-8", "utf8"].includes(encoding)) return;
  fields.warning("encoding", "unknown-value", `"encoding" is ${quote(encoding)}; pages are written as utf-8`);
}

/** What every planet has without a template of its own. */
const BUILT_IN: ReadonlySet<string> = new Set(
  "index.html titles_only.html feeds.html atom.xml rss20.xml rss10.xml opml.xml foafroll.xml".split(" "),
);

function insteadOfTemplate(name: string): string {
  return `${withoutTemplate(name)}; to have your own, write it as ${name.replace(FOREIGN_TEMPLATE, "")}.liquid`;
}

/** What becomes of the page that a template would make. */
export function withoutTemplate(name: string): string {
  const page = name.replace(/\.\w+$/, "");
  return BUILT_IN.has(page) ? `the built-in ${page} is used` : `there will be no ${page}`;
}

/** Templates in languages that would run code are replaced by the built-in page of that base name. */
function readTemplates(fields: Fields<PlanetKey>): string[] {
  const names = fields.list("template_files").map((path) => path.split("/").at(-1) ?? path);
  for (const name of names.filter((candidate) => FOREIGN_TEMPLATE.test(candidate))) {
    fields.warning("template_files", "foreign-template", `${name} cannot be used: ${insteadOfTemplate(name)}`);
  }
  return names;
}
