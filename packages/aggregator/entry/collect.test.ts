import { describe, expect, test } from "@jest/globals";
import type { ParsedEntry } from "../parse/types.ts";
import { collectEntries } from "./collect.ts";
import { afterRuns, DAY, entry, type FeedFacts, HOUR, NOW, pageOf } from "./testing/runs.ts";

const post = (id: string, published?: number, more: Partial<ParsedEntry> = {}) => entry({ id, published, ...more });
const placesAfter = (documents: readonly (readonly ParsedEntry[])[], facts?: FeedFacts) =>
  Object.fromEntries(
    collectEntries(afterRuns(documents, facts), NOW).map(({ parsed, date, order }) => [parsed.id, { date, order }]),
  );
const idsOf = (channels: Parameters<typeof pageOf>[0], keys?: string) =>
  pageOf(channels, keys).map(({ parsed }) => parsed.id);
const UNDATED = { date: undefined, order: Number.NEGATIVE_INFINITY };
const at = (time: number) => ({ date: time, order: time });

describe("where an entry stands", () => {
  test("undated on a first fetch: at the end, since every old text would claim to be new", () => {
    expect(placesAfter([[post("1")]])).toEqual({ 1: UNDATED });
  });

  test("undated, in a feed without dates, later: at the time it was first seen, never the time of this run", () => {
    expect(placesAfter([[post("1")], [post("2"), post("1")], [post("2"), post("1")]])).toEqual({
      2: at(NOW - HOUR),
      1: UNDATED,
    });
  });

  test("undated, in a feed that dates others: at the end, also later", () => {
    expect(placesAfter([[post("1", NOW - DAY)], [post("2"), post("1", NOW - DAY)]])).toMatchObject({ 2: UNDATED });
  });

  test("the first date that an undated entry gets is its date, and the last", () => {
    const dates = [undefined, NOW - 2 * DAY, NOW - DAY];
    expect(placesAfter(dates.map((date) => [post("1", date)]))).toEqual({ 1: at(NOW - 2 * DAY) });
  });

  test("the first date stays, whatever the feed says later", () => {
    expect(placesAfter([[post("1", NOW - DAY)], [post("1", NOW)]])).toEqual({ 1: at(NOW - DAY) });
    expect(placesAfter([[post("1", NOW - DAY)], [post("1")]])).toEqual({ 1: at(NOW - DAY) });
  });

  test("a date in the future: where it was first seen; on a first fetch behind what its feed had by then", () => {
    const [future, fresh] = [post("future", NOW + 30 * DAY), post("fresh", NOW - 2 * HOUR)];
    expect(placesAfter([[fresh], [future, fresh], [future, fresh]])).toMatchObject({
      future: { date: NOW + 30 * DAY, order: NOW - HOUR },
    });
    expect(placesAfter([[future, fresh]])).toMatchObject({ future: { order: NOW - 2 * HOUR - 1 } });
    expect(placesAfter([[future]])).toMatchObject({ future: { order: Number.NEGATIVE_INFINITY } });
  });

  test("a date that was in the future keeps its place when it passes", () => {
    const soon = post("soon", NOW - HOUR / 2);
    const documents = [[post("old", NOW - DAY)], [soon], [soon]];
    expect(placesAfter(documents)).toMatchObject({ soon: { date: NOW - HOUR / 2, order: NOW - HOUR } });
  });

  test.each([
    ["keep", ["old", "future"]],
    ["ignore_date", ["old", "future"]],
    ["ignore_entry", ["old"]],
  ] as const)("future_dates = %s", (futureDates, expected) => {
    const documents = [[post("future", NOW + 2 * HOUR), post("old", NOW - DAY)]];
    expect(idsOf([afterRuns(documents, { config: { futureDates } })])).toEqual(expected);
    const { date } = placesAfter(documents, { config: { futureDates } }).future ?? {};
    expect(date).toBe(futureDates === "keep" ? NOW + 2 * HOUR : undefined);
  });

  test("four entries of one moment are a regenerated feed: those that came later have the time they were seen", () => {
    const made = NOW - 5 * DAY;
    const four = ["1", "2", "3", "4"].map((id) => post(id, made));
    const again = ["5", "1", "2", "3", "4"].map((id) => post(id, NOW - HOUR / 2));
    expect(placesAfter([four, again])).toEqual({ 1: at(made), 2: at(made), 3: at(made), 4: at(made), 5: at(NOW) });
  });

  test("`ignore_in_feed = published updated` is a feed without dates", () => {
    const config = { ignoreInFeed: ["published", "updated"] };
    const documents = [[post("1", NOW - DAY)], [post("2", NOW - DAY), post("1", NOW - DAY)]];
    expect(placesAfter(documents, { config })).toEqual({ 2: at(NOW), 1: UNDATED });
  });
});

