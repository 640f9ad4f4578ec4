import { markdownTable } from "../../../testing/documentPage.ts";
import { BOTH_SECTIONS, FEED_SECTION, IGNORED_KEYS, PLANET_SECTION } from "../../keys.ts";
import { BOTH_FACTS, FEED_FACTS, type KeyFacts, PLANET_FACTS } from "./keyFacts.ts";

type Spellings = Readonly<Record<string, { readonly pluto?: readonly string[] }>>;

/** The tables of docs/planet-ini.md by the name that their place in the page has. */
export function planetIniTables(): Readonly<Record<string, string>> {
  return {
    "in the planet's section": keyTable(PLANET_SECTION, PLANET_FACTS),
    "in both": keyTable(BOTH_SECTIONS, BOTH_FACTS),
    "in a feed's section": keyTable(FEED_SECTION, FEED_FACTS),
    ignored: ignoredTable(),
  };
}

function keyTable<Key extends string>(keys: Spellings, facts: Record<Key, KeyFacts>): string {
  const rows = (Object.entries(facts) as [Key, KeyFacts][]).map(([key, fact]) => [
    `\`${key}\``,
    knownFrom(fact, keys[key]?.pluto ?? []),
    defaultOf(fact),
    `\`${fact.example}\``,
    meaningOf(fact),
  ]);
  return markdownTable(["key", "known from", "default", "example", "meaning"], rows);
}

function knownFrom({ since }: KeyFacts, pluto: readonly string[]): string {
  return pluto.length === 0 ? since : `${since}; Pluto's ${pluto.map((word) => `\`${word}\``).join(", ")}`;
}

function defaultOf({ default: written, defaultWords }: KeyFacts): string {
  return defaultWords ?? (written === "" ? "–" : `\`${written}\``);
}

function meaningOf({ meaning, range, effect }: KeyFacts): string {
  const legal = range === undefined ? "" : ` Legal: ${range[0]} to ${range[1]}.`;
  return `${effect === "nothing" ? "No effect. " : ""}${meaning}${legal}`;
}

function ignoredTable(): string {
  const rows = [...IGNORED_KEYS, ["cache_<anything>_directory", "the server owns its paths"]] as const;
  return markdownTable(
    ["key", "why it has no effect"],
    rows.map(([key, reason]) => [`\`${key}\``, reason]),
  );
}
