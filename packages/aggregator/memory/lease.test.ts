import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { BucketAnswer } from "../sync/bucket.ts";
import { holdsLease, LEASE_NAME, type Lease, leaseFor, leaseMs, readLease, writeLease } from "./lease.ts";

const NOW = Date.UTC(2026, 4, 18, 12);
const MINUTE = 60_000;
const lease: Lease = { holder: "i-0a1b2c3d", release: "0a1b2c3d", since: NOW - 90 * MINUTE, until: NOW + 5 * MINUTE };
const me = { id: "i-ffffffff", release: "0a1b2c3d", intervalSeconds: 300, since: NOW - 60 * MINUTE, hasPage: true };
const mine = { holder: me.id, release: me.release, since: me.since, until: NOW + 10 * MINUTE };

describe("a server", () => {
  test("takes what nobody has, keeps it, and gives it up to nobody of its release", () => {
    expect(leaseFor(me, { now: NOW })).toEqual(mine);
    expect(leaseFor(me, { now: NOW + MINUTE, lease: mine })).toEqual({ ...mine, until: mine.until + MINUTE });
    expect(leaseFor({ ...me, since: undefined }, { now: NOW, lease: mine })?.since).toBe(NOW);
    expect(leaseFor(me, { now: NOW, lease })).toBeUndefined();
  });

  test("follows a server that is gone for two intervals, and then takes its place", () => {
    expect(leaseFor(me, { now: lease.until - 1, lease })).toBeUndefined();
    expect(leaseFor(me, { now: lease.until, lease })).toMatchObject({ holder: me.id });
    expect([5, 300].map(leaseMs)).toEqual([MINUTE, 10 * MINUTE]);
  });

  test("of a later release is the successor once it has a page, and what came before it follows", () => {
    const next = { ...me, release: "11111111" };
    expect(leaseFor({ ...next, hasPage: false }, { now: NOW, lease })).toBeUndefined();
    const taken = leaseFor(next, { now: NOW, lease });
    expect(taken).toMatchObject({ holder: me.id, release: "11111111" });
    const old = { ...me, id: lease.holder, since: lease.since };
    expect(leaseFor(old, { now: NOW, lease: taken })).toBeUndefined();
  });

  test("does not believe a lease that nobody can have who keeps the rules", () => {
    expect(leaseFor(me, { now: NOW, lease: { ...lease, until: NOW + 10 * MINUTE + 1 } })).toMatchObject(mine);
  });
});

describe("the object", () => {
  const answer = (state: object): BucketAnswer =>
    ({ date: new Date(NOW), etag: undefined, modified: undefined, sha256: "", ...state }) as BucketAnswer;
  const bucket = (state: object) => ({
    read: async (name: string) => answer(name === `memory/${LEASE_NAME}` ? state : { state: "failed" }),
  });
  const found = (text: string | Buffer) => bucket({ state: "ok", bytes: Buffer.from(text) });

  test("is read back as it was written, and is the same bytes for the same lease", async () => {
    expect(await readLease(found(writeLease(lease)), "memory/")).toEqual({ now: NOW, lease });
    expect(writeLease(lease)).toEqual(writeLease({ ...lease }));
  });

  test.each<[string, string]>([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["of another schema", JSON.stringify({ ...JSON.parse(writeLease(lease).toString()), schema: 2 })],
    ["without times", JSON.stringify({ schema: 1, holder: "i-1", release: "0a1b2c3d" })],
    ["of a holder that is none", writeLease({ ...lease, holder: "i-1\nplanet: READY" }).toString()],
    ["of a release that is none", writeLease({ ...lease, release: "x" }).toString()],
  ])("%s counts as none", async (_, text) => {
    expect(await readLease(found(text), "memory/")).toEqual({ now: NOW, lease: undefined });
  });

  test.each<[string, object]>([
    ["cannot be read", { state: "failed", reason: "http 503" }],
    ["is said not to be there by something else than the storage", { state: "missing", reason: "http 404" }],
    ["comes without a time", { state: "ok", bytes: writeLease(lease), date: undefined }],
  ])("that %s says nothing", async (_, state) => {
    expect(await readLease(bucket(state), "memory/")).toBeUndefined();
    expect(await holdsLease(bucket(state), "memory/", lease.holder)).toBe(false);
  });

  test("says whose turn it is to whoever only asks", async () => {
    const holds = (text: Buffer, id: string) => holdsLease(found(text), "memory/", id);
    expect(await holds(writeLease(lease), lease.holder)).toBe(true);
    expect(await holds(writeLease(lease), "i-ffffffff")).toBe(false);
    expect(await holds(writeLease({ ...lease, until: NOW }), lease.holder)).toBe(false);
    expect(await holdsLease(bucket({ state: "missing", code: "NoSuchKey" }), "memory/", lease.holder)).toBe(false);
  });
});