describe("one document", () => {
  test("same id and link: the later update wins", () => {
    const twice = [post("1", NOW, { updated: 1, rights: "old" }), post("1", NOW, { updated: 2, rights: "new" })];
    expect(pageOf([afterRuns([twice])]).map(({ parsed }) => parsed.rights)).toEqual(["new"]);
  });

  test.each([
    ["one id and different links", [1, 2].map((n) => entry({ id: "same", link: `http://a.test/${n}` }))],
    [
      "one id, one link and different titles",
      [1, 2].map((n) => entry({ id: "s", link: "http://a.test/x", name: `${n}` })),
    ],
    [
      "the home page for id and link",
      [1, 2].map((n) => entry({ id: "http://a.test/", link: "http://a.test", name: `${n}` })),
    ],
    ["no id, one link and different titles", [1, 2].map((n) => entry({ link: "http://a.test/x", name: `${n}` }))],
    ["nothing but different texts", [1, 2].map((n) => entry({ text: `${n}` }))],
  ])("%s are different entries with ids of their own", (_, document) => {
    const shown = pageOf([afterRuns([document])]);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(2);
  });
});

describe("a known entry", () => {
  const long = "A text of some length, which nobody writes twice. ".repeat(4);
  const published = NOW - DAY;

  test.each<
    [
      string,
      Partial<ParsedEntry> & { text?: string; name?: string },
      Partial<ParsedEntry> & { text?: string; name?: string },
    ]
  >([
    ["by its id", { id: "1", link: "http://a.test/1" }, { id: "1", link: "http://a.test/x", name: "new" }],
    ["by its id over https", { id: "http://a.test/1" }, { id: "https://www.a.test/1" }],
    [
      "by link and title",
      { id: "1", link: "http://a.test/1", name: "t" },
      { id: "2", link: "https://a.test/1/", name: "t" },
    ],
    ["by its link without an id", { link: "http://a.test/1", name: "t" }, { link: "https://www.a.test/1", name: "u" }],
    ["by title and date", { id: "1", name: "t", published }, { id: "2", name: "t", published, text: "new" }],
    ["by title and text, undated", { id: "1", name: "t", text: "short" }, { id: "2", name: "t", text: "short" }],
    [
      "by title and a long text",
      { id: "1", name: "t", text: long, published },
      { id: "2", name: "t", text: long, published: NOW },
    ],
  ])("%s keeps its id", (_, before, after) => {
    const [first, second] = [afterRuns([[entry(before)]]), afterRuns([[entry(before)], [entry(after)]])];
    expect(pageOf([second]).map(({ id }) => id)).toEqual(pageOf([first]).map(({ id }) => id));
  });

  test.each<
    [
      string,
      Partial<ParsedEntry> & { text?: string; name?: string },
      Partial<ParsedEntry> & { text?: string; name?: string },
    ]
  >([
    [
      "with the same title on another day",
      { id: "1", name: "Open thread", published },
      { id: "2", name: "Open thread", published: NOW },
    ],
    [
      "of the same changing page",
      { id: "1", link: "http://a.test/log", name: "1.0" },
      { id: "2", link: "http://a.test/log", name: "1.1" },
    ],
    ["with the home page for an id", { id: "http://a.test/", name: "x" }, { id: "http://a.test/", name: "y" }],
  ])("is not another one %s", (_, before, after) => {
    expect(pageOf([afterRuns([[entry(before)], [entry(after)]])])).toHaveLength(2);
  });

  test("of a shared guid stays itself when another of that guid comes and it moves", () => {
    const [one, two] = [1, 2].map((n) => entry({ id: "s", link: `http://a.test/${n}`, name: `${n}` })) as [
      ParsedEntry,
      ParsedEntry,
    ];
    const before = afterRuns([[one, two]]);
    const after = afterRuns([
      [one, two],
      [entry({ id: "s", link: "http://a.test/3", name: "3" }), { ...one, link: "http://a.test/new" }, two],
    ]);
    expect(pageOf([after]).map(({ id }) => id)).toEqual(expect.arrayContaining(pageOf([before]).map(({ id }) => id)));
    expect(pageOf([after])).toHaveLength(3);
  });

  test("stays when newer ones push it out of its feed, and goes when an older one is still there", () => {
    const [a, b, c] = [1, 2, 3].map((n) => post(String(n), NOW - n * DAY)) as [ParsedEntry, ParsedEntry, ParsedEntry];
    expect(idsOf([afterRuns([[b, c], [a]])])).toEqual(["1", "2", "3"]);
    expect(
      idsOf([
        afterRuns([
          [a, b, c],
          [a, c],
        ]),
      ]),
    ).toEqual(["1", "3"]);
    expect(idsOf([afterRuns([[b, c], [a], [a], [a]])])).toEqual(["1", "2", "3"]);
  });

  test("is not taken back because a pinned old entry heads its feed", () => {
    const [a, b, pinned] = [1, 2, 9].map((n) => post(String(n), NOW - n * DAY)) as [
      ParsedEntry,
      ParsedEntry,
      ParsedEntry,
    ];
    expect(
      idsOf([
        afterRuns([
          [pinned, b],
          [pinned, a],
        ]),
      ]),
    ).toEqual(["1", "2", "9"]);
  });
});

