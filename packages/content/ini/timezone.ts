import type { Fields } from "./fields.ts";
import type { PlanetKey } from "./keys.ts";
import { quote } from "./scan.ts";

/** A zone by its name at IANA. Bare offsets are refused, since only some versions of Node know them. */
export function readTimezone(fields: Fields<PlanetKey>): string {
  const zone = fields.text("timezone");
  if (zone === undefined || isZone(zone)) return zone ?? "UTC";
  const text = `"timezone" ${quote(zone)} is not known, as Europe/Berlin would be; times are in UTC`;
  fields.warning("timezone", "unknown-value", text);
  return "UTC";
}

function isZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }) !== undefined;
  } catch {
    return false; // a RangeError
  }
}
