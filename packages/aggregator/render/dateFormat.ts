import { dateWordsOf } from "./words/languages.ts";
import type { DateWords } from "./words/types.ts";

const DAY_MS = 86_400_000;

/** Writes a date by a strftime pattern, always in UTC. What it does not know stays as written. */
export function formatDate(time: number, pattern: string, locale: string): string {
  const date = new Date(time);
  return pattern.replace(/%(-?[A-Za-z%])/g, (whole, letter: string) => FORMATS[letter]?.(date, locale) ?? whole);
}

/** RFC 3339, without the milliseconds that nobody wants to read. */
export function isoDate(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** RFC 822 with a four-digit year, as RSS 2.0 wants it. */
export function rfc822Date(time: number): string {
  return new Date(time).toUTCString().replace("GMT", "+0000");
}

/** The day in UTC, `2026-03-01`. */
export function isoDay(time: number): string {
  return isoDate(time).slice(0, 10);
}

const two = (value: number) => String(value).padStart(2, "0");
/** 1 for the first of January. */
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
const twelve = (date: Date) => ((date.getUTCHours() + 11) % 12) + 1;

/** From our own table, since Node's words for a date are not the same in every version. */
function word(
  table: Exclude<keyof DateWords, "dateFormat" | "newDateFormat">,
  index: number,
  { date, locale, intl }: { date: Date; locale: string; intl: Intl.DateTimeFormatOptions },
): string {
  const own = dateWordsOf(locale)?.[table][index];
  return own ?? new Intl.DateTimeFormat(locale, { ...intl, timeZone: "UTC" }).format(date);
}

const month = (table: "months" | "shortMonths", style: "long" | "short") => (date: Date, locale: string) =>
  word(table, date.getUTCMonth(), { date, locale, intl: { month: style } });
const weekday = (table: "weekdays" | "shortWeekdays", style: "long" | "short") => (date: Date, locale: string) =>
  word(table, date.getUTCDay(), { date, locale, intl: { weekday: style } });

const FORMATS: Readonly<Record<string, (date: Date, locale: string) => string>> = {
  a: weekday("shortWeekdays", "short"),
  A: weekday("weekdays", "long"),
  b: month("shortMonths", "short"),
  B: month("months", "long"),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()).padStart(2, " "),
  "-d": (date) => String(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(twelve(date)),
  "-I": (date) => String(twelve(date)),
  j: (date) => String(dayOfYear(date)).padStart(3, "0"),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  S: (date) => two(date.getUTCSeconds()),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  Z: () => "UTC",
  z: () => "+0000",
  "%": () => "%",
};
