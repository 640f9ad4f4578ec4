import { readdirSync, readFileSync } from "node:fs";
import { test } from "@jest/globals";
import fc from "fast-check";
import { FetchError } from "../fetch/errors.ts";
import { cleanEntry } from "../sanitize/cleanEntry.ts";
import { VECTORS } from "../sanitize/testdata/vectors.ts";
import { expectHarmless } from "../sanitize/testing/expectHarmless.ts";
import { parseDocument } from "./parseDocument.ts";

/** `FUZZ_RUNS=100000 npm run test:unit -- mutated` looks longer (about ten minutes). */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);
const now = Date.UTC(2026, 5, 1);
const url = "http://feeds.test/feed";

const CASES = new URL("testdata/cases/", import.meta.url);
const WILD = new URL("../build/testdata/wild/", import.meta.url);
const documents: readonly Buffer[] = [
  ...readdirSync(CASES).map((file) =>
    Buffer.from(readFileSync(new URL(file, CASES), "utf8").split("\n---\n", 2)[1] ?? ""),
  ),
  ...readdirSync(WILD).map((file) => readFileSync(new URL(file, WILD))),
];

/** What breaks documents on their way: editors, templates, transports, attackers. */
const PIECES = [
  ...["<", ">", "&", "]]>", "<![CDATA[", "\0", "\u0008", "\ufffe", "&nbsp;", "&#0;", "<!--", "-->", "\r\n"],
  ...["</item>", "<item>", "</entry>", "<channel>", "</rss>", "<title>", "</title>", '"', "<?xml version='1.0'?>"],
  ...["<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "&a;", '<x xmlns="http://www.w3.org/2005/Atom">', "__proto__", "\ud800"],
  ...["{", "}", "[", ",", "null", "1e999", "\\u0000"],
  ...VECTORS,
].map((piece) => Buffer.from(piece));

const place = fc.double({ min: 0, max: 1, noNaN: true });
const mutation = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), at: place, piece: fc.constantFrom(...PIECES) }),
  fc.record({ kind: fc.constant("remove" as const), at: place, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    kind: fc.constant("repeat" as const),
    at: place,
    length: fc.integer({ min: 1, max: 200 }),
    times: fc.integer({ min: 2, max: 50 }),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

test(
  "a feed that was damaged anywhere is read or refused, and nothing harmful comes out of it",
  async () => {
    const damaged = fc.tuple(fc.constantFrom(...documents), fc.array(mutation, { minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(damaged, async ([document, mutations]) => {
        const bytes = mutations.reduce(mutate, document);
        for (const parsed of await entriesOf(bytes)) {
          const { contentHtml, titleHtml } = cleanEntry({ parsed, sourceUrl: url, excerpt: 0 });
          expectHarmless(contentHtml);
          expectHarmless(titleHtml);
        }
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 50,
);

async function entriesOf(bytes: Uint8Array) {
  try {
    const { feed } = await parseDocument({ bytes, url, now });
    return feed.entries;
  } catch (error) {
    if (error instanceof FetchError) return [];
    throw error;
  }
}

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case "insert":
      return Buffer.concat([before, change.piece, after]);
    case "remove":
      return Buffer.concat([before, after.subarray(change.length)]);
    case "cut":
      return before;
    case "flip":
      return Buffer.concat([before, after.subarray(0, 1).map((byte) => byte ^ (1 << change.bit)), after.subarray(1)]);
    case "repeat":
      return Buffer.concat([before, ...Array<Buffer>(change.times).fill(after.subarray(0, change.length)), after]);
  }
}
