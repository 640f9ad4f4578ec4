import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fingerprint, type Json, normalised } from "./fingerprint.ts";

const instance = (id: string, launchTime: string): Json => ({ instanceId: id, launchTime, state: "running" });

/** Names of things, as they stand in a cloud and in a state, by number. */
const NAMES = [
  (number: number) => `i-${hex(number, 17)}`,
  (number: number) => `sg-${hex(number, 8)}`,
  (number: number) => `${hex(number, 8)}-0000-4000-8000-000000000000`,
  (number: number) => `127.66.21.${number}`,
  (number: number) => `planet-0a1b2c3d-launch-${hex(number, 7)}`,
  (number: number) => `planet-0a1b2c3d-1a2b3c4d/planet-crash:${hex(number, 8)}`,
] as const;

const hex = (number: number, length: number): string => number.toString(16).padStart(length, "0");

/** Where a name stands: alone, in a text, in a list, as a key. */
type Thing = { readonly kind: number; readonly number: number; readonly place: number };

const things = fc.array(
  fc.record({ kind: fc.nat(NAMES.length - 1), number: fc.integer({ min: 1, max: 5 }), place: fc.nat(2) }),
  { minLength: 1, maxLength: 12 },
);
const facts = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

/** What is written down of things that are called as `numberOf` says. */
function document(all: readonly Thing[], others: Json, numberOf: (thing: Thing) => number): Json {
  const lines = all.map((thing): Json => {
    const name = NAMES[thing.kind]?.(numberOf(thing)) ?? "";
    return [name, `http://${name}/`, { in: ["a", name, "b"] }][thing.place] ?? null;
  });
  return { lines, others };
}

/** Which of the names are the same one. */
const pattern = (all: readonly Thing[]): string =>
  all.map(({ kind, number }) => all.findIndex((each) => each.kind === kind && each.number === number)).join();

const sameWith = (all: readonly Thing[], others: Json, numberOf: (thing: Thing) => number): boolean =>
  fingerprint(document(all, others, ({ number }) => number)) === fingerprint(document(all, others, numberOf));

describe("the fingerprint", () => {
  test("is the same for what differs in its ids and times alone", () => {
    const rename = fc.shuffledSubarray(
      [...Array(99).keys()].map((number) => number + 100),
      { minLength: 6, maxLength: 6 },
    );
    fc.assert(
      fc.property(things, facts, rename, (all, others, numbers) =>
        expect(sameWith(all, others, ({ number }) => numbers[number] ?? 0)).toBe(true),
      ),
    );
    expect(fingerprint(instance("i-11111111", "2026-11-29T18:03:53.843Z"))).toBe(
      fingerprint(instance("i-22222222", "2026-11-30T01:00:00.000Z")),
    );
  });

  test("is never the same when two names have become one, or one has become two, or another one is meant", () => {
    fc.assert(
      fc.property(things, facts, things, (all, others, drawn) => {
        const changed = all.map((thing, index) => ({ ...thing, number: drawn[index]?.number ?? thing.number }));
        const [before, after] = [all, changed].map((each) =>
          fingerprint(document(each, others, ({ number }) => number)),
        );
        expect(before === after).toBe(pattern(all) === pattern(changed));
      }),
      { numRuns: 500 },
    );
  });

  test("is never the same for other facts", () => {
    fc.assert(
      fc.property(things, facts, facts, (all, one, other) => {
        const [left, right] = [one, other].map((each) => fingerprint(document(all, each, ({ number }) => number)));
        expect(left === right).toBe(sorted(one) === sorted(other));
      }),
      { numRuns: 500 },
    );
  });

  test("does not depend on the order of keys", () => {
    expect(fingerprint({ a: "i-11111111", b: 1 })).toBe(fingerprint({ b: 1, a: "i-22222222" }));
  });

  test.each<[string, Json, Json]>([
    [
      "the state of a server",
      instance("i-11111111", "x"),
      { ...(instance("i-11111111", "x") as object), state: "pending" },
    ],
    ["a pending operation", { pending: [{ urn: "a", type: "creating" }] }, { pending: [] }],
    ["a lock", { isLocked: true }, { isLocked: false }],
    ["a release", { release: "8e1c6920" }, { release: "8d1a659e" }],
    ["content", { etag: "b158b8e1e799cdf0b25de54595ac5e76" }, { etag: "9733a4153ecb2bbea279e727ea087c40" }],
    ["a client token", { clientToken: "4cd31c67c974a182" }, { clientToken: "5cd31c67c974a182" }],
    ["a network", { cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }],
    ["an endpoint", { endpoint: "http://127.0.0.1:8773/" }, { endpoint: "http://127.0.0.1:8774/" }],
    ["that a time is known", { terminatedAt: "x" }, {}],
  ])("sees %s", (_, left, right) => {
    expect(fingerprint(left)).not.toBe(fingerprint(right));
  });

  test("replaces what is completed by lot, and only that", () => {
    const text = normalised({ groupName: "planet-group-26f9df0", id: "served88690f96", name: "planet.ini", size: 26 });
    expect(JSON.parse(text)).toEqual({
      groupName: "\u0000planet-group- 1\u0000",
      id: "\u0000served 2\u0000",
      name: "planet.ini",
      size: 26,
    });
  });
});

/** With keys in order. */
const sorted = (value: Json): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  );
