import { monthOf, weekdayOf, ZONES } from "./dateWords.ts";
import { plainDate } from "./plainDate.ts";
import { inZone } from "./zones.ts";

const DAY_MS = 86_400_000;
/** Older dates are nonsense: the web began in 1990, and real feeds say year 1 or epoch 0. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST_AHEAD_MS = 10 * 366 * DAY_MS;

/**
 * Reads a date as feeds write it: RFC 822 and its relatives, RFC 3339, W3CDTF, epoch, and what people write in some twenty
 * languages. Not `Date.parse`, which reads "Post 5" as 2001 and anything without a zone as local time. A date that could
 * be two days (`05/06/2024`) is none, unless its weekday decides.
 * @returns epoch milliseconds, or undefined when it is not a date, or not a plausible one.
 */
export function parseDate(raw: string | undefined, now: number): number | undefined {
  const text = plainDate(raw ?? "");
  if (text === "" || text.length > 100) return undefined;
  const time = fromUsual(text) ?? fromDigits(text) ?? fromWeek(text) ?? fromOrdinal(text) ?? fromDateAndTime(text, now);
  if (time === undefined || Number.isNaN(time)) return undefined;
  return time < EARLIEST || time > now + LATEST_AHEAD_MS ? undefined : time;
}

const RFC_822 =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (GMT|UTC|[+-]\d{4})$/;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** The two forms that nearly all feeds write, without trying the others: dates were a fifth of the time to read a feed. */
function fromUsual(text: string): number | undefined {
  const rss = RFC_822.exec(text);
  if (rss !== null) {
    const [, day, month = "", year, hour, minute, second, zone = ""] = rss;
    return assemble({ year, month: monthOf(month), day }, { hour, minute, second }, zone);
  }
  const [atom, year, month, day, hour, minute, second, fraction, zone = ""] = RFC_3339.exec(text) ?? [];
  return atom === undefined ? undefined : assemble({ year, month, day }, { hour, minute, second, fraction }, zone);
}

const BASIC = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?(?:\d{2})?)?)?$/i;

function fromDigits(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const basic = BASIC.exec(text);
  if (basic === null) return undefined;
  const [, year, month, day, hour, minute, second, zone = ""] = basic;
  return assemble({ year, month, day }, { hour, minute, second }, zone);
}

const TIME = /(?:^|[T\s,@])(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.? ?m\.?(?![\p{L}\d]))?/iu;
const ORDINAL = /^(\d{4})-?(\d{3})(?=$|T)/i;

/** The day of the year, `2024-033`. */
function fromOrdinal(text: string): number | undefined {
  const date = ORDINAL.exec(text);
  if (date === null || Number(date[2]) < 1 || Number(date[2]) > 366) return undefined;
  const { time, zone } = splitAtTime(text.slice(date[0].length));
  const start = assemble({ year: date[1], month: 1, day: 1 }, time, zone);
  return start === undefined ? undefined : start + (Number(date[2]) - 1) * DAY_MS;
}

const WEEK = /^(\d{4})-?W(\d{2})(?:-?([1-7]))?(?=$|T)/i;

/** Week and day of ISO 8601, `2026-W47-3`: week 1 has the fourth of January, day 1 is Monday. */
function fromWeek(text: string): number | undefined {
  const date = WEEK.exec(text);
  if (date === null) return undefined;
  const [whole, year, week, day = "1"] = date;
  const { time, zone } = splitAtTime(text.slice(whole.length));
  const fourth = assemble({ year, month: 1, day: 4 }, time, zone);
  const weekday = (new Date(Date.UTC(Number(year), 0, 4)).getUTCDay() + 6) % 7;
  if (fourth === undefined || Number(week) < 1 || Number(week) > weeksIn(Number(year))) return undefined;
  return fourth + ((Number(week) - 1) * 7 + Number(day) - 1 - weekday) * DAY_MS;
}

/** 53 in a year that begins or ends with a Thursday. */
function weeksIn(year: number): number {
  const days = [Date.UTC(year, 0, 1), Date.UTC(year, 11, 31)].map((time) => new Date(time).getUTCDay());
  return days.includes(4) ? 53 : 52;
}

function fromDateAndTime(text: string, now: number): number | undefined {
  const { date, time, zone } = splitAtTime(text);
  const last = /(?:^| )(\d{4})$/.exec(zone); // `Tue Jan 02 15:04:05 +0000 2024` and C's `asctime`: the year comes last
  const words = last === null ? date : `${date} ${last[1]}`;
  const day = dayOf(words, now);
  return day === undefined ? undefined : assemble(day, time, last === null ? zone : zone.slice(0, last.index).trim());
}

interface Time {
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  readonly half?: string | undefined;
}

interface Split {
  readonly date: string;
  readonly time: Time;
  readonly zone: string;
}

function splitAtTime(text: string): Split {
  const match = TIME.exec(text);
  if (match === null) return { ...withoutZone(text), time: {} };
  const [whole, hour, minute, second, fraction, half] = match;
  const zone = text.slice(match.index + whole.length).replace(/^[\s,-]+(?=\p{L}|[+-])|^ ?Uhr\b/iu, "");
  return { date: text.slice(0, match.index), time: { hour, minute, second, fraction, half }, zone: zone.trim() };
}

/** A date alone may have a zone, `26 Sep 2022 GMT`. */
function withoutZone(text: string): { date: string; zone: string } {
  const [, date = "", zone = ""] = /^(.*\d) ?([A-Z]{1,4}|[+-]\d{2}:\d{2})$/.exec(text) ?? [];
  return /^[+-]/.test(zone) || ZONES.has(zone) ? { date, zone } : { date: text, zone: "" };
}

