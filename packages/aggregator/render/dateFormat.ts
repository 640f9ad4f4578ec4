import { zoneOffset } from "../timezone.ts";
import { dateWordsOf } from "./words/languages.ts";
import type { DateWords } from "./words/types.ts";

const DAY_MS = 86_400_000;

/** Whose language and clock a date is written by. */
export interface DateStyle {
  readonly locale: string;
  readonly timezone: string;
}

/** A time as a clock of the zone shows it: the date's UTC fields are that clock's. */
interface Clock {
  readonly date: Date;
  readonly offset: number;
  readonly locale: string;
}

/** Writes a date by a strftime pattern. What it does not know stays as written. */
export function formatDate(time: number, pattern: string, { locale, timezone }: DateStyle): string {
  const offset = zoneOffset(time, timezone);
  const clock = { date: new Date(time + offset), offset, locale };
  return pattern.replace(/%(-?[A-Za-z%])/g, (whole, letter: string) => FORMATS[letter]?.(clock) ?? whole);
}

/** The part of a pattern that is the time of day, `%I:%M %p`; empty without one. */
export function timeOfDay(pattern: string): string {
  return /(?:%p[^%]*)?%-?[HI](?:[^%]*%[MSp])*/.exec(pattern)?.[0] ?? "";
}

/** RFC 3339, without the milliseconds that nobody wants to read. */
export function isoDate(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** RFC 822 with a four-digit year, as RSS 2.0 wants it. */
export function rfc822Date(time: number): string {
  return new Date(time).toUTCString().replace("GMT", "+0000");
}

/** The day in a zone, `2026-03-01`. */
export function isoDay(time: number, timezone: string): string {
  return isoDate(time + zoneOffset(time, timezone)).replace(/T.*$/, "");
}

/** `UTC`, `UTC+1`, `UTC-3:30`. Abbreviations such as CET differ between versions of Node, and few readers know them. */
export function zoneName(time: number, timezone: string): string {
  return offsetName(zoneOffset(time, timezone));
}

function offsetName(offset: number): string {
  if (offset === 0) return "UTC";
  const [hours, minutes] = hoursAndMinutes(offset);
  return `UTC${signOf(offset)}${hours}${minutes === 0 ? "" : `:${two(minutes)}`}`;
}

const signOf = (offset: number) => (offset < 0 ? "-" : "+");
const hoursAndMinutes = (offset: number): [number, number] => {
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  return [Math.floor(minutes / 60), minutes % 60];
};

const two = (value: number) => String(value).padStart(2, "0");
/** 1 for the first of January. */
const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
const twelve = (date: Date) => ((date.getUTCHours() + 11) % 12) + 1;

/** From our own table, since Node's words for a date are not the same in every version. */
function word(
  table: Exclude<keyof DateWords, "dateFormat" | "monthFormat" | "newDateFormat">,
  index: number,
  { date, locale }: Clock,
  intl: Intl.DateTimeFormatOptions,
): string {
  const own = dateWordsOf(locale)?.[table][index];
  return own ?? new Intl.DateTimeFormat(locale, { ...intl, timeZone: "UTC" }).format(date);
}

const month = (table: "months" | "shortMonths", style: "long" | "short") => (clock: Clock) =>
  word(table, clock.date.getUTCMonth(), clock, { month: style });
const weekday = (table: "weekdays" | "shortWeekdays", style: "long" | "short") => (clock: Clock) =>
  word(table, clock.date.getUTCDay(), clock, { weekday: style });

const FORMATS: Readonly<Record<string, (clock: Clock) => string>> = {
  a: weekday("shortWeekdays", "short"),
  A: weekday("weekdays", "long"),
  b: month("shortMonths", "short"),
  B: month("months", "long"),
  d: ({ date }) => two(date.getUTCDate()),
  e: ({ date }) => String(date.getUTCDate()).padStart(2, " "),
  "-d": ({ date }) => String(date.getUTCDate()),
  H: ({ date }) => two(date.getUTCHours()),
  I: ({ date }) => two(twelve(date)),
  "-I": ({ date }) => String(twelve(date)),
  j: ({ date }) => String(dayOfYear(date)).padStart(3, "0"),
  m: ({ date }) => two(date.getUTCMonth() + 1),
  M: ({ date }) => two(date.getUTCMinutes()),
  p: ({ date }) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  S: ({ date }) => two(date.getUTCSeconds()),
  y: ({ date }) => two(date.getUTCFullYear() % 100),
  Y: ({ date }) => String(date.getUTCFullYear()),
  Z: ({ offset }) => offsetName(offset),
  z: ({ offset }) => `${signOf(offset)}${hoursAndMinutes(offset).map(two).join("")}`,
  "%": () => "%",
};
