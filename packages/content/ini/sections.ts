import { insteadOf, whyIgnored } from "./keys.ts";
import { quote, type Section } from "./scan.ts";
import type { IniProblem } from "./types.ts";

/** A value with the line it stands on. */
export interface Value {
  readonly text: string;
  readonly line: number;
}

export type Values = ReadonlyMap<string, Value>;

/** Values in which outer quotes are part of the meaning. */
const LITERAL_KEYS: ReadonlySet<string> = new Set(["filter", "exclude"]);

/**
 * Options of all sections of one name as one map, later ones first. An empty later value does not erase an earlier
 * one: a real planet has a second, empty `face =` in a section. That a whole section is there twice is said once, elsewhere.
 */
export function mergeOptions(
  sections: readonly Section[],
  rename: (key: string) => string,
  problems: IniProblem[],
): Map<string, Value> {
  const merged = new Map<string, Value>();
  for (const { key: written, value, line, section } of sections.flatMap(optionsOf)) {
    const key = rename(written);
    const before = merged.get(key);
    if (before && before.line >= section) problems.push(duplicate(key, before.line, line));
    const text = LITERAL_KEYS.has(key) ? value : unquote(value);
    if (!before || text !== "") merged.set(key, { text, line });
    if (/%\(\w+\)s/.test(value) && whyIgnored(key, value) === undefined) problems.push(interpolation(key, line));
  }
  return merged;
}

const optionsOf = ({ options, line: section }: Section) => options.map((option) => ({ ...option, section }));

function duplicate(key: string, first: number, line: number): IniProblem {
  const text = `"${key}" is set again (first in line ${first}); the last value wins, an empty one does not count`;
  return { line, level: "warning", code: "duplicate-key", text };
}

function interpolation(key: string, line: number): IniProblem {
  const text = `"%(name)s" in "${key}" is not replaced; write the value out`;
  return { line, level: "warning", code: "interpolation", text };
}

/** `"Miles O'Keefe"`: one pair of outer double quotes is decoration. */
function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

export type SectionKind = "planet" | "default" | "template" | "filter" | "feed" | "ignored" | "unknown";

/** `index.html.xslt` makes a page; `addsearch.xslt` changes one. */
const TEMPLATE_SUFFIX = /\.(?:liquid|tmpl|genshi|dj|django)$|\.(?:html?|xml|rss|atom|rdf|opml|json|txt|css)\.\w+$/i;
const FILTER_SUFFIX = /\.(?:py|sed|xslt|plugin)(?:\?.*)?$/i;

/** The order of these questions is the rule. */
export function kindOf(section: Section, templates: ReadonlySet<string>, filters: ReadonlySet<string>): SectionKind {
  const name = section.name ?? "";
  const lower = name.toLowerCase();
  if (lower === "planet") return "planet";
  if (lower === "default") return "default";
  if (lower === "defaults" || lower === "feeds") return "ignored"; // Pluto reserves these names
  if (name.includes("://")) return "feed";
  if (templates.has(name) || TEMPLATE_SUFFIX.test(name)) return "template";
  if (filters.has(name) || FILTER_SUFFIX.test(name)) return "filter";
  const feedKeys = ["feed", "feed_url", "xml_url", "github", "rubygems"];
  if (section.options.some(({ key }) => feedKeys.includes(key))) return "feed";
  return "unknown";
}

/** Planet 2.0 had settings of one page, Venus filters of one page. */
export function templateSection({ name, line, options }: Section): IniProblem[] {
  if (options.length === 0) return [];
  const filters = options.find(({ key }) => key === "filters");
  const reason = filters
    ? `; programs are never executed (${filters.value.split(/\s+/).map(insteadOf).join("; ")})`
    : "";
  const keys = [...new Set(options.map(({ key }) => key))].join(", ");
  const text = `section ${quote(name ?? "")} is about one page, its ${keys} has no effect${reason}`;
  return [{ line, level: "warning", code: "template-section", text }];
}

export function ignoredFilter({ name = "", line }: Section): IniProblem {
  const text = `section ${quote(name)} has no effect: filter programs are never executed (${insteadOf(name)})`;
  return { line, level: "warning", code: "ignored-filter", text };
}

export function repeatedSections(sections: readonly Section[]): IniProblem[] {
  const named = sections.filter(({ name }) => name !== undefined);
  return named.slice(1).map(({ name = "", line }) => {
    const text = `section ${quote(name)} is there again (first in line ${named[0]?.line}); the later value of a key counts`;
    return { line, level: "warning", code: "duplicate-section", text };
  });
}

export function unknownSection({ name = "", line }: Section): IniProblem {
  const text = `section ${quote(name)} is neither a feed (no URL, no "feed") nor a known section`;
  return { line, level: "error", code: "unknown-section", text };
}
