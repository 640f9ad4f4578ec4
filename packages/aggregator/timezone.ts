const FORMATS = new Map<string, Intl.DateTimeFormat>();
/** `GMT`, `GMT+05:30`; before railways had clocks also with seconds. */
const OFFSET = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

/** By how many milliseconds a zone is ahead of UTC at a time. @param timezone As IANA has it, `Europe/Berlin`. */
export function zoneOffset(time: number, timezone: string): number {
  if (timezone === "UTC") return 0;
  const name = formatOf(timezone)
    .formatToParts(time)
    .find(({ type }) => type === "timeZoneName");
  const [, sign, hours, minutes, seconds = 0] = OFFSET.exec(name?.value ?? "") ?? [];
  if (sign === undefined) return 0;
  const ahead = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === "-" ? -ahead : ahead;
}

/** To make a format takes a hundred times as long as to use it. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  FORMATS.set(timezone, made);
  return made;
}
