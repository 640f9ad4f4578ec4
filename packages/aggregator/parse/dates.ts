import { MONTHS, ZONES } from "./dateWords.ts";

const MINUTE_MS = 60_000;
/** Older dates are nonsense: the web began in 1990, and real feeds say year 1 or epoch 0. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST_AHEAD_MS = 10 * 366 * 24 * 60 * MINUTE_MS;

/**
 * Reads a date as feeds write it: RFC 822 and its relatives, RFC 3339, W3CDTF, epoch. Not `Date.parse`, which reads
 * "Post 5" as 2001 and anything without a zone as local time.
 * @returns epoch milliseconds, or undefined when it is not a date, or not a plausible one.
 */
export function parseDate(raw: string | undefined, now: number): number | undefined {
  const text = normalise(raw ?? "");
  if (text === "" || text.length > 100) return undefined;
  const time = fromEpoch(text) ?? fromIso(text) ?? fromRfc822(text);
  if (time === undefined || Number.isNaN(time)) return undefined;
  return time < EARLIEST || time > now + LATEST_AHEAD_MS ? undefined : time;
}

function normalise(raw: string): string {
  return raw
    .slice(0, 300)
    .replace(/&(?:amp;)?#(?:43|x2b);/gi, "+")
    .replace(/\s+/g, " ")
    .replace(/\s*\([^)]*\)\s*$/, "")
    .trim();
}

function fromEpoch(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  return /^\d{13}$/.test(text) ? Number(text) : undefined;
}

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?`;
const ISO = new RegExp(
  String.raw`^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[Tt ] ?${TIME} ?([Zz]|[+-]\d{2}:?(?:\d{2})?|[A-Za-z]{1,5})?)?$`,
);
const ISO_BASIC = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?([Zz]|[+-]\d{2}:?(?:\d{2})?)?)?$/;
const ISO_ORDINAL = new RegExp(String.raw`^(\d{4})-?(\d{3})(?:[Tt ]${TIME}([Zz]|[+-]\d{2}:?(?:\d{2})?)?)?$`);

function fromIso(text: string): number | undefined {
  const full = ISO.exec(text);
  if (full !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = full;
    return assemble({ year, month, day, hour, minute, second, fraction, zone });
  }
  const basic = ISO_BASIC.exec(text);
  if (basic !== null) {
    const [, year, month, day, hour, minute, second, zone] = basic;
    return assemble({ year, month, day, hour, minute, second, zone });
  }
  const ordinal = ISO_ORDINAL.exec(text);
  if (ordinal === null) return undefined;
  const [, year, days, hour, minute, second, fraction, zone] = ordinal;
  const start = assemble({ year, hour, minute, second, fraction, zone });
  if (start === undefined || Number(days) < 1 || Number(days) > 366) return undefined;
  return start + (Number(days) - 1) * 24 * 60 * MINUTE_MS;
}

const RFC822 = new RegExp(
  String.raw`^(?:(\d{1,2})\.?(?:st|nd|rd|th)?[ -]([\p{L}.]+)|([\p{L}.]+) (\d{1,2})(?:st|nd|rd|th)?),?[ -](\d{2,4})(?:,? (?:at )?${TIME} ?([AaPp]\.?[Mm]\.?)?)?(?: ?(.{1,20}))?$`,
  "u",
);
/** `Tue Jan 02 15:04:05 +0000 2024` and C's `asctime`: the year comes last. */
const YEAR_LAST = new RegExp(String.raw`^([\p{L}.]+) (\d{1,2}) ${TIME}(?: ([A-Za-z]{1,5}|[+-]\d{4}))? (\d{4})$`, "u");

function fromRfc822(text: string): number | undefined {
  // The weekday, in whatever language: a first word that is not the month.
  const words = text.replace(/^(?![\p{L}.]+ \d{1,2},? \d{4})(\p{L}+\.?),? +(?=\p{L}|\d)/u, "");
  const last = YEAR_LAST.exec(words) ?? YEAR_LAST.exec(text);
  if (last !== null) {
    const [, month, day, hour, minute, second, fraction, zone, year] = last;
    return assemble({ year, month: monthOf(month), day, hour, minute, second, fraction, zone });
  }
  const match = RFC822.exec(words) ?? RFC822.exec(text);
  if (match === null) return undefined;
  const [, day, month, monthFirst, dayAfter, year, hour, minute, second, fraction, half, zone] = match;
  return assemble({
    year: fullYear(year),
    month: monthOf(month ?? monthFirst),
    day: day ?? dayAfter,
    hour: hour === undefined ? undefined : twentyFour(hour, half),
    minute,
    second,
    fraction,
    zone,
  });
}

interface Parts {
  readonly year: string | undefined;
  readonly month?: string | undefined;
  readonly day?: string | undefined;
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  readonly zone?: string | undefined;
}

function assemble(parts: Parts): number | undefined {
  const [year, month, day] = [Number(parts.year), Number(parts.month ?? 1), Number(parts.day ?? 1)];
  const [hour, minute, second] = [Number(parts.hour ?? 0), Number(parts.minute ?? 0), Number(parts.second ?? 0)];
  if (![year, month, day, hour, minute, second].every(Number.isInteger)) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 25 || minute > 59 || second > 61) return undefined; // 24:00 and leap seconds roll over
  const offset = offsetMinutes(parts.zone);
  const millisecond = Number((parts.fraction ?? "0").padEnd(3, "0").slice(0, 3));
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offset * MINUTE_MS;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** An unknown zone is UTC: an hour off is better than no date. */
function offsetMinutes(zone: string | undefined): number {
  const text = (zone ?? "").trim();
  const numeric = /([+-])-?(\d{1,2}):?(\d{2})?$/.exec(text.replace(/--/, "-"));
  if (numeric !== null) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return numeric[1] === "-" ? -minutes : minutes;
  }
  return ZONES.get(text.toUpperCase()) ?? 0;
}

function monthOf(word: string | undefined): string | undefined {
  const key = (word ?? "")
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f.]/g, "");
  return String(MONTHS.get(key) ?? MONTHS.get(key.slice(0, 3)) ?? "x");
}

function fullYear(year: string | undefined): string | undefined {
  if (year?.length !== 2) return year;
  return Number(year) >= 90 ? `19${year}` : `20${year}`;
}

function twentyFour(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  const twelve = Number(hour) % 12;
  return String(/^p/i.test(half) ? twelve + 12 : twelve);
}
