import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseDate } from "./dates.ts";

const now = Date.UTC(2026, 5, 1);
const read = (text: string) => {
  const time = parseDate(text, now);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe("dates as feeds write them", () => {
  test.each([
    ["Tue, 02 Jan 2024 15:04:05 +0100", "2024-01-02T14:04:05.000Z"],
    ["Tue, 2 Jan 2024 15:04:05 GMT", "2024-01-02T15:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04 EST", "2024-01-02T20:04:00.000Z"],
    ["Tue, 02 Jan 24 9:04:05 PDT", "2024-01-02T16:04:05.000Z"],
    ["02 Jan 99 00:00:00 UT", "1999-01-02T00:00:00.000Z"],
    ["Tue, 02 Jan 2024", "2024-01-02T00:00:00.000Z"],
    ["Tue, 02 Jan 2024 24:00:00 GMT", "2024-01-03T00:00:00.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 &#43;0000", "2024-01-02T15:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 --0700", "2024-01-02T22:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 +0000 (UTC)", "2024-01-02T15:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 GMT+1", "2024-01-02T14:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 EST -0500", "2024-01-02T20:04:05.000Z"],
    ["Tue, 02 Jan 2024 15:04:05 Nowhere", "2024-01-02T15:04:05.000Z"],
    ["Di, 05 Mär 2024 10:00:00 CET", "2024-03-05T09:00:00.000Z"],
    ["mardi 5 août 2025 10:00", "2025-08-05T10:00:00.000Z"],
    ["5 juillet 2025", "2025-07-05T00:00:00.000Z"],
    ["5 juin 2025", "2025-06-05T00:00:00.000Z"],
    ["January 2, 2024 3:04 PM", "2024-01-02T15:04:00.000Z"],
    ["Tuesday, January 02, 2024 12:04 am", "2024-01-02T00:04:00.000Z"],
    ["Tue Jan 02 15:04:05 +0000 2024", "2024-01-02T15:04:05.000Z"],
    ["Tue Jan  2 15:04:05 2024", "2024-01-02T15:04:05.000Z"],
    ["2024-01-02T15:04:05Z", "2024-01-02T15:04:05.000Z"],
    ["2024-01-02T15:04:05.678+02:00", "2024-01-02T13:04:05.678Z"],
    ["2024-01-02T15:04:05-0500", "2024-01-02T20:04:05.000Z"],
    ["2024-01-02T15:04:05+02", "2024-01-02T13:04:05.000Z"],
    ["2024-01-02 15:04:05 +02:00", "2024-01-02T13:04:05.000Z"],
    ["2024-01-02 15:04", "2024-01-02T15:04:00.000Z"],
    ["2024-1-2", "2024-01-02T00:00:00.000Z"],
    ["2024-02", "2024-02-01T00:00:00.000Z"],
    ["2024", "2024-01-01T00:00:00.000Z"],
    ["20240102", "2024-01-02T00:00:00.000Z"],
    ["20240102T150405Z", "2024-01-02T15:04:05.000Z"],
    ["2024-033", "2024-02-02T00:00:00.000Z"],
    ["2024-01-02T24:00:00Z", "2024-01-03T00:00:00.000Z"],
    ["2024-01-02T23:59:60Z", "2024-01-03T00:00:00.000Z"],
    ["1704207845", "2024-01-02T15:04:05.000Z"],
    ["1704207845000", "2024-01-02T15:04:05.000Z"],
  ])("%s", (text, expected) => expect(read(text)).toBe(expected));

  test.each([
    "",
    "hello 2024",
    "Post 5",
    "31 Jun 2024",
    "Mon, 01 Jan 0001 00:00:00 +0000",
    "0000-00-00",
    "0000000000",
    "2024-13-01",
    "2024-01-02T26:00:00Z",
    "2099-01-01",
    "yesterday",
    "05.03.2024",
  ])("%j is not a date", (text) => {
    expect(read(text)).toBeUndefined();
  });

  test("whatever RFC 3339 and RFC 822 write is read back", () => {
    const dates = fc.date({ min: new Date("1990-01-02"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const second = Math.floor(date.getTime() / 1000) * 1000;
        expect(parseDate(date.toISOString(), now)).toBe(date.getTime());
        expect(parseDate(date.toUTCString(), now)).toBe(second);
      }),
    );
  });

  test("no text throws", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseDate(text, now)));
  });
});
