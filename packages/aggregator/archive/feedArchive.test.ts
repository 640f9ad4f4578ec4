import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../build/testing/sampleSite.ts";
import { ArchiveStore } from "./archiveStore.ts";
import { feedArchive } from "./feedArchive.ts";
import { entryKeys, feedKey, idKey } from "./keys.ts";
import { MAX_ENTRIES, MAX_GONE, monthFrom } from "./mergeMonths.ts";
import { writeMonth } from "./monthFile.ts";
import { archived, FEED, shown } from "./testing/entries.ts";
import { type ArchivedEntry, isShown } from "./types.ts";

const NOW = Date.parse("2026-06-01");
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let reads: string[];
beforeEach(async () => {
  [folder, reads] = [await temporaryFolder(), []];
});
afterEach(() => folder.clean());

interface Options {
  readonly archiveMonths?: number;
  readonly forgotten?: ReadonlySet<string>;
  readonly now?: number;
  /** Ids that a feed has, though they are shown as another's. */
  readonly hidden?: readonly ArchivedEntry[];
}

/** A build of a planet of these feeds. */
async function run(feeds: Readonly<Record<string, readonly ArchivedEntry[]>>, options: Options = {}): Promise<void> {
  const { archiveMonths = 0, forgotten, now = NOW, hidden = [] } = options;
  const store = await ArchiveStore.open(folder.path, forgotten);
  const given = Object.entries(feeds).map(([url, entries]) => {
    const own = entries.map((entry) => ({ ...entry, feed: feedKey(url) }));
    return {
      key: feedKey(url),
      stamp: JSON.stringify([own, hidden]),
      shown: own.map(shown),
      own: [...own, ...hidden].map(shown),
      read: async () => {
        reads.push(url);
        return own;
      },
    };
  });
  await feedArchive(store, given, { archiveMonths, now });
}

/** What pages show, by month. */
async function pages(): Promise<Record<string, string[]>> {
  const store = await ArchiveStore.open(folder.path);
  const all: Record<string, string[]> = {};
  for (const month of store.months.keys())
    all[month] = (await store.read(month)).entries
      .filter(isShown)
      .map(({ title }) => String(title))
      .sort();
  return all;
}

const on = (id: string, date: string, more: Partial<ArchivedEntry> = {}) =>
  archived(id, { order: Date.parse(date), ...more });
const [may, june] = [on("may", "2026-05-02"), on("june", "2026-06-02")];

describe("an entry", () => {
  test("stays when its feed has it no more, and when the feed has gone from planet.ini", async () => {
    await run({ [FEED]: [may, june] });
    await run({ [FEED]: [june] });
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may"] });
    await run({});
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may"] });
  });

  test("goes when its author takes it back: an older one is still there", async () => {
    await run({ [FEED]: [on("old", "2026-05-01"), may, june] });
    await run({ [FEED]: [on("old", "2026-05-01"), june] });
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["old"] });
    await run({ [FEED]: [on("old", "2026-05-01"), may, june] });
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may", "old"] });
  });

  test("stays when all that the feed has is new to this server, as after a lost record", async () => {
    await run({ [FEED]: [may, june] });
    await run({ [FEED]: [on("pinned", "2019-01-01", { seen: 9 }), june] });
    expect(await pages()).toMatchObject({ "2026-05": ["may"] });
  });

  test("is on one page: in its month when it gets a date, and not twice when another feed has it", async () => {
    await run({ [FEED]: [archived("late", { order: Number.NEGATIVE_INFINITY }), may] });
    expect(await pages()).toEqual({ "2026-05": ["may"], undated: ["late"] });
    await run({ [FEED]: [on("late", "2026-05-09"), may] });
    expect(await pages()).toEqual({ "2026-05": ["late", "may"], undated: [] });
    await run({ [FEED]: [may] }, { hidden: [on("late", "2026-05-09")] });
    expect(await pages()).toMatchObject({ "2026-05": ["may"] });
  });

  test("has its new words, and the place of its first sighting", async () => {
    await run({ [FEED]: [on("a", "2026-05-02", { seen: 5, author: "Ann" })] });
    await run({ [FEED]: [on("a", "2026-05-03", { seen: 8, author: "Anna" })] });
    const [entry] = (await (await ArchiveStore.open(folder.path)).read("2026-05")).entries;
    expect(entry).toMatchObject({ seen: 5, order: Date.parse("2026-05-02"), author: "Anna", at: NOW + 1 });
  });

  test("a feed that made up entries and took them back has left room for those of others", async () => {
    const marks = Array.from({ length: MAX_ENTRIES }, (_, index) => ({
      key: idKey(`${index}`),
      at: index,
      gone: true as const,
    }));
    await mkdir(join(folder.path, "archive"));
    await writeFile(join(folder.path, "archive/2026-05.json"), writeMonth({ month: "2026-05", entries: marks }));
    await run({ [FEED]: [may] });
    expect(await pages()).toEqual({ "2026-05": ["may"] });
    const { entries } = await (await ArchiveStore.open(folder.path)).read("2026-05");
    expect(
      entries
        .filter((entry) => !isShown(entry))
        .map(({ at }) => at)
        .sort((one, other) => one - other)[0],
    ).toBe(MAX_ENTRIES - MAX_GONE);
  });

  test("a feed cannot fill a month without end", async () => {
    for (const batch of [0, 1_500, 3_000])
      await run({
        [FEED]: Array.from({ length: 1_500 }, (_, index) => on(`${batch + index}`, "2026-05-02", { seen: batch })),
      });
    expect((await pages())["2026-05"]).toHaveLength(2_000);
  });
});