interface Day {
  readonly year: number | string | undefined;
  readonly month: number | string | undefined;
  readonly day: number | string | undefined;
}

const FILLER =
  /(?<!\p{L})(?:a|à|alle|as|às|at|de|del|den|di|do|el|kl|klo|las|le|of|om|the|um|в|г|года|о|р|року)(?!\p{L})\.?/giu;

function dayOf(date: string, now: number): Day | undefined {
  const words = date
    .replace(/(\d)(?:st|nd|rd|th|er|[ºª°])(?!\p{L})/giu, "$1")
    .split(/[\s,]+/)
    .map((word, index) => (index === 0 ? word : word.replace(FILLER, "")).replace(/\.$/, ""))
    .filter((word) => /[\p{L}\d]/u.test(word));
  const [first = "", ...others] = words;
  const weekday = /^\p{L}+$/u.test(first) && others.length > 0 ? first : undefined;
  return (
    fromWords(words) ??
    (weekday === undefined ? fromNumbers(words.join(" "), undefined, now) : undefined) ??
    (weekday === undefined ? undefined : fromNumbers(others.join(" "), weekday, now))
  );
}

/** With a month that is a word: day and year are the numbers, and another word can only be the weekday before them. */
function fromWords(words: readonly string[]): Day | undefined {
  const parts = words.flatMap((word) => word.split(/[-/.]/)).filter((part) => part !== "");
  const at = parts.findLastIndex((part) => monthOf(part) !== undefined);
  if (at === -1) return undefined;
  const numbers = parts.filter((part) => /^\d+$/.test(part));
  const isWhole =
    numbers.length + 1 === parts.length ||
    (numbers.length + 2 === parts.length && !/^\d/.test(parts[0] ?? "") && at > 0);
  if (!isWhole) return undefined;
  const month = monthOf(parts[at] ?? "");
  const [one = "", two] = numbers;
  if (two === undefined) return one.length === 4 && parts.length === 2 ? { year: one, month, day: 1 } : undefined;
  if (numbers.length > 2) return undefined;
  return one.length === 4 ? { year: one, month, day: two } : { year: fullYear(two), month, day: one };
}

const YEAR_FIRST = /^(\d{4})(?:[-/.]0?(\d{1,2})(?:[-/.](\d{1,2}))?)?$/;
const YEAR_LAST = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{2}|\d{4})$/;
const SHORT = /^(\d{2})(\d{2})(\d{2})$|^-(\d{2})-?(\d{2})$/;

/** The month is a number. Which one is decided by what is possible: not the future, and the right weekday. */
function fromNumbers(text: string, weekday: string | undefined, now: number): Day | undefined {
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) {
    const [, year, month, day] = iso;
    return weekday !== undefined && day === undefined ? undefined : { year, month: month ?? 1, day: day ?? 1 };
  }
  const short = SHORT.exec(text);
  if (short !== null && weekday === undefined) {
    const [, a, b, c, year, month] = short;
    if (year !== undefined) return { year: fullYear(year), month, day: 1 };
    return onlyOne([yearMonthDay(a, b, c), yearMonthDay(c, b, a)], undefined, now);
  }
  const numbers = YEAR_LAST.exec(text);
  if (numbers === null) return undefined;
  const [, a, separator, b, c] = numbers;
  const candidates = [yearMonthDay(c, b, a)];
  if (separator === "/" || separator === "-") candidates.push(yearMonthDay(c, a, b));
  if (separator === "-" && c?.length === 2) candidates.push(yearMonthDay(a, b, c));
  return onlyOne(candidates, weekday, now);
}

const yearMonthDay = (year: string | undefined, month: string | undefined, day: string | undefined): Day => ({
  year: fullYear(year),
  month,
  day,
});

function onlyOne(candidates: readonly Day[], weekday: string | undefined, now: number): Day | undefined {
  const expected = weekdayOf(weekday);
  const possible = new Map<number, Day>();
  for (const candidate of candidates) {
    const start = assemble(candidate, {}, "");
    if (start !== undefined && start <= now + 2 * DAY_MS) possible.set(start, candidate);
  }
  const right = [...possible].filter(([start]) => new Date(start).getUTCDay() === expected);
  const [only, another] = right.length > 0 ? right : [...possible];
  return another === undefined ? only?.[1] : undefined;
}

function assemble(date: Day, time: Time, zone: string): number | undefined {
  const [year, month, day] = [Number(date.year), Number(date.month), Number(date.day)];
  const hour = twentyFour(time);
  const [minute, second] = [Number(time.minute ?? 0), Number(time.second ?? 0)];
  if (![year, month, day, hour, minute, second].every(Number.isInteger)) return undefined;
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 24 || (hour === 24 && minute > 0) || minute > 59 || second > 60) return undefined; // 24:00 and leap seconds roll over
  const millisecond = Number((time.fraction ?? "0").padEnd(3, "0").slice(0, 3));
  return inZone(Date.UTC(year, month - 1, day, hour, minute, second, millisecond), zone);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function fullYear(year: string | undefined): string | undefined {
  if (year?.length !== 2) return year;
  return Number(year) >= 90 ? `19${year}` : `20${year}`;
}

/** Some write `15:04 PM`. */
function twentyFour({ hour = "0", half }: Time): number {
  if (half === undefined || Number(hour) > 12) return Number(hour);
  return (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}
