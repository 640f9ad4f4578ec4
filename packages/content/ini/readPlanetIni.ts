import { decodeIni } from "./decode.ts";
import { normalizeFeedUrl, readFeedUrl } from "./feedUrl.ts";
import { Fields } from "./fields.ts";
import { type PlanetKey, plutoFeedKey, plutoPlanetKey } from "./keys.ts";
import { readFeed } from "./readFeed.ts";
import { readPlanet, warnPlanetKeys } from "./readPlanet.ts";
import { type Scan, SECTION_LIMIT, type Section, scanIni } from "./scan.ts";
import {
  ignoredFilter,
  kindOf,
  mergeOptions,
  repeatedSections,
  type SectionKind,
  templateSection,
  unknownSection,
  type Values,
} from "./sections.ts";
import { readSharedFields, type SharedFields } from "./sharedFields.ts";
import type { FeedConfig, IniProblem, PlanetConfig } from "./types.ts";

export interface IniReading {
  /** Absent when the file cannot be used at all. Sections with an error are left out of it. */
  readonly config?: PlanetConfig;
  /** Sorted by line; never throws, whatever the bytes are. */
  readonly problems: readonly IniProblem[];
}

/** Reads a planet.ini of any of the three dialects: Planet 2.0, Venus, Pluto. */
export function readPlanetIni(file: string | Uint8Array): IniReading {
  const { text, problems: first } = decodeIni(typeof file === "string" ? new TextEncoder().encode(file) : file);
  const problems = [...first];
  if (problems.some(({ level }) => level === "error")) return { problems };
  const scan = scanIni(text);
  problems.push(...scan.problems);
  const config = scan.sections.length > SECTION_LIMIT ? undefined : readSections(scan, problems);
  if (scan.sections.length > SECTION_LIMIT)
    problems.push(whole("too-many-sections", `has over ${SECTION_LIMIT} sections`));
  const each = withoutRepeats(problems).sort((a, b) => a.line - b.line);
  return config === undefined ? { problems: each } : { config, problems: each };
}

/** A line of `[DEFAULT]` is read again for each feed. */
function withoutRepeats(problems: readonly IniProblem[]): IniProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function readSections(scan: Scan, problems: IniProblem[]): PlanetConfig | undefined {
  const kinds = sortSections(scan, problems);
  const defaults = mergeOptions(kinds.default, (key) => key, problems);
  const own = mergeOptions(kinds.planet, scan.dialect === "pluto" ? plutoPlanetKey : (key) => key, problems);
  const fields = new Fields<PlanetKey>(new Map([...defaults, ...own]), problems);
  warnPlanetKeys(own, fields);
  const shared = readSharedFields(fields);
  const groups = groupFeeds(scan, kinds.feed, problems);
  const inherited = { defaults, planetWide: withoutNumbers(shared) };
  const feeds = groups.flatMap((group) => readGroup(group, inherited, problems) ?? []);
  const config = readPlanet(new Map([...defaults, ...own]), fields, shared, feeds);
  if (feeds.length > 0) return config;
  problems.push(whole("no-feeds", whyNoFeed(kinds)));
  return undefined;
}

function whyNoFeed({ feed, unknown, planet }: Record<SectionKind, Section[]>): string {
  if (feed.length + unknown.length > 0) return "has no feed that can be read; the lines below say why";
  return planet.some(({ name }) => name !== undefined) ? "has no feed" : "has no [Planet] section and no feed";
}

/** A planet-wide cap of 0 means "none" and must not look like a cap of the feed. */
function withoutNumbers(shared: SharedFields): SharedFields {
  const { newFeedItems, ...rest } = shared;
  return newFeedItems ? shared : rest;
}

