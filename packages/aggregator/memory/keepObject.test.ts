import { describe, expect, test } from "@jest/globals";
import { readBackSeconds } from "@planet/content";
import fc from "fast-check";
import { UPLOAD_LIMIT_MS } from "../sync/upload.ts";
import {
  type Kept,
  keepObject,
  type ObjectStore,
  SEEN_ENOUGH,
  type SharedObject,
  type Sight,
  sightAfter,
} from "./keepObject.ts";

/** Time that passes only when everybody waits for it. */
class Simulation {
  now = 0;
  readonly #waiting: { readonly at: number; readonly wake: () => void }[] = [];

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => void this.#waiting.push({ at: this.now + ms, wake }));
  }

  at(ms: number, act: () => void): void {
    this.#waiting.push({ at: this.now + ms, wake: act });
  }

  async run(): Promise<void> {
    for (;;) {
      // Whoever was woken comes to his next wait by promises alone.
      await new Promise((resolve) => setImmediate(resolve));
      this.#waiting.sort((a, b) => a.at - b.at);
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.now = next.at;
      next.wake();
    }
  }
}

type Facts = ReadonlySet<string>;
const union = (...sets: readonly (Facts | undefined)[]): Facts => new Set(sets.flatMap((set) => [...(set ?? [])]));
const never = new Promise<never>(() => undefined);

interface Writer {
  readonly startsAt: number;
  readonly diesAt: number | undefined;
  /** Taken in turn; what a read takes, from which part of it on its bytes are, what a write takes, when it lands. */
  readonly latencies: readonly (readonly [number, number, number, number])[];
  /** In how many of its runs it learns something. */
  readonly learns: number;
}

interface Rules {
  readonly intervalSeconds: number;
  /** False: what was written counts as done, as if nobody else wrote. */
  readonly looksAgain?: boolean;
}

/** A storage that is too slow is given up in the end. */
const MOST_RUNS = 12;

/** All writers until each is done or dead. @returns what is in the bucket, and what each of them counted on. */
async function simulate(writers: readonly Writer[], { intervalSeconds, looksAgain = true }: Rules) {
  const enough = looksAgain ? SEEN_ENOUGH : 0;
  const simulation = new Simulation();
  const bucket: { facts: Facts | undefined } = { facts: undefined };
  const settled: Facts[] = writers.map(() => new Set());
  const known: Facts[] = writers.map(() => new Set());
  for (const [index, writer] of writers.entries()) {
    const isDead = () => writer.diesAt !== undefined && simulation.now >= writer.diesAt;
    const living = async <Value>(value: Value): Promise<Value> => (isDead() ? never : value);
    let turn = 0;
    const latency = () => writer.latencies[turn++ % writer.latencies.length] ?? [0, 0, 0, 0];
    const store: ObjectStore = {
      async read() {
        const [takes, part] = latency();
        await simulation.sleep(takes * part);
        const { facts } = bucket;
        await simulation.sleep(takes * (1 - part));
        await living(undefined);
        return facts === undefined ? { state: "none" } : { state: "found", bytes: Buffer.from([...facts].join()) };
      },
      async write(_name, bytes) {
        const [, , takes, part] = latency();
        // On its way: it lands whether its sender lives or not.
        simulation.at(takes * part, () => {
          bucket.facts = new Set(Buffer.from(bytes).toString().split(","));
        });
        await simulation.sleep(takes);
        await living(undefined);
      },
    };
    const object: SharedObject<Facts> = {
      name: "x",
      decode: async (bytes) => new Set(Buffer.from(bytes).toString().split(",")),
      encode: (facts) => Buffer.from([...facts].join()),
      async combine(stored) {
        known[index] = union(known[index], stored);
        return known[index] ?? new Set();
      },
      isSame: (stored, wanted) => [...wanted].every((fact) => stored.has(fact)),
    };
    const life = async () => {
      await simulation.sleep(writer.startsAt);
      let sight: Sight = { seen: 0, digest: "" };
      for (let run = 0; run < MOST_RUNS && (run < writer.learns || sight.seen < enough); run += 1) {
        await living(undefined);
        if (run < writer.learns) {
          known[index] = union(known[index], new Set([`${index}.${run}`]));
          sight = { seen: 0, digest: "" };
        }
        const keep = async () => {
          const kept = await keepObject(object, store, () => simulation.now).catch(() => undefined);
          await living(undefined);
          sight = kept === undefined ? { seen: 0, digest: "" } : sightAfter(sight, kept);
          if (sight.seen >= enough) settled[index] = union(known[index]);
          return kept?.state === "written";
        };
        if ((await keep()) && looksAgain) {
          await simulation.sleep(readBackSeconds(intervalSeconds) * 1_000);
          await living(undefined);
          await keep();
        }
        await simulation.sleep(intervalSeconds * 1_000);
      }
    };
    void life();
  }
  await simulation.run();
  return { bucket: union(bucket.facts), settled: union(...settled), known };
}

