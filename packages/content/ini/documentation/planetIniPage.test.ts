import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { expectParts } from "../../testing/documentPage.ts";
import { readPlanetIni } from "../readPlanetIni.ts";
import type { FeedConfig, PlanetConfig } from "../types.ts";
import { BOTH_FACTS, FEED_FACTS, type KeyFacts, PLANET_FACTS } from "./testing/keyFacts.ts";
import { planetIniTables } from "./testing/planetIniPage.ts";

const PAGE = new URL("../../../../docs/planet-ini.md", import.meta.url);

const URL_SECTION = "[https://a.example/f]";
/** A planet.ini with one line more, in the planet's section or in the feed's. */
const inPlanet = (line: string) => `[Planet]\n${line}\n${URL_SECTION}\n`;
const inFeed = (line: string) => `[Planet]\nlink = http://p.example/\n${URL_SECTION}\n${line}\n`;

interface Case {
  readonly key: string;
  readonly facts: KeyFacts;
  readonly file: (line: string) => string;
}

const cases = (facts: Readonly<Record<string, KeyFacts>>, file: Case["file"]): Case[] =>
  Object.entries(facts).map(([key, fact]) => ({ key, facts: fact, file }));
const inPlanetCases = [...cases(PLANET_FACTS, inPlanet), ...cases(BOTH_FACTS, inPlanet)];
// `feed` belongs in a section that is named by a word: here it is only template data.
const inFeedCases = [...cases(FEED_FACTS, inFeed), ...cases(BOTH_FACTS, inFeed)].filter(({ key }) => key !== "feed");
const allCases = [...inPlanetCases, ...inFeedCases];

/** What the file means, without the text of its keys. */
function meaning(file: string): unknown {
  const { config } = readPlanetIni(file);
  const withoutText = ({ values: _values, ...rest }: PlanetConfig | FeedConfig) => rest;
  return config && { ...withoutText(config), feeds: config.feeds.map(withoutText) };
}

/** Problems, but for the one that a planet without a link has. */
const problems = (file: string) => readPlanetIni(file).problems.filter(({ code }) => code !== "no-link");

describe("docs/planet-ini.md (proves that it says what the reader does; not that the words are clear)", () => {
  test("has the tables of the code (UPDATE_GOLDEN=1 rewrites them)", () => expectParts(PAGE, planetIniTables()));

  test("its examples are read without a warning", () => {
    const examples = [...readFileSync(PAGE, "utf8").matchAll(/planetIniPage\.test\.ts -->\n```ini\n([\s\S]*?)```/g)];
    expect(examples.map(([, ini = ""]) => readPlanetIni(ini).problems)).toEqual([[], [], []]);
    const [planet, pluto] = examples.map(([, ini = ""]) => readPlanetIni(ini).config);
    const shown = (config: PlanetConfig | undefined) => [
      config?.name,
      config?.link,
      config?.feeds.map(({ url, name, face, filter }) => ({ url, name, face, filter })),
    ];
    expect(shown(pluto)).toEqual(shown(planet));
  });

  test.each(allCases)("the default of $key is the same as leaving it out", ({ key, facts, file }) => {
    expect(meaning(file(`${key} = ${facts.default}`))).toEqual(meaning(file("")));
  });

  test.each(allCases)("the example of $key is taken, and means something", ({ key, facts, file }) => {
    const example = file(`${key} = ${facts.example}`);
    expect(problems(example)).toEqual([]);
    if (facts.effect === undefined) expect(meaning(example)).not.toEqual(meaning(file("")));
    if (facts.effect === "data") {
      const { config } = readPlanetIni(example);
      expect([config?.values.get(key), config?.feeds[0]?.values.get(key)]).toContain(facts.example);
    }
  });

  test.each(allCases.filter(({ facts }) => facts.range))(
    "the range of $key is the legal one",
    ({ key, facts, file }) => {
      const [lowest, highest] = facts.range ?? [0, 0];
      const codes = (value: number) => problems(file(`${key} = ${value}`)).map(({ code }) => code);
      expect([codes(lowest - 1), codes(lowest), codes(highest), codes(highest + 1)]).toEqual([
        ["out-of-range"],
        [],
        [],
        ["out-of-range"],
      ]);
    },
  );

  test("a feed's URL may be in its section", () => {
    const file = `[Planet]\nlink = http://p.example/\n[b]\nfeed = ${FEED_FACTS.feed.example}\n`;
    expect(readPlanetIni(file).config?.feeds[0]?.url).toBe(FEED_FACTS.feed.example);
  });
});