describe("one entry in two feeds", () => {
  const two = (first: Parameters<typeof entry>[0], second: Parameters<typeof entry>[0]) =>
    pageOf([
      afterRuns([[entry(first)]], { home: "http://a.test/" }),
      afterRuns([[entry(second)]], { index: 1, home: "http://b.test/" }),
    ]);

  test("the same page without words is shown once, for the feed listed first, and names the other", () => {
    const shown = two(
      { id: "a", link: "http://www.a.test/1/?utm_source=x" },
      { id: "b", link: "https://a.test/1#top" },
    );
    expect(shown.map(({ parsed, alsoIn }) => [parsed.id, alsoIn])).toEqual([["a", ["Feed 1"]]]);
  });

  test("so is a page with the same words, in a feed that writes the author before the title", () => {
    const text = "Words of the essay, enough to know it by. ".repeat(4);
    const page = { link: "http://a.test/1", text };
    expect(two({ ...page, id: "a", name: "Essay" }, { ...page, id: "b", name: "Ann: Essay" })).toHaveLength(1);
  });

  test.each([
    ["a page elsewhere", { link: "http://news.test/1", name: "t" }, { link: "http://news.test/1", name: "t" }],
    [
      "other words on the page of one of them",
      { link: "http://a.test/1", name: "t", text: "x" },
      { link: "http://a.test/1", name: "u", text: "y" },
    ],
    [
      "the title and the page of the other, with other words",
      { link: "http://a.test/1", name: "t", text: "Ann's essay" },
      { link: "http://a.test/1", name: "t", text: "Bob's comment" },
    ],
    [
      "the page of the other, in untitled words",
      { link: "http://a.test/1", text: "Ann's note" },
      { link: "http://a.test/1", text: "Bob's comment" },
    ],
    ["a short text that both have", { name: "Hello", text: "Hello" }, { name: "Hello", text: "Hello" }],
  ])("%s merges nothing", (_, first, second) => {
    expect(two({ ...first, id: "a" }, { ...second, id: "b" })).toHaveLength(2);
  });

  test("a link that eleven entries share is the home page and merges nothing", () => {
    const link = "http://a.test/all";
    const entries = Array.from({ length: 10 }, (_value, n) => post(String(n), NOW - n * HOUR, { link }));
    expect(pageOf([afterRuns([entries]), afterRuns([[post("x", NOW, { link })]], { index: 1 })])).toHaveLength(11);
  });

  test("the same blog by two addresses does not name itself", () => {
    const page = [entry({ id: "http://a.test/1" })];
    const [only] = pageOf([afterRuns([page]), afterRuns([page], { index: 1, config: { name: "Feed 0" } })]);
    expect(only?.alsoIn).toEqual([]);
  });
});