const INTERVAL = 300;
const RUNS = 40;

interface Server {
  /** In ms. */
  readonly startsAt: number;
  readonly diesAt: number;
  readonly release: string;
  /** Between two runs, beside the interval. */
  readonly delays: readonly number[];
  /** From its reading to what it writes. */
  readonly latency: number;
  /** Of its runs, those in which it cannot read the storage, or not write. */
  readonly deaf: readonly boolean[];
  readonly mute: readonly boolean[];
}

/** Every run in the order of time; who asked the feeds, and what the object said. */
function simulate(servers: readonly Server[]) {
  const events: { readonly at: number; readonly act: () => void }[] = [];
  const asked: { readonly at: number; readonly by: number }[] = [];
  let stored: Lease | undefined;
  for (const [by, { startsAt, diesAt, release, delays, latency, deaf, mute }] of servers.entries()) {
    let since: number | undefined;
    for (let [run, at] = [0, startsAt]; run < RUNS && at < diesAt; run += 1) {
      const now = at;
      const act = () => {
        if (deaf[run % deaf.length]) return void asked.push({ at: now, by });
        since ??= now;
        const contender = { id: `i-${by}`, release, intervalSeconds: INTERVAL, since, hasPage: run > 0 };
        const lease = leaseFor(contender, { lease: stored, now });
        if (lease === undefined) return;
        asked.push({ at: now, by });
        if (mute[run % mute.length]) return;
        const land = () => {
          stored = lease;
        };
        events.push({ at: now + latency, act: land });
      };
      events.push({ at, act });
      at += INTERVAL * 1_000 + (delays[run % delays.length] ?? 0);
    }
  }
  while (events.length > 0) {
    events.sort((a, b) => a.at - b.at);
    events.shift()?.act();
  }
  return asked;
}

const anyServer = (fields: Partial<Record<keyof Server, fc.Arbitrary<unknown>>> = {}): fc.Arbitrary<Server> =>
  fc.record({
    startsAt: fc.integer({ min: 0, max: 20 * INTERVAL * 1_000 }),
    diesAt: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 30 * INTERVAL * 1_000 })),
    release: fc.constant("0a1b2c3d"),
    delays: fc.array(fc.integer({ min: 0, max: 80_000 }), { minLength: 1, maxLength: 5 }),
    latency: fc.integer({ min: 0, max: 10_000 }),
    deaf: fc.constant([false]),
    mute: fc.constant([false]),
    ...fields,
  }) as fc.Arbitrary<Server>;

describe("servers that start, end and are slow as they like", () => {
  const span = leaseMs(INTERVAL);

  test("somebody asks the feeds in every three intervals, as long as somebody is there", () => {
    const releases = fc.constantFrom("0a1b2c3d", "11111111");
    const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
    const servers = fc.array(anyServer({ release: releases, deaf: flags, mute: flags }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(servers, (given) => {
        const asked = simulate(given).map(({ at }) => at);
        const longest = span + INTERVAL * 1_000 + 80_000;
        for (const { startsAt, diesAt } of given) {
          const end = Math.min(diesAt, startsAt + (RUNS - 1) * INTERVAL * 1_000);
          for (let from = startsAt; from + longest < end; from += INTERVAL * 1_000) {
            expect(asked.some((at) => at >= from && at <= from + longest)).toBe(true);
          }
        }
      }),
    );
  });

  test("the feeds are asked as often as by one server, and once more for each that starts or ends", () => {
    fc.assert(
      fc.property(fc.array(anyServer(), { minLength: 1, maxLength: 5 }), (given) => {
        const asked = simulate(given);
        const runs = (asked.at(-1)?.at ?? 0) - (asked[0]?.at ?? 0);
        const alone = Math.ceil(runs / (INTERVAL * 1_000)) + 1;
        expect(asked.length).toBeLessThanOrEqual(alone + 2 * given.length);
      }),
    );
  });

  test("of two releases the later one asks from its second run on, and the earlier one does not take it back", () => {
    const common = { diesAt: Number.POSITIVE_INFINITY, delays: [0], latency: 100, deaf: [false], mute: [false] };
    const old = { ...common, startsAt: 0, release: "0a1b2c3d" };
    const late = { ...common, startsAt: 1_000_000, release: "11111111" };
    const asked = simulate([old, { ...old, startsAt: 10_000 }, late]);
    const taken = late.startsAt + INTERVAL * 1_000;
    const until = RUNS * INTERVAL * 1_000;
    expect(new Set(asked.filter(({ at }) => at < taken).map(({ by }) => by))).toEqual(new Set([0]));
    expect(new Set(asked.filter(({ at }) => at >= taken && at < until).map(({ by }) => by))).toEqual(new Set([2]));
  });
});
