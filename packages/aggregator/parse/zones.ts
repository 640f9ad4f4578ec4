import { ZONES } from "./dateWords.ts";

const MINUTE_MS = 60_000;
const NUMERIC = /^(?:[a-z]{1,5} ?)?([+-])-?(\d{1,2})(?::?(\d{2}))?(?: ?[a-z]{1,5}| ?\[.*\])?$/i;
const PLACE = /^\[?([a-z_]{2,20}\/[a-z_/+-]{2,40}\d{0,2})\]?$/i;

/**
 * Local time → epoch milliseconds.
 * @param zone what a feed writes behind the time: a number, a name or a place. An unknown name is UTC, as an hour off is
 * better than no date; a number that is none makes the whole date doubtful.
 */
export function inZone(localMs: number, zone: string): number | undefined {
  const numeric = NUMERIC.exec(zone);
  if (numeric !== null) {
    const [, sign, hours, minutes = "0"] = numeric;
    const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
    if (Number(minutes) > 59) return undefined;
    return offset < -12 * 60 || offset > 14 * 60 ? localMs : localMs - offset * MINUTE_MS;
  }
  const place = PLACE.exec(zone)?.[1];
  if (place !== undefined) return inPlace(localMs, place);
  const named = ZONES.get(zone.toUpperCase());
  if (named !== undefined) return localMs - named * MINUTE_MS;
  return /[\d+:]/.test(zone) ? undefined : localMs;
}

/** The offset is looked up twice: the first time is a guess that may lie on the other side of a change. */
function inPlace(localMs: number, place: string): number {
  const guess = localMs - offsetMinutes(place, localMs) * MINUTE_MS;
  return localMs - offsetMinutes(place, guess) * MINUTE_MS;
}

function offsetMinutes(place: string, time: number): number {
  const name = formatOf(place)
    ?.formatToParts(time)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours = 0, minutes = 0] = /([+-])(\d{2}):(\d{2})/.exec(name ?? "") ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
}

/** Making one takes longer than all the rest of a date; a feed names one place. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const MAX_FORMATS = 100;

function formatOf(place: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(place)) {
    if (formats.size >= MAX_FORMATS) formats.clear();
    formats.set(place, newFormat(place));
  }
  return formats.get(place);
}

function newFormat(place: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: place, timeZoneName: "longOffset" });
  } catch {
    return undefined; // no such place
  }
}
