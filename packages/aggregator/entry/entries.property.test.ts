import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ParsedEntry } from "../parse/types.ts";
import { afterRuns, DAY, entry, NOW, pageOf } from "./testing/runs.ts";

const HOME = "http://a.test/";
/** How a blog names its entries: well, by addresses or links alone, or with one guid for all. */
type Naming = (n: number) => Partial<ParsedEntry>;
const NAMINGS: readonly Naming[] = [
  (n) => ({ id: `post-${n}`, link: `${HOME}${n}` }),
  (n) => ({ id: `${HOME}${n}` }),
  (n) => ({ link: `${HOME}${n}` }),
  (n) => ({ id: "urn:x:blog", link: `${HOME}${n}` }),
  (n) => ({ id: HOME, link: `${HOME}${n}` }),
];
/** Or with nothing but their words. */
const WORDS: Naming = () => ({ link: HOME });

interface Post {
  readonly n: number;
  /** Days before now, negative in the future; undefined: the feed gives none. */
  readonly age: number | undefined;
  readonly https: boolean;
  readonly edited: boolean;
}

const post: fc.Arbitrary<Post> = fc.record({
  n: fc.nat(8),
  age: fc.option(fc.integer({ min: -2, max: 5 }), { nil: undefined }),
  https: fc.boolean(),
  edited: fc.boolean(),
});
const document = fc.uniqueArray(post, { selector: ({ n }) => n, maxLength: 9 });
const runs = fc.array(document, { minLength: 1, maxLength: 5 });
const blog = fc.record({ naming: fc.constantFrom(...NAMINGS, WORDS), runs });

function parsedOf({ n, age, https, edited }: Post, naming: Naming): ParsedEntry {
  const named = naming(n);
  const moved = (url: string | undefined) => (https ? url?.replace(/^http:/, "https:") : url);
  return entry({
    ...named,
    id: moved(named.id),
    link: moved(named.link),
    name: `Post ${n}`,
    // Of words alone, one kind has to stay.
    text: edited && naming !== WORDS ? "another text" : `text ${n}`,
    published: age === undefined ? undefined : NOW - age * DAY,
  });
}

const nameOf = ({ parsed }: { parsed: ParsedEntry }) => parsed.title?.value ?? "";

describe("whatever the feeds of a planet say, run by run (a sample of all namings, edits and orders)", () => {
  const feedAfter = (facts: { naming: Naming; runs: Post[][] }, index: number) =>
    afterRuns(
      facts.runs.map((posts) => posts.map((each) => parsedOf(each, facts.naming))),
      { index, home: index === 0 ? HOME : "http://b.test/" },
    );

  test("each entry that a feed lists is on the page once, and no two have one id", () => {
    fc.assert(
      fc.property(blog, (facts) => {
        const shown = pageOf([feedAfter(facts, 0)], "items_per_page = 500");
        const listed = facts.runs.at(-1)?.map(({ n }) => `Post ${n}`) ?? [];
        expect(
          shown
            .map(nameOf)
            .filter((name) => listed.includes(name))
            .sort(),
        ).toEqual(listed.sort());
        expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
      }),
    );
  });

  test("no two entries of a page have one id, in two feeds either", () => {
    fc.assert(
      fc.property(blog, blog, (first, second) => {
        const shown = pageOf([feedAfter(first, 0), feedAfter(second, 1)], "items_per_page = 500");
        expect(new Set(shown.map(({ id }) => id.replace(/^https?:/, ""))).size).toBe(shown.length);
      }),
    );
  });

  test("an entry that stays in the feed keeps its id, its date and its place", () => {
    fc.assert(
      fc.property(blog, document, ({ naming, runs: earlier }, added) => {
        const last = earlier.at(-1) ?? [];
        const stayed = new Set(last.map(({ n }) => n));
        // The same posts, edited and in any order, and others.
        const next = [
          ...added.filter(({ n }) => !stayed.has(n)),
          ...last.map((each) => ({ ...each, age: added[0]?.age, edited: true })),
        ];
        const before = feedAfter({ naming, runs: earlier }, 0);
        const after = feedAfter({ naming, runs: [...earlier, next] }, 0);
        const placed = (feed: typeof before) =>
          new Map(feed.feed?.entries.map(({ title, sighting }) => [title?.value, sighting]));
        for (const { n } of last) {
          const [then, now] = [placed(before).get(`Post ${n}`), placed(after).get(`Post ${n}`)];
          expect(now?.id).toBe(then?.id);
          expect(now?.index).toBe(then?.index);
          if (then?.published !== undefined) expect(now?.published).toBe(then.published);
        }
      }),
    );
  });
});
