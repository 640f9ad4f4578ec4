import { describe, expect, test } from "@jest/globals";
import { serializeManifest } from "@planet/content";
import type { LiveObject, ReadLive } from "@planet/content/live";
import { readPublished } from "./published.ts";

const none = { overwrite: {}, leave: [] };
const hash = "a".repeat(64);
const entry = { name: "planet.ini", sha256: hash, size: 1, type: "text/plain", replaces: [] };
const uploaded = new Date("2026-01-01T10:00:00Z");

/** A bucket with these objects; "closed.css" is not public. */
const bucket =
  (objects: Record<string, string>): ReadLive =>
  async (key): Promise<LiveObject> => {
    const text = objects[key];
    if (text !== undefined) return { state: "present", bytes: Buffer.from(text), modified: uploaded };
    return { state: key === "closed.css" ? "forbidden" : "missing" };
  };

describe("readPublished", () => {
  test("reads the manifest, all names of both sides, and the bytes of what is left", async () => {
    const manifest = serializeManifest({ stack: "local", files: [entry, { ...entry, name: "old.css" }] });
    const read = bucket({ "manifest.json": manifest, "planet.ini": "ini", [`objects/${hash}`]: "published" });
    const found = await readPublished(read, ["planet.ini", "closed.css"], { overwrite: {}, leave: ["planet.ini"] });
    expect(found.manifest).toMatchObject({ state: "present", modified: uploaded });
    expect([...found.live].map(([name, { state }]) => `${name} ${state}`)).toEqual([
      "closed.css forbidden",
      "old.css missing",
      "planet.ini present",
    ]);
    expect(found.kept.get("planet.ini")).toMatchObject({ bytes: Buffer.from("published") });
  });

  test("reads an edit that was overwritten, by the digits that the setting has and the manifest's memory", async () => {
    const files = [{ ...entry, sha256: "b".repeat(64), replaces: ["c".repeat(64), hash] }];
    const read = bucket({ "manifest.json": serializeManifest({ stack: "local", files }), [`objects/${hash}`]: "edit" });
    const found = await readPublished(read, [], { overwrite: { "planet.ini": hash.slice(0, 8) }, leave: [] });
    expect(found.overwritten.get("planet.ini")).toMatchObject({ bytes: Buffer.from("edit") });
    const other = await readPublished(read, [], { overwrite: { "planet.ini": "00000000", toString: hash }, leave: [] });
    expect(other.overwritten.size).toBe(0);
  });

  test("a bucket that is not there is an empty one", async () => {
    expect((await readPublished(bucket({}), ["planet.ini"], none)).manifest).toEqual({ state: "missing" });
  });

  test("says why a manifest is unreadable", async () => {
    const found = await readPublished(bucket({ "manifest.json": "<html>" }), [], none);
    expect(found.manifest).toMatchObject({ state: "unreadable", reason: expect.stringContaining("not JSON") });
  });
});
