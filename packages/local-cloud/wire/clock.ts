/** Milliseconds; later than this in the future is refused (`bootstrap.webservices.clock_skew_sec`). */
export const QUERY_SKEW_MS = 20_000;
/** Milliseconds; older than this (plus the skew) is refused. */
export const LIFETIME_MS = 15 * 60_000;

/** `20260102T030405Z`, any ISO 8601 form, or RFC 1123. */
export function parseDate(text: string): Date | undefined {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text.trim());
  const date = new Date(
    basic ? `${basic[1]}-${basic[2]}-${basic[3]}T${basic[4]}:${basic[5]}:${basic[6]}Z` : withZone(text.trim()),
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** ISO 8601 without a zone means UTC here, as in all AWS signatures. */
function withZone(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text}Z` : text;
}
