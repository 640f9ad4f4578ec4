import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { buildSample, configOf, temporaryFolder } from "../../build/testing/sampleSite.ts";
import { formatDate } from "../dateFormat.ts";
import { fill } from "./fill.ts";
import { dateWordsOf, languageOf } from "./languages.ts";
import type { Language } from "./types.ts";

const CODES = ["ar", "de", "en", "es", "fr", "ja", "pt", "zh"];
const english = languageOf("en");
const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
/** All texts of a language by their name. */
const allOf = ({ words, feeds, reasons }: Language) => ({ ...words, ...reasons, ...named(feeds) });
const named = (feeds: object) => Object.fromEntries(Object.entries(feeds).map(([key, text]) => [`feeds.${key}`, text]));
const textsOf = (code: string) => Object.entries(allOf(languageOf(code)));

describe("the words of a language", () => {
  test.each(CODES.filter((code) => code !== "en"))("%s is a language of its own, with every word", (code) => {
    const texts = new Map(textsOf("en"));
    expect(textsOf(code).map(([name]) => name)).toEqual([...texts.keys()]);
    for (const [name, text] of textsOf(code)) {
      expect([name, text.trim(), placesIn(text)]).toEqual([name, text, placesIn(texts.get(name) ?? "")]);
      expect([name, text]).not.toEqual([name, ""]);
    }
  });

  test.each([
    ["de-CH", "de"],
    ["pt-BR", "pt"],
    ["zh-Hant-TW", "zh"],
    ["EN-gb", "en"],
    ["nl", "en"],
    ["constructor", "en"],
  ])("%s is written in %s", (locale, code) => expect(languageOf(locale).words).toBe(languageOf(code).words));

  test("a place without a value stays", () => expect(fill("{a} {b}", { a: "{b}" })).toBe("{b} {b}"));
});

describe("dates", () => {
  const time = Date.UTC(2026, 2, 1, 15, 4, 5);

  // Pinned: the same bytes on every Node.
  test.each([
    ["ar", "1 مارس 2026، 15:04", "الأحد الأحد مارس مارس"],
    ["de", "1. März 2026, 15:04", "Sonntag So März Mär"],
    ["en", "March 01, 2026 03:04 PM", "Sunday Sun March Mar"],
    ["es", "1 de marzo de 2026, 15:04", "domingo dom marzo mar"],
    ["fr", "1 mars 2026 à 15:04", "dimanche dim. mars mars"],
    ["ja", "2026年3月1日 15:04", "日曜日 日 3月 3月"],
    ["pt", "1 de março de 2026, 15:04", "domingo dom. março mar."],
    ["zh", "2026年3月1日 15:04", "星期日 周日 三月 3月"],
  ])("%s writes %s", (code, whole, words) => {
    expect(formatDate(time, languageOf(code).dates.dateFormat, { locale: code, timezone: "UTC" })).toBe(whole);
    expect(formatDate(time, "%A %a %B %b", { locale: code, timezone: "UTC" })).toBe(words);
  });

  test.each(CODES)("%s has a name for each month and day", (code) => {
    const { months, shortMonths, weekdays, shortWeekdays } = dateWordsOf(code) ?? english.dates;
    expect([months, shortMonths, weekdays, shortWeekdays].map(({ length }) => length)).toEqual([12, 12, 7, 7]);
    expect([months, weekdays].map((names) => new Set(names).size)).toEqual([12, 7]);
  });

  test("January has its own name in Austria", () => {
    expect(formatDate(Date.UTC(2026, 0, 5), "%-d. %B (%b)", { locale: "de-AT", timezone: "UTC" })).toBe(
      "5. Jänner (Jän)",
    );
  });

  test("a language that the pages do not speak still has its months", () => {
    expect(formatDate(time, "%-d %B", { locale: "nl", timezone: "UTC" })).toBe("1 maart");
  });
});

test("a planet in another zone: headings, bylines and the foot have its days and hours, feeds say UTC", async () => {
  const folder = await temporaryFolder();
  const ini = "[Planet]\nname = P\ntimezone = Pacific/Auckland\n[http://feeds.test/bakery.xml]\n";
  await buildSample(folder.path, { config: configOf(ini) });
  const [page, atom] = await Promise.all(
    ["index.html", "atom.xml"].map((name) => readFile(join(folder.path, "out", name), "utf8")),
  );
  await folder.clean();
  const shown = [...(page ?? "").matchAll(/<time[^>]*datetime="([^"]+)">([^<]+)/g)].map(([, iso, text]) => [iso, text]);
  expect(shown).toEqual([
    ["2026-05-18", "May 18, 2026"],
    ["2026-05-18T03:30:00Z", "03:30 PM"],
    ["2026-05-17T16:00:00Z", "04:00 AM"],
    ["2026-05-18T12:00:00Z", "May 19, 2026 12:00 AM UTC+12"],
  ]);
  expect(atom).toContain("<updated>2026-05-18T03:30:00Z</updated>");
});

describe("a planet in another language", () => {
  test.each([
    ["de_DE.UTF-8", '<html lang="de-DE" dir="ltr">', "Abonnierte Blogs", "4 Blogs auf einer Seite"],
    ["ar", '<html lang="ar" dir="rtl">', "المدونات", "عدد المدونات في صفحة واحدة: 4"],
    ["ja", '<html lang="ja" dir="ltr">', "購読中のブログ", "4件のブログをひとつのページに"],
  ])("%s: page, titles and feeds say nothing in English", async (locale, html, heading, about) => {
    const folder = await temporaryFolder();
    const feeds = ["lighthouse.xml", "bakery.xml", "oldtimer.xml", "absent.xml"].map(
      (name, index) => `[http://feeds.test/${name}]\nname = ${index}\n`,
    );
    const ini = `[Planet]\nname = P\nowner_name = O\nactivity_threshold = 9\nlocale = ${locale}\n${feeds.join("")}`;
    await buildSample(folder.path, { config: configOf(ini) });
    const [page = "", titles = "", rss = ""] = await Promise.all(
      ["index.html", "titles_only.html", "rss20.xml"].map((name) => readFile(join(folder.path, "out", name), "utf8")),
    );
    await folder.clean();
    expect(page).toContain(html);
    expect(titles).toContain(html);
    expect(page).toContain(`<h2 id="subscriptions-title">${heading}</h2>`);
    expect(page).toContain(about);
    expect(rss).toContain(about);
    const own = page.replace(/<div class="content e-content">[\s\S]*?\n<\/div>/g, "");
    for (const [name, word] of Object.entries(english.words)) {
      if (languageOf(locale).words[name as keyof typeof english.words] === word || word.includes("{")) continue;
      if (/^(?:from|titles|feed)$/.test(word)) continue; // parts of names of classes and files
      expect(own).not.toContain(`>${word}<`);
    }
    expect(own).not.toMatch(/No activity|Not fetched|Last updated|Kept by|Subscriptions/);
  });
});
