import { digestOf, type Marks } from "./marks.ts";

/** Characters that no URI has, and percent signs that escape nothing. */
const NOT_IN_URIS = /[\s\p{C}<>"{}|\\^`]|%(?![0-9a-f]{2})/iu;
const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:./i;
const TAG = /^tag:[\w.@-]+,\d{4}(?:-\d\d){0,2}:/i;
const HASHED = "urn:sha256:";

/** The source's id, if a feed may have it (RFC 4287: an IRI; RFC 8141, RFC 4151), and it holds no password. */
export function publishableId(id: string | undefined): string | undefined {
  if (id === undefined || NOT_IN_URIS.test(id)) return undefined;
  return URN.test(id) || TAG.test(id) || isPublicWebAddress(id) ? id : undefined;
}

function isPublicWebAddress(id: string): boolean {
  if (!/^https?:\/\//i.test(id) || !URL.canParse(id)) return false;
  const { username, password } = new URL(id);
  return username === "" && password === "";
}

export const hashedId = (...words: readonly string[]): string => `${HASHED}${digestOf(words)}`;

/** Gives ids to new entries of a feed, each id once. */
export class Namer {
  readonly #home: string;
  readonly #taken: Set<string>;
  readonly #uses = new Map<string, number>();

  /** `entries`: all that the feed has or had, new ones included; `taken`: the ids that were given before. */
  constructor(home: string, entries: readonly Marks[], taken: Iterable<string>) {
    this.#home = home;
    this.#taken = new Set(taken);
    for (const key of entries.flatMap(namesOf).map(keyOf)) this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
  }

  /** The source's own id, so that readers who know the entry do not see it twice; else, or when it repeats, a hash. */
  nameOf(marks: Marks, sourceId: string | undefined): string {
    for (const id of this.#candidates(marks, sourceId)) if (!this.#taken.has(id)) return this.#take(id);
    return this.#take(this.#counted(marks));
  }

  /** One by one: nearly always the first is free, and each hash takes its time. */
  *#candidates(marks: Marks, sourceId: string | undefined): Generator<string> {
    const [plain = [], ...longer] = namesOf(marks).filter((name) => this.#uses.get(keyOf(name)) === 1);
    const own = plain.length === 1 && plain[0] === marks.id ? publishableId(sourceId) : undefined;
    yield own ?? hashedId(this.#home, ...plain);
    for (const name of longer) yield hashedId(this.#home, ...name);
  }

  #take(id: string): string {
    this.#taken.add(id);
    return id;
  }

  /** For an entry that is like a former one in every word. */
  #counted(marks: Marks): string {
    return hashedId(this.#home, JSON.stringify(marks), String(this.#taken.size));
  }
}

const keyOf = (name: readonly string[]) => JSON.stringify(name);

/** What an entry may be called, the most lasting first; the longer ones are for feeds that give one guid or link to all. */
function namesOf({ id, link, title, text, date }: Marks): string[][] {
  const whole = [id, link, title, text, date];
  const names =
    id !== undefined
      ? [[id], [id, link], [id, link, title], whole]
      : link !== undefined
        ? [[link], [link, title], whole]
        : [[title ?? text], whole];
  return names.map((words) => words.map((word) => word ?? ""));
}
