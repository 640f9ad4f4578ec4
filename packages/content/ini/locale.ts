import type { Fields } from "./fields.ts";
import type { PlanetKey } from "./keys.ts";

/** BCP 47 (`de-AT`) or POSIX (`de_AT.UTF-8@euro`); C and POSIX are what Planet writes without a locale. */
export function readLocale(fields: Fields<PlanetKey>): string {
  const written = fields.text("locale");
  const tag = written?.replace(/[.@].*$/s, "").replaceAll("_", "-");
  if (tag === undefined || tag === "" || tag === "C" || tag === "POSIX") return "en-US";
  if (isSupported(tag)) return tag;
  fields.warning("locale", "unknown-value", `"locale" ${JSON.stringify(written)} is not known, dates are in English`);
  return "en-US";
}

function isSupported(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