function sortSections({ dialect, sections }: Scan, problems: IniProblem[]): Record<SectionKind, Section[]> {
  const sorted: Record<SectionKind, Section[]> = {
    planet: [],
    default: [],
    template: [],
    filter: [],
    feed: [],
    ignored: [],
    unknown: [],
  };
  const named = (key: PlanetKey | "filters") => new Set(planetWords(sections, key));
  const templates = named("template_files");
  const filters = named("filters");
  for (const section of sections) {
    if (section.broken) continue;
    const kind = section.name === undefined ? "planet" : kindOf(section, templates, filters);
    if (section.name === undefined && dialect === "planet") problems.push(...strayOptions(section));
    else sorted[kind].push(section);
  }
  problems.push(...sorted.unknown.map(unknownSection), ...sorted.filter.map(ignoredFilter));
  problems.push(...sorted.template.flatMap(templateSection));
  problems.push(...repeatedSections(sorted.planet), ...repeatedSections(sorted.default));
  return sorted;
}

function planetWords(sections: readonly Section[], key: PlanetKey | "filters"): string[] {
  const planet = sections.filter(({ name }) => name?.toLowerCase() === "planet");
  const values = planet.flatMap(({ options }) => options.filter((option) => option.key === key));
  return values.flatMap(({ value }) => value.split(/\s+/)).filter(Boolean);
}

function strayOptions({ options }: Section): IniProblem[] {
  const text = "stands before the first section header and is ignored";
  return options.map(({ key, line }) => ({ line, level: "warning", code: "stray-key", text: `"${key}" ${text}` }));
}

interface FeedGroup {
  readonly url: string;
  readonly sections: Section[];
}

/** What a feed has without saying it: values of `[DEFAULT]`, and of the planet's section. */
interface Inherited {
  readonly defaults: Values;
  readonly planetWide: SharedFields;
}

function readGroup(
  { url, sections }: FeedGroup,
  { defaults, planetWide }: Inherited,
  problems: IniProblem[],
): FeedConfig | undefined {
  const slug = !sections[0]?.name?.includes("://");
  const own = mergeOptions(sections, slug ? plutoFeedKey : (key) => key, problems);
  const source = { url, line: sections[0]?.line ?? 0, own, all: new Map([...defaults, ...own]) };
  return readFeed(source, planetWide, problems);
}

/** Sections of one feed are merged: the same URL twice is one subscription, as the operator meant it. */
function groupFeeds({ dialect }: Scan, sections: readonly Section[], problems: IniProblem[]): FeedGroup[] {
  const groups = new Map<string, FeedGroup>();
  const foreign = sections.find(({ name }) => (dialect === "planet") !== name?.includes("://"));
  if (foreign) problems.push(mixedDialects(foreign));
  for (const section of sections) {
    const url = urlOf(section, problems);
    if (url === undefined) continue;
    const same = groups.get(normalizeFeedUrl(url));
    if (same) {
      problems.push(duplicateFeed(section, same));
      same.sections.push(section);
    } else groups.set(normalizeFeedUrl(url), { url, sections: [section] });
  }
  return [...groups.values()];
}

function urlOf(section: Section, problems: IniProblem[]): string | undefined {
  const { name = "", line } = section;
  if (name.includes("://")) return readFeedUrl(name, line, problems);
  const option = section.options.filter(({ key, value }) => plutoFeedKey(key) === "feed" && value !== "").at(-1);
  if (option) return readFeedUrl(option.value, option.line, problems);
  const text = `section "${name}" has no "feed"; give the feed's URL there`;
  problems.push({ line, level: "error", code: "no-feed-url", text });
  return undefined;
}

function mixedDialects({ line }: Section): IniProblem {
  const text = "feeds named by URL and feeds named by a word stand in one file; both are read";
  return { line, level: "warning", code: "mixed-dialects", text };
}

function duplicateFeed({ line, options }: Section, { sections }: FeedGroup): IniProblem {
  const earlier = new Set(sections.flatMap((section) => section.options.map(({ key }) => key)));
  const both = options.filter(({ key, value }) => value !== "" && earlier.has(key)).map(({ key }) => key);
  const winner = both.length === 0 ? "" : `, of ${both.join(", ")} the later one counts`;
  const text = `the same feed as in line ${sections[0]?.line}; both sections are merged${winner}`;
  return { line, level: "warning", code: "duplicate-feed", text };
}

function whole(code: string, text: string): IniProblem {
  return { line: 0, level: "error", code, text };
}