const latency = (longestRead: number) =>
  fc.tuple(
    fc.integer({ min: 1, max: longestRead }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: UPLOAD_LIMIT_MS }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
const writer = (canDie: boolean): fc.Arbitrary<Writer> =>
  fc.record({
    startsAt: fc.nat(40_000),
    diesAt: canDie ? fc.option(fc.nat(120_000), { nil: undefined }) : fc.constant(undefined),
    latencies: fc.array(latency(canDie ? 7_000 : 4_900), { minLength: 1, maxLength: 8 }),
    learns: fc.integer({ min: 1, max: 3 }),
  });
const writers = (canDie: boolean) => fc.array(writer(canDie), { minLength: 1, maxLength: 4 });
const interval = fc.constantFrom(10, 60, 300);

describe("servers that write one object at the same time (every order of their requests, in simulated time)", () => {
  test("lose nothing that one of them has seen there twice, whoever dies when", async () => {
    await fc.assert(
      fc.asyncProperty(writers(true), interval, async (all, intervalSeconds) => {
        const { bucket, settled } = await simulate(all, { intervalSeconds });
        expect([...settled].filter((fact) => !bucket.has(fact))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("have all there in the end when nobody dies", async () => {
    await fc.assert(
      fc.asyncProperty(writers(false), interval, async (all, intervalSeconds) => {
        const { bucket, known } = await simulate(all, { intervalSeconds });
        expect([...union(...known)].filter((fact) => !bucket.has(fact))).toEqual([]);
      }),
      { numRuns: 75 },
    );
  });

  test("would lose something if they did not look again", async () => {
    const run = await fc.check(
      fc.asyncProperty(writers(false), async (all) => {
        const { bucket, known } = await simulate(all, { intervalSeconds: 300, looksAgain: false });
        return [...union(...known)].every((fact) => bucket.has(fact));
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(run.failed).toBe(true);
  });
});

test("is done when two looks in a row have found the same; what came between them was seen once", () => {
  const looks: Kept[] = [
    { state: "whole", digest: "a" },
    { state: "whole", digest: "b" },
    { state: "written" },
    { state: "whole", digest: "b" },
    { state: "whole", digest: "b" },
    { state: "whole", digest: "b" },
  ];
  let sight: Sight | undefined;
  const seen = looks.map((kept) => {
    sight = sightAfter(sight, kept);
    return sight.seen;
  });
  expect(seen).toEqual([1, 1, 0, 1, SEEN_ENOUGH, SEEN_ENOUGH]);
});

describe("what could not be read", () => {
  const object: SharedObject<string> = {
    name: "x",
    decode: async (bytes) => Buffer.from(bytes).toString(),
    encode: (value) => Buffer.from(value),
    combine: async (stored = "") => `${stored}+`,
    isSame: (stored, wanted) => stored === wanted,
  };
  const storeOf = (read: ObjectStore["read"], written: string[]): ObjectStore => ({
    read,
    write: async (_name, bytes) => void written.push(Buffer.from(bytes).toString()),
  });

  test("is not written over; what is not there by the storage's own word is written", async () => {
    const written: string[] = [];
    const failing = storeOf(async () => Promise.reject(new Error("http 404")), written);
    await expect(keepObject(object, failing, () => 0)).rejects.toThrow("http 404");
    const foreign = { ...object, decode: () => Promise.reject(new Error("foreign")) };
    const found = storeOf(async () => ({ state: "found", bytes: Buffer.from("a") }), written);
    await expect(keepObject(foreign, found, () => 0)).rejects.toThrow("foreign");
    expect(written).toEqual([]);
    expect(
      await keepObject(
        object,
        storeOf(async () => ({ state: "none" }), written),
        () => 0,
      ),
    ).toEqual({ state: "written" });
    expect(written).toEqual(["+"]);
  });

  test("quickly enough is read again, and not written when that does not help", async () => {
    let [now, reads] = [0, 0];
    const slow = storeOf(async () => {
      now += 6_000;
      reads += 1;
      return { state: "none" };
    }, []);
    await expect(keepObject(object, slow, () => now)).rejects.toMatchObject({ code: "UNREADABLE" });
    expect(reads).toBe(3);
  });
});
