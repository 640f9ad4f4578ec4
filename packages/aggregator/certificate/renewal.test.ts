import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { lateAt, renewAt } from "./renewal.ts";

const DAY_MS = 86_400_000;
const from = Date.parse("2026-11-29T00:00:00Z");
const fingerprints = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const anyFacts = fc
  .record({ days: fc.integer({ min: 1, max: 400 }), fingerprint: fingerprints })
  .map(({ days, fingerprint }) => {
    const to = from + days * DAY_MS;
    return { fingerprint, notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString(), to, days };
  });

test("every certificate is renewed with at most a third of its lifetime left and at least three tenths", () => {
  fc.assert(
    fc.property(anyFacts, ({ to, days, ...facts }) => {
      const left = (to - renewAt(facts).getTime()) / (days * DAY_MS);
      expect(left).toBeLessThanOrEqual(1 / 3 + 1e-9);
      expect(left).toBeGreaterThanOrEqual(0.3 - 1e-9);
    }),
  );
});

test("the authority's window comes first, but never after a sixth is left", () => {
  fc.assert(
    fc.property(anyFacts, fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 50 }), (facts, at, length) => {
      const window = { start: new Date(from + at * DAY_MS), end: new Date(from + (at + length) * DAY_MS) };
      const time = renewAt(facts, window);
      expect(time.getTime()).toBeLessThanOrEqual(lateAt(facts).getTime());
      if (window.end < lateAt(facts)) {
        expect(time.getTime()).toBeGreaterThanOrEqual(window.start.getTime());
        expect(time.getTime()).toBeLessThanOrEqual(window.end.getTime());
      }
    }),
  );
});

test("two certificates are not renewed at the same time", () => {
  const facts = { notBefore: "2026-11-29T00:00:00.000Z", notAfter: "2027-02-27T00:00:00.000Z" };
  const times = ["0".repeat(64), "8".repeat(64), "f".repeat(64)].map((fingerprint) =>
    renewAt({ ...facts, fingerprint }),
  );
  expect(times.map((time) => time.toISOString().slice(0, 13))).toEqual([
    "2027-01-28T00",
    "2027-01-29T14",
    "2027-01-30T23",
  ]);
});
