import { describe, expect, test } from "@jest/globals";
import { expectParts, type Field, interfaceFields, markdownTable } from "@planet/content/testing";
import type { FeedReport } from "../build/feedHealth.ts";
import { readSettings } from "./settings.ts";
import { statusOf } from "./status.ts";

const PAGE = new URL("../../../docs/status-json.md", import.meta.url);
const shapes = interfaceFields(new URL("../../content/statusJson.ts", import.meta.url));
const STATUS = shapes.get("StatusJson") ?? [];
const FEED = shapes.get("StatusFeed") ?? [];

/** A server on which everything has something to say. */
function sampleStatus() {
  const feed: Required<FeedReport> = {
    url: "http://broken.blogs.test/rss.xml",
    name: "The Broken One",
    state: "failing",
    page: "feed/broken-blogs-test-0a1b2c3d.html",
    http: 500,
    reason: "http: the server answered 500",
    lastOk: "2026-03-01T09:15:00Z",
    lastTry: "2026-03-01T12:00:00Z",
    nextTry: "2026-03-01T12:31:00Z",
    failures: 2,
    failingSince: "2026-02-21T09:30:00Z",
    needsAttention: true,
    movedTo: "http://new.blogs.test/rss.xml",
    entries: 12,
    newest: "2026-02-27T18:00:00Z",
    repaired: true,
    encoding: "utf-8",
    ms: 120,
    bytes: 18_224,
  };
  return statusOf({
    settings: readSettings({
      PLANET_BUCKET_URL: "http://10.67.0.1:8773/services/objectstorage/planet",
      PLANET_STACK: "prod",
      PLANET_RELEASE: "c0ffee01",
      PLANET_BUNDLE: "a".repeat(64),
      PLANET_INTERVAL: "300",
      PLANET_INSTANCE: "i-00000000000000001",
    }),
    content: {
      id: "bbbbbbbb+edit.1",
      digest: "b".repeat(64),
      appliedAt: "2026-03-01T11:00:00.000Z",
      files: new Map(),
      bytes: new Map([["planet.ini", Buffer.from("[Planet]\nname = Planet of the Harbour\n[http://a.example/f]\n")]]),
      source: "edit",
      drift: [
        {
          name: "planet.css",
          manifestSha: "c".repeat(64),
          liveSha: "d".repeat(64),
          etag: '"d41d8cd9"',
          since: "2026-03-01T10:58:00.000Z",
          applied: true,
        },
      ],
      waiting: ["images/logo.png"],
      notices: [],
    },
    rejected: {
      "planet.ini": {
        sha256: "e".repeat(64),
        at: "2026-03-01T11:30:00.000Z",
        line: 12,
        code: "broken-header",
        message: 'section header "[http://a.example/f}" has no closing "]"',
        digest: "b".repeat(64),
      },
    },
    degraded: [
      { name: "", code: "all-feeds-failing", message: "no feed could be read" },
      {
        name: "",
        code: "memory-unwritable",
        message: "memory/feeds/5f6c….json.gz: http 403 SignatureDoesNotMatch; since 2026-03-01T10:00:00.000Z",
      },
    ],
    report: { feeds: [feed], entries: 12, changed: true, warnings: [] },
    memory: {
      state: "degraded",
      since: "2026-03-01T10:00:00.000Z",
      message: "memory/feeds/5f6c….json.gz: http 403 SignatureDoesNotMatch",
      feeds: 1,
      months: 14,
      forgotten: "9f86d081884c7d65",
    },
    certificate: {
      state: "degraded",
      names: ["planet.example.org"],
      message: "the authority limits the rate; the next order is possible from 2026-03-02T00:00:00.000Z",
      issuer: "Let's Encrypt E7",
      not_before: "2025-12-04T08:00:00.000Z",
      not_after: "2026-03-04T08:00:00.000Z",
      fingerprint: "f".repeat(64),
      source: "acme",
      placed_at: "2025-12-04T09:00:00.000Z",
      last_order: {
        time: "2026-03-01T11:50:00.000Z",
        by: "i-00000000000000001",
        result: "failed",
        message: "the authority limits the rate",
        not_before: "2026-03-02T00:00:00.000Z",
      },
    },
    nodeVersion: "v20.19.2",
    now: new Date("2026-03-01T12:00:00Z"),
  });
}

/** `drift[].name`: every field with its place, the ones of `feeds` being in a table of their own. */
function withPlaces(fields: readonly Field[], before = ""): { place: string; field: Field }[] {
  return fields.flatMap((field) => {
    const place = `${before}${field.name}`;
    const isList = field.type.endsWith("[]");
    return [{ place, field }, ...withPlaces(field.fields, `${place}${isList ? "[]." : "."}`)];
  });
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  boolean: "true or false",
  "1": "always 1",
  "string | null": "text or null",
  "readonly string[]": "list of texts",
  "readonly StatusFeed[]": "list of objects",
};

function typeInWords({ type, optional, fields }: Field): string {
  const written = type.replace(" | undefined", "");
  const object = written.endsWith("[]") ? "list of objects" : "object";
  // What is left are the types that consist of a few words.
  const words = fields.length > 0 ? object : (WORDS[written] ?? "word");
  return optional ? `${words}, or absent` : words;
}

function fieldTable(fields: readonly Field[]): string {
  const rows = withPlaces(fields).map(({ place, field }) => [`\`${place}\``, typeInWords(field), field.meaning]);
  return markdownTable(["field", "is", "meaning"], rows);
}

/** The places that a value really has. */
function placesIn(value: unknown, before = ""): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => placesIn(item, `${before}[]`)))];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = before === "" ? name : `${before}.${name}`;
    return [place, ...placesIn(inner, place)];
  });
}

describe("docs/status-json.md (proves that it has the fields that a server writes; not that a value is right)", () => {
  const json = JSON.stringify(sampleStatus(), null, 1);

  test("has the fields of the type, and what a server writes (UPDATE_GOLDEN=1 rewrites them)", () => {
    expectParts(PAGE, { status: fieldTable(STATUS), feed: fieldTable(FEED), example: `\`\`\`json\n${json}\n\`\`\`\n` });
  });

  test("a server writes the fields of the page, and no others", () => {
    const documented = [
      ...withPlaces(STATUS).map(({ place }) => place),
      ...withPlaces(FEED, "feeds[].").map(({ place }) => place),
    ];
    expect([...placesIn(JSON.parse(json))].sort()).toEqual([...documented].sort());
  });

  test("every field says what it means", () => {
    const all = [...withPlaces(STATUS), ...withPlaces(FEED)];
    expect(all.filter(({ field }) => field.meaning === "").map(({ place }) => place)).toEqual([]);
  });
});
