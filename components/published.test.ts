import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { serializeManifest } from "@planet/aggregator";
import { readPublished } from "./published.ts";
import { publicReader } from "./readPublic.ts";

const none = { overwrite: {}, leave: [] };
const hash = "a".repeat(64);
const entry = { name: "planet.ini", sha256: hash, size: 1, type: "text/plain", replaces: [] };
const objects = new Map([
  ["/planet/manifest.json", serializeManifest({ stack: "local", files: [entry, { ...entry, name: "old.css" }] })],
  ["/planet/planet.ini", "ini"],
  [`/planet/objects/${hash}`, "published"],
]);
let server: Server;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    if (!path.includes("proxy")) response.setHeader("x-amz-request-id", "1");
    if (path.includes("closed")) response.writeHead(403).end();
    else if (path.includes("broken")) response.writeHead(500).end();
    else if (objects.has(path))
      response.writeHead(200, { "Last-Modified": "Thu, 01 Jan 2026 10:00:00 GMT" }).end(objects.get(path));
    else response.writeHead(404).end("<Error/>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe("readPublished", () => {
  test("reads the manifest, all names of both sides, and the bytes of what is left", async () => {
    const found = await readPublished(publicReader(`${origin}/planet`), ["planet.ini", "closed.css"], {
      overwrite: {},
      leave: ["planet.ini"],
    });
    expect(found.manifest).toMatchObject({ state: "present", modified: new Date("2026-01-01T10:00:00Z") });
    expect([...found.live].map(([name, { state }]) => `${name} ${state}`)).toEqual(
      expect.arrayContaining(["closed.css forbidden", "old.css missing", "planet.ini present"]),
    );
    expect(found.kept.get("planet.ini")).toMatchObject({ bytes: Buffer.from("published") });
  });

  test("reads an edit that was overwritten, by the digits that the setting has and the manifest's memory", async () => {
    const files = [{ ...entry, sha256: "b".repeat(64), replaces: ["c".repeat(64), hash] }];
    objects.set("/done/manifest.json", serializeManifest({ stack: "local", files }));
    objects.set(`/done/objects/${hash}`, "edit");
    const read = publicReader(`${origin}/done`);
    const found = await readPublished(read, [], { overwrite: { "planet.ini": hash.slice(0, 8) }, leave: [] });
    expect(found.overwritten.get("planet.ini")).toMatchObject({ bytes: Buffer.from("edit") });
    const other = await readPublished(read, [], { overwrite: { "planet.ini": "00000000", toString: hash }, leave: [] });
    expect(other.overwritten.size).toBe(0);
  });

  test("a bucket that is not there is an empty one", async () => {
    const found = await readPublished(publicReader(`${origin}/none`), ["planet.ini"], none);
    expect(found.manifest).toEqual({ state: "missing" });
  });

  test("says why a manifest is none", async () => {
    objects.set("/other/manifest.json", "<html>");
    const found = await readPublished(publicReader(`${origin}/other`), [], none);
    expect(found.manifest).toMatchObject({ state: "unreadable", reason: expect.stringContaining("no JSON") });
  });

  test.each([
    ["an endpoint that is not there", () => "http://127.0.0.1:1/planet"],
    ["an endpoint that fails", () => `${origin}/broken`],
    ["a 404 that is not the storage's own", () => `${origin}/proxy`],
  ])("%s stops with a way out", async (_, url) => {
    const reading = readPublished(publicReader(url()), [], none);
    await expect(reading).rejects.toMatchObject({ code: "UNREACHABLE", message: expect.stringContaining("npm start") });
  });
});
