import { expect, test } from "@jest/globals";
import { formatDate, isoDay, rfc822Date, timeOfDay, zoneName } from "./dateFormat.ts";

const time = Date.UTC(2026, 2, 1, 15, 4, 5);

test.each([
  ["%B %d, %Y %I:%M %p", "en-US", "March 01, 2026 03:04 PM"],
  ["%A, %B %-d, %Y", "en-US", "Sunday, March 1, 2026"],
  ["%a %e %b %y %H:%M:%S %Z %z", "en-US", "Sun  1 Mar 26 15:04:05 UTC +0000"],
  ["%A %-d %B", "de-DE", "Sonntag 1 März"],
  ["%j %m %-I 100%% %Q", "en-US", "060 03 3 100% %Q"],
])("%j in %s", (pattern, locale, expected) =>
  expect(formatDate(time, pattern, { locale, timezone: "UTC" })).toBe(expected),
);

test("RSS wants a numeric zone", () => expect(rfc822Date(time)).toBe("Sun, 01 Mar 2026 15:04:05 +0000"));

// Pinned: the rules of these zones have not changed for many years.
test.each([
  ["Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-29 00:30 UTC+1 +0100", "2026-03-29"],
  ["Europe/Berlin", "2026-03-29T01:30:00Z", "2026-03-29 03:30 UTC+2 +0200", "2026-03-29"],
  ["America/New_York", "2026-07-01T02:00:00Z", "2026-06-30 22:00 UTC-4 -0400", "2026-06-30"],
  ["America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31 20:30 UTC-3:30 -0330", "2025-12-31"],
  ["Asia/Kolkata", "2026-01-01T18:30:00Z", "2026-01-02 00:00 UTC+5:30 +0530", "2026-01-02"],
  ["UTC", "2026-01-01T00:00:00Z", "2026-01-01 00:00 UTC +0000", "2026-01-01"],
])("%s at %s", (timezone, iso, written, day) => {
  const at = Date.parse(iso);
  expect(formatDate(at, "%Y-%m-%d %H:%M %Z %z", { locale: "en-US", timezone })).toBe(written);
  expect([isoDay(at, timezone), zoneName(at, timezone)]).toEqual([day, written.split(" ")[2]]);
});

test.each([
  ["%B %d, %Y %I:%M %p", "%I:%M %p"],
  ["%-d. %B %Y, %H:%M Uhr", "%H:%M"],
  ["%p %-I:%M on %A", "%p %-I:%M"],
  ["%H:%M:%S %Z", "%H:%M:%S"],
  ["%d %B %Y", ""],
])("the time of day in %s is %s", (pattern, part) => expect(timeOfDay(pattern)).toBe(part));
