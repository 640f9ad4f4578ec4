import { isOnSite, normalisedId, normalisedLink } from "./addresses.ts";
import { letters, OPENING_LETTERS } from "./opening.ts";
import { hashedId } from "./publishedId.ts";
import type { Entry } from "./types.ts";

/** Beyond this a link is not an entry's address but the home page that a broken feed gives to all. */
const SHARED_LINK_LIMIT = 10;
/** A shorter text is a phrase, not an essay: two blogs may have it by chance. */
const TELLING_LETTERS = 100;
/** Instead of a feed's place in planet.ini. */
const SEVERAL = -1;

/** One entry as its feeds have it, in the order of planet.ini. */
type Group = [Entry, ...Entry[]];

/**
 * The same entry in several feeds is shown once: for the feed that planet.ini lists first, with the id and at the place of
 * its first sighting. docs/entries.md says when two entries are the same. Linear in the number of entries.
 */
export function mergeAcrossFeeds(entries: readonly Entry[]): Entry[] {
  return withUniqueIds(new Groups(entries).all.map(mergedEntry));
}

/** What is compared of an entry; empty words are those that it lacks. */
interface Compared {
  readonly entry: Entry;
  readonly link: string;
  readonly title: string;
}

const comparedOf = (entry: Entry): Compared => ({
  entry,
  link: linkOf(entry),
  title: letters(entry.parsed.title?.value.slice(0, OPENING_LETTERS) ?? ""),
});

class Groups {
  readonly all: Group[] = [];
  readonly #byWord = new Map<string, Group>();
  readonly #byLink = new Map<string, { readonly first: Compared; readonly group: Group }[]>();
  readonly #uses = new Map<string, number>();
  /** The only feed that has an entry of this title, or SEVERAL. */
  readonly #feedOfTitle = new Map<string, number>();

  constructor(entries: readonly Entry[]) {
    const compared = entries.map(comparedOf);
    for (const { link, title, entry } of compared) {
      this.#uses.set(link, (this.#uses.get(link) ?? 0) + 1);
      const feed = entry.channel.index;
      this.#feedOfTitle.set(title, (this.#feedOfTitle.get(title) ?? feed) === feed ? feed : SEVERAL);
    }
    // In the order of planet.ini: the first one of a group is the one to show.
    for (const each of compared.sort((a, b) => a.entry.channel.index - b.entry.channel.index)) this.#add(each);
  }

  #add(added: Compared): void {
    const { entry, link } = added;
    const words = this.#wordsOf(added);
    const samePages = (this.#byLink.get(link) ?? []).filter(({ first }) => this.#isSamePage(first, added));
    const candidates = [...words.map((word) => this.#byWord.get(word)), ...samePages.map(({ group }) => group)];
    const known = candidates.find((group) => group !== undefined && group.at(-1)?.channel !== entry.channel);
    const group: Group = known ?? [entry];
    if (known !== undefined) known.push(entry);
    else this.#open(added, group);
    for (const word of words) if (!this.#byWord.has(word)) this.#byWord.set(word, group);
  }

  #open(first: Compared, group: Group): void {
    this.all.push(group);
    const { link } = first;
    if (link === "" || (this.#uses.get(link) ?? 0) > SHARED_LINK_LIMIT) return;
    this.#byLink.set(link, [...(this.#byLink.get(link) ?? []), { first, group }]);
  }

  /** What only the same entry has: the source's own id, and title and text of an essay. */
  #wordsOf(compared: Compared): string[] {
    const { entry, title } = compared;
    const id = normalisedId(entry.id);
    const words: string[] = [];
    if (entry.parsed.id !== undefined && normalisedId(entry.parsed.id) === id) words.push(`id ${id}`);
    const isElsewhere = title !== "" && this.#feedOfTitle.get(title) === SEVERAL;
    if (isElsewhere && entry.opening.length >= TELLING_LETTERS) words.push(`text ${title} ${entry.opening}`);
    return words;
  }

  /** Of entries with one link: blogs that point to the same page each have their own say. */
  #isSamePage(first: Compared, second: Compared): boolean {
    const { link = "" } = second.entry.parsed;
    if (!isOnSite(link, homeOf(first.entry)) && !isOnSite(link, homeOf(second.entry))) return false;
    const [a, b] = [first.entry.opening, second.entry.opening];
    if (a === "" || b === "") return first.title === second.title;
    return a.startsWith(b.slice(0, TELLING_LETTERS)) || b.startsWith(a.slice(0, TELLING_LETTERS));
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
