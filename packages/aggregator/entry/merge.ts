import { isOnSite, normalisedId, normalisedLink } from "./addresses.ts";
import { letters, OPENING_LETTERS } from "./opening.ts";
import { hashedId } from "./publishedId.ts";
import type { Entry } from "./types.ts";

/** Beyond this a link is not an entry's address but the home page that a broken feed gives to all. */
const SHARED_LINK_LIMIT = 10;
/** A shorter text is a phrase, not an essay: two blogs may have it by chance. */
const TELLING_LETTERS = 100;

/** One entry as its feeds have it, in the order of planet.ini. */
type Group = [Entry, ...Entry[]];

/**
 * The same entry in several feeds is shown once: for the feed that planet.ini lists first, with the id and at the place of
 * its first sighting. docs/entries.md says when two entries are the same. Linear in the number of entries.
 */
export function mergeAcrossFeeds(entries: readonly Entry[]): Entry[] {
  const groups = new Groups(entries);
  for (const entry of [...entries].sort((a, b) => a.channel.index - b.channel.index)) groups.add(entry);
  return withUniqueIds(groups.all.map(mergedEntry));
}

class Groups {
  readonly all: Group[] = [];
  readonly #byWord = new Map<string, Group>();
  readonly #byLink = new Map<string, Group[]>();
  readonly #links: ReadonlyMap<string, number>;
  readonly #feedsOfTitles: ReadonlyMap<string, ReadonlySet<number>>;

  constructor(entries: readonly Entry[]) {
    const links = new Map<string, number>();
    const titles = new Map<string, Set<number>>();
    for (const entry of entries) {
      const [link, title] = [linkOf(entry), titleOf(entry)];
      links.set(link, (links.get(link) ?? 0) + 1);
      titles.set(title, (titles.get(title) ?? new Set()).add(entry.channel.index));
    }
    this.#links = links;
    this.#feedsOfTitles = titles;
  }

  /** Entries have to come in the order of their feeds. */
  add(entry: Entry): void {
    const words = this.#wordsOf(entry);
    const link = linkOf(entry);
    const samePages = (this.#byLink.get(link) ?? []).filter(([first]) => this.#isSamePage(first, entry));
    const candidates = [...words.map((word) => this.#byWord.get(word)), ...samePages];
    const known = candidates.find((group) => group !== undefined && group.at(-1)?.channel !== entry.channel);
    const group: Group = known ?? [entry];
    if (known === undefined) this.all.push(group);
    else group.push(entry);
    for (const word of words) if (!this.#byWord.has(word)) this.#byWord.set(word, group);
    if (known === undefined && link !== "") this.#byLink.set(link, [...(this.#byLink.get(link) ?? []), group]);
  }

  /** What only the same entry has: the source's own id, and title and text of an essay. */
  #wordsOf(entry: Entry): string[] {
    const { parsed, id } = entry;
    const words: string[] = [];
    if (parsed.id !== undefined && normalisedId(parsed.id) === normalisedId(id)) words.push(`id ${normalisedId(id)}`);
    const title = titleOf(entry);
    if (title !== "" && (this.#feedsOfTitles.get(title)?.size ?? 0) > 1) {
      const { opening } = entry;
      if (opening.length >= TELLING_LETTERS) words.push(`text ${title} ${opening}`);
    }
    return words;
  }

  /** Two entries with one link: blogs that point to the same page elsewhere each have their own say. */
  #isSamePage(first: Entry, second: Entry): boolean {
    const { link = "" } = second.parsed;
    if ((this.#links.get(linkOf(second)) ?? 0) > SHARED_LINK_LIMIT) return false;
    if (!isOnSite(link, homeOf(first)) && !isOnSite(link, homeOf(second))) return false;
    if (titleOf(first) === titleOf(second)) return true;
    const [a, b] = [first, second].map(({ opening }) => opening.slice(0, TELLING_LETTERS));
    return a === b && a !== "";
  }
}

/** The first feed's words, with the id and the place that readers saw first. */
function mergedEntry(group: Group): Entry {
  const [winner, ...others] = group;
  if (others.length === 0) return winner;
  const placed = group.filter(({ order }) => Number.isFinite(order));
  const eldest = (placed.length > 0 ? placed : group).reduce((a, b) => (b.seen < a.seen ? b : a));
  const { id, date, order, seen, index } = eldest;
  const names = new Set(others.map(({ channel }) => channel.config.name));
  names.delete(winner.channel.config.name);
  return { ...winner, id, date, order, seen, index, alsoIn: [...names].sort() };
}

/** Two blogs may say that they have one home page and count their entries alike. The later one's entry gets another id. */
function withUniqueIds(entries: readonly Entry[]): Entry[] {
  const owners = new Map<string, Entry>();
  for (const entry of entries) {
    const owner = owners.get(normalisedId(entry.id));
    if (owner === undefined || entry.seen < owner.seen) owners.set(normalisedId(entry.id), entry);
  }
  return entries.map((entry) =>
    owners.get(normalisedId(entry.id)) === entry
      ? entry
      : { ...entry, id: hashedId(entry.channel.config.url, entry.id, linkOf(entry)) },
  );
}

const linkOf = ({ parsed: { link } }: Entry) => (link === undefined ? "" : normalisedLink(link));
const homeOf = ({ channel }: Entry) => channel.feed?.link ?? channel.config.link ?? channel.sourceUrl;
const titleOf = ({ parsed: { title } }: Entry) => letters(title?.value.slice(0, OPENING_LETTERS) ?? "");