describe("the window", () => {
  const many = (index: number, count: number) =>
    afterRuns([Array.from({ length: count }, (_value, n) => post(`${index}-${n}`, NOW - n * DAY))], { index });

  test("newest first; ties by place in planet.ini; undated last", () => {
    const undated = afterRuns([[post("undated")]], { index: 2 });
    expect(idsOf([many(0, 2), many(1, 1), undated])).toEqual(["0-0", "1-0", "0-1", "undated"]);
  });

  test("ties within a feed: in its order, later ones first, and for good", () => {
    const [z, m, a] = ["z", "m", "a"].map((id) => post(id, NOW - DAY)) as [ParsedEntry, ParsedEntry, ParsedEntry];
    expect(
      idsOf([
        afterRuns([
          [m, a],
          [z, m, a],
          [a, m, z],
        ]),
      ]),
    ).toEqual(["z", "m", "a"]);
  });

  test("items_per_page, new_feed_items and days_per_page all hold", () => {
    expect(idsOf([many(0, 9)], "items_per_page = 3")).toHaveLength(3);
    expect(idsOf([many(0, 9), many(1, 1)], "new_feed_items = 2")).toEqual(["0-0", "1-0", "0-1"]);
    expect(idsOf([many(0, 9)], "days_per_page = 2")).toEqual(["0-0", "0-1"]);
  });

  test("a day begins at midnight in the planet's zone", () => {
    const midnight = Math.floor(NOW / DAY) * DAY - 2 * HOUR; // of Berlin, in summer
    const channel = afterRuns([[post("after", midnight + 60_000), post("before", midnight - 60_000)]]);
    expect(idsOf([channel], "days_per_page = 1\ntimezone = Europe/Berlin")).toEqual(["after"]);
    expect(idsOf([channel], "days_per_page = 1")).toEqual(["after", "before"]);
  });
});

test("title_type overrules the feed", () => {
  const title = { kind: "html", value: "a <b>" } as const;
  const [only] = pageOf([afterRuns([[post("1", NOW, { title })]], { config: { titleType: "text" } })]);
  expect(only?.parsed.title?.kind).toBe("text");
});

test("name_type = html: a name is written in HTML", () => {
  const written = { author: "Jane <em>D&ouml;</em>", authors: ["Jane <em>D&ouml;</em>", "<b>Bo</b>"] };
  const [only] = pageOf([afterRuns([[post("1", NOW, written)]], { config: { nameType: "html" } })]);
  expect(only?.parsed).toMatchObject({ author: "Jane Dö", authors: ["Jane Dö", "Bo"] });
});

test.each([
  ["published", ["new", "old"]],
  ["updated", ["old", "new"]],
] as const)("order = %s", (order, expected) => {
  const documents = [
    [post("new", NOW - DAY), post("old", NOW - 9 * DAY, { updated: NOW - 9 * DAY })],
    [post("new", NOW - DAY), post("old", NOW - 9 * DAY, { updated: NOW - HOUR })],
  ];
  expect(idsOf([afterRuns(documents, { config: { order } })])).toEqual(expected);
});

test("order = updated: a date of change in the future moves nothing", () => {
  const documents = [[post("new", NOW - DAY), post("old", NOW - 9 * DAY, { updated: NOW + 9 * DAY })]];
  expect(idsOf([afterRuns(documents, { config: { order: "updated" } })])).toEqual(["new", "old"]);
});
