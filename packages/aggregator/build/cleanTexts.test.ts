import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Entry } from "../entry/types.ts";
import { cleanTexts } from "./cleanTexts.ts";
import { temporaryFolder } from "./testing/sampleSite.ts";
import type { ReaderPool } from "./worker/readerPool.ts";
import { perform, type Task } from "./worker/tasks.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.clean());

/** A reader in this thread; what is `slow` takes that many seconds, what is `broken` fails. */
function reader() {
  const read: string[] = [];
  let now = 0;
  const pool = {
    run: async (task: Task) => {
      const text = task.kind === "clean" ? (task.entry.parsed.content?.value ?? "") : "";
      read.push(text);
      now += Number(/slow (\d+)/.exec(text)?.[1] ?? 0) * 1_000;
      if (text.includes("broken")) throw new Error("the reader failed");
      return perform(task);
    },
  } as unknown as ReaderPool;
  return { read, pool, clock: () => now };
}

const entry = (value: string, feed = 0) =>
  ({
    parsed: {
      title: { kind: "html", value: `Title of <b>${value}</b>` },
      content: { kind: "html", value },
      categories: [],
      enclosures: [],
    },
    channel: { index: feed, sourceUrl: "http://a.test/", config: { excerpt: 0 } },
  }) as unknown as Entry;

async function cleaned(entries: readonly Entry[], isTrial = false) {
  const { read, pool, clock } = reader();
  const shown = await cleanTexts(entries, pool, { directory: folder.path, isTrial, clock });
  return {
    read,
    html: shown.map(({ clean }) => clean.contentHtml),
    titles: shown.map(({ clean }) => clean.titlePlain),
  };
}

describe("cleaning (proves what is read in which run; what comes out is the sanitiser's)", () => {
  test("an unchanged entry costs nothing", async () => {
    await cleaned([entry("<p>a</p>"), entry("<p>b</p>")]);
    const { read, html } = await cleaned([entry("<p>a</p>"), entry("<p>c</p>")]);
    expect([read, html]).toEqual([["<p>c</p>"], ["<p>a</p>", "<p>c</p>"]]);
  });

  test("a text that the reader failed on is not tried again, and its title is shown", async () => {
    expect(await cleaned([entry("broken")])).toMatchObject({
      read: ["broken"],
      html: [""],
      titles: ["Title of broken"],
    });
    expect(await cleaned([entry("broken")])).toMatchObject({ read: [], html: [""], titles: ["Title of broken"] });
  });

  test("one feed takes ten seconds of a run at most; the rest of it is cleaned in the next runs", async () => {
    const entries = [entry("<p>slow 6</p>"), entry("<p>slow 7</p>"), entry("<p>slow 8</p>"), entry("<p>other</p>", 1)];
    expect((await cleaned(entries)).read).toEqual(["<p>slow 6</p>", "<p>slow 7</p>", "<p>other</p>"]);
    expect(await cleaned(entries)).toMatchObject({
      read: ["<p>slow 8</p>"],
      html: entries.map(({ parsed }) => parsed.content?.value),
    });
  });

  test("all feeds together take a minute", async () => {
    const entries = [0, 1, 2, 3, 4, 5, 6, 7]
      .map((feed) => entry("<p>slow 9</p>", feed))
      .map((each, index) => ({
        ...each,
        parsed: { ...each.parsed, id: String(index) },
      }));
    expect((await cleaned(entries)).read).toHaveLength(7);
  });

  test("a trial keeps nothing, and takes nothing away", async () => {
    await cleaned([entry("<p>a</p>")]);
    await cleaned([entry("<p>b</p>")], true);
    expect((await cleaned([entry("<p>a</p>")])).read).toEqual([]);
  });
});
