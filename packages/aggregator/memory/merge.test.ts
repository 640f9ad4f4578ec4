import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type JoinRules, joinRecords, materialOf, nothingOf } from "./merge.ts";
import { type StoredRecord, withdrawnKey } from "./storedRecord.ts";

const rules: JoinRules = { keep: 50, ignoreInFeed: [], futureDates: "keep" };
const nothing = nothingOf({ schema: 1, url: "http://a.test/feed" });
const time = fc.nat(8);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const first = fc.record({ seen: time, late: fc.boolean(), index: fc.nat(3) });
const sighting = fc
  .tuple(first, maybe(time), maybe(time))
  .map(([facts, published, newestThen]) => JSON.parse(JSON.stringify({ ...facts, published, newestThen })));
const entry = fc.record({ id: fc.nat(6), sighting, at: time, position: fc.nat(6), name: fc.constantFrom("a", "b") });
const entries = fc.uniqueArray(entry, { selector: ({ id }) => id, maxLength: 7 });
const filters = "0".repeat(64);

/** What a server may hold: in the form that a join has. */
const record: fc.Arbitrary<StoredRecord> = fc
  .record({
    entries,
    withdrawn: fc.uniqueArray(fc.record({ id: fc.nat(6), sighting, at: time }), {
      selector: ({ id }) => id,
      maxLength: 3,
    }),
    document: maybe(fc.record({ lastOk: time, title: fc.constantFrom("x", "y") })),
    attempt: maybe(fc.record({ lastTry: time, failures: fc.nat(2) })),
    wasCut: fc.boolean(),
  })
  .map(({ document, attempt, ...facts }) => {
    const raw: StoredRecord = {
      ...nothing,
      ...(document && {
        document: {
          ...{ lastOk: document.lastOk, parser: 2, filters, bytes: 1 },
          feed: { format: "rss", repaired: false, title: { kind: "text", value: document.title } },
        },
      }),
      ...(attempt && { attempt }),
      entries: facts.entries.map(({ id, name, sighting: seen, ...rest }) => ({
        ...rest,
        sighting: { id: `urn:${id}`, ...seen },
        parsed: { title: { kind: "text", value: name }, categories: [], enclosures: [] },
      })),
      withdrawn: facts.withdrawn.map(({ id, ...rest }) => ({ key: withdrawnKey(`urn:${id}`), ...rest })),
      wasCut: facts.wasCut,
    };
    return joinRecords(raw, nothing, rules);
  });

const join = (...records: readonly StoredRecord[]) => records.reduce((a, b) => joinRecords(a, b, rules));
const ids = ({ entries: all }: StoredRecord) => all.map(({ sighting: { id } }) => id);

describe("what two servers know of a feed, together", () => {
  test("does not depend on who speaks first", () => {
    fc.assert(fc.property(record, record, (a, b) => expect(join(a, b)).toEqual(join(b, a))));
  });

  test("does not depend on the order in which three come together", () => {
    fc.assert(
      fc.property(record, record, record, (a, b, c) => expect(join(join(a, b), c)).toEqual(join(a, join(b, c)))),
    );
  });

  test("stays as it is when it is said again", () => {
    fc.assert(
      fc.property(record, record, (a, b) => {
        expect(join(a, a)).toEqual(a);
        expect(join(a, b, b, a)).toEqual(join(a, b));
        expect(join(a, nothing)).toEqual(a);
      }),
    );
  });

  test("has each entry of both, first seen when either saw it first, unless its author took it back since", () => {
    fc.assert(
      fc.property(record, record, (a, b) => {
        const both = join(a, b);
        for (const { sighting: seen, at } of [...a.entries, ...b.entries]) {
          const kept = both.entries.find((each) => each.sighting.id === seen.id);
          const gone = both.withdrawn.find(({ key }) => key === withdrawnKey(seen.id));
          expect(kept?.sighting.seen ?? gone?.sighting.seen).toBeLessThanOrEqual(seen.seen);
          if (kept === undefined) expect(gone?.at).toBeGreaterThanOrEqual(at);
          else expect(kept.at).toBeGreaterThanOrEqual(at);
        }
      }),
    );
  });

  test("keeps as many entries as may be kept, the newest of all, whoever has them", () => {
    // Where both know an entry, they know it by one sighting: as after one of them has read the other's record.
    const seen = (id: number) => ({ seen: 10 + (id % 3), late: true, index: id, published: id });
    const agreed = record.map((each) => ({
      ...each,
      withdrawn: [],
      entries: each.entries.map((one) => ({
        ...one,
        sighting: { id: one.sighting.id, ...seen(Number(one.sighting.id.slice(4))) },
      })),
    }));
    const few = { ...rules, keep: 3 };
    fc.assert(
      fc.property(agreed, agreed, agreed, (a, b, c) => {
        const left = joinRecords(joinRecords(a, b, few), c, few);
        expect(left).toEqual(joinRecords(a, joinRecords(b, c, few), few));
        const all = join(a, b, c);
        expect(ids(left).sort()).toEqual(ids(all).sort().slice(-3));
        expect(left.wasCut).toBe(all.wasCut || all.entries.length > 3);
      }),
    );
  });
});

test("an attempt that changed nothing is no reason to write; another text, place or failure is", () => {
  const [post] = fc.sample(entry, 1);
  const made = (lastOk: number, failures = 0, name = "a"): StoredRecord => ({
    ...nothing,
    document: { lastOk, parser: 2, filters, bytes: lastOk, feed: { format: "rss", repaired: false } },
    attempt: { lastTry: lastOk, failures, nextTry: lastOk + 9 },
    entries: [
      {
        ...{ at: lastOk, position: 0, sighting: { id: "urn:1", ...post?.sighting } },
        parsed: { title: { kind: "text", value: name }, categories: [], enclosures: [] },
      },
    ],
  });
  expect(materialOf(made(5))).toBe(materialOf(made(6)));
  expect(materialOf(made(5, 1))).not.toBe(materialOf(made(5)));
  expect(materialOf(made(5, 0, "b"))).not.toBe(materialOf(made(5)));
});
