/** Milliseconds; later than this in the future is refused (`bootstrap.webservices.clock_skew_sec`). */
export const QUERY_SKEW_MS = 20_000;
/** Milliseconds; older than this (plus the skew) is refused. */
export const LIFETIME_MS = 15 * 60_000;

/** `20260102T030405Z`, ISO 8601 with a time, or one of HTTP's three forms: whatever else JavaScript takes for a date is none. */
const FORMS = [
  /^\d{8}T\d{6}Z$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/,
  /^[A-Z][a-z]+, \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d(?: (?:GMT|UTC|[+-]\d{4}))?$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/,
];

export function parseDate(text: string): Date | undefined {
  if (!FORMS.some((form) => form.test(text.trim()))) return undefined;
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
