import { expect, test } from "@jest/globals";
import { formatDate, rfc822Date } from "./dateFormat.ts";

const time = Date.UTC(2026, 2, 1, 15, 4, 5);

test.each([
  ["%B %d, %Y %I:%M %p", "en-US", "March 01, 2026 03:04 PM"],
  ["%A, %B %-d, %Y", "en-US", "Sunday, March 1, 2026"],
  ["%a %e %b %y %H:%M:%S %Z %z", "en-US", "Sun  1 Mar 26 15:04:05 UTC +0000"],
  ["%A %-d %B", "de-DE", "Sonntag 1 März"],
  ["%j %m %-I 100%% %Q", "en-US", "060 03 3 100% %Q"],
])("%j in %s", (pattern, locale, expected) => expect(formatDate(time, pattern, locale)).toBe(expected));

test("RSS wants a numeric zone", () => expect(rfc822Date(time)).toBe("Sun, 01 Mar 2026 15:04:05 +0000"));