describe("a run", () => {
  test("without news reads no feed and writes no file", async () => {
    await run({ [FEED]: [may, june], "http://b.test/": [on("b", "2026-04-02")] });
    const before = await Promise.all(
      (await readdir(join(folder.path, "archive"))).map((name) => stat(join(folder.path, "archive", name))),
    );
    reads = [];
    await run({ [FEED]: [may, june], "http://b.test/": [on("b", "2026-04-02")] }, { now: NOW + 1 });
    expect(reads).toEqual([]);
    const after = await Promise.all(
      (await readdir(join(folder.path, "archive"))).map((name) => stat(join(folder.path, "archive", name))),
    );
    expect(after.map(({ ino }) => ino)).toEqual(before.map(({ ino }) => ino));
  });

  test("with news of one feed writes the months that they are of", async () => {
    await run({ [FEED]: [may, june], "http://b.test/": [on("b", "2026-04-02")] });
    const inodeOf = async (month: string) => (await stat(join(folder.path, "archive", `${month}.json`))).ino;
    const before = [await inodeOf("2026-04"), await inodeOf("2026-05"), await inodeOf("2026-06")];
    reads = [];
    await run({ [FEED]: [may, june, on("new", "2026-06-03")], "http://b.test/": [on("b", "2026-04-02")] });
    expect(reads).toEqual([FEED]);
    const after = [await inodeOf("2026-04"), await inodeOf("2026-05"), await inodeOf("2026-06")];
    expect(after.map((inode, index) => inode === before[index])).toEqual([true, true, false]);
  });

  test("that was killed before the index was written is made up for", async () => {
    await run({ [FEED]: [may] });
    const index = await readFile(join(folder.path, "archive/index.json"));
    await run({ [FEED]: [may, june] });
    const whole = await readFile(join(folder.path, "archive/index.json"), "utf8");
    await writeFile(join(folder.path, "archive/index.json"), index);
    await run({ [FEED]: [may, june] });
    expect(await readFile(join(folder.path, "archive/index.json"), "utf8")).toBe(whole);
  });

  test("finds its months without an index, and feeds those again whose file is lost", async () => {
    await run({ [FEED]: [may, june] });
    await run({ [FEED]: [june] });
    await rm(join(folder.path, "archive/index.json"));
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may"] });
    await run({ [FEED]: [june] });
    await rm(join(folder.path, "archive/2026-06.json"));
    await run({ [FEED]: [june] });
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may"] });
  });
});

describe("what is not kept", () => {
  test("months that are older than planet:archiveMonths, also when a feed still has their entries", async () => {
    const all = [on("april", "2026-04-02"), may, june, archived("undated", { order: Number.NEGATIVE_INFINITY })];
    await run({ [FEED]: all });
    await run({ [FEED]: all }, { archiveMonths: 2 });
    expect(await pages()).toEqual({ "2026-06": ["june"], "2026-05": ["may"], undated: ["undated"] });
    await run({ [FEED]: all });
    expect(await pages()).toMatchObject({ "2026-04": ["april"] });
  });

  test("months that are still to come", async () => {
    await run({ [FEED]: [june, on("to come", "2026-07-02"), on("far", "9999-12-02")] });
    expect(await pages()).toEqual({ "2026-06": ["june"] });
  });

  test("entries and feeds that are to be forgotten, though the feed still has them", async () => {
    const other = on("b", "2026-05-02", { link: "https://www.b.test/2" });
    await run({ [FEED]: [may, june], "http://b.test/": [other] });
    const [, link = ""] = entryKeys({ id: "another", link: "http://b.test/2/" });
    const forgotten = new Set([feedKey("https://a.test/feed/"), link]);
    await run({ [FEED]: [may, june], "http://b.test/": [other] }, { forgotten });
    expect(await pages()).toEqual({ "2026-06": [], "2026-05": [] });
    const texts = await Promise.all(
      ["2026-05", "2026-06"].map((month) => readFile(join(folder.path, `archive/${month}.json`), "utf8")),
    );
    expect(texts.join("")).not.toMatch(/may|june|b\.test/);
  });

  test("nor do they come back from another server", async () => {
    const store = await ArchiveStore.open(folder.path, new Set(entryKeys({ id: "may", link: "" })));
    expect(await store.merge(monthFrom("2026-05", [may]))).toBe(true);
    expect((await store.read("2026-05")).entries).toEqual([]);
  });
});
