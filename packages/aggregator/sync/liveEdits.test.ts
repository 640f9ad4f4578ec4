import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { ini, World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => world.stop());

const png = Buffer.from("\x89PNG\r\n\x1a\n rest", "latin1");
const rejectedOf = ({ rejected }: Awaited<ReturnType<World["sync"]>>) =>
  rejected.map(({ name, code }) => `${name} ${code}`);

describe("a deploy and the live edits (proves which bytes are taken; the bucket is one in this process)", () => {
  test("a fresh server takes the deploy", async () => {
    const digest = world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    const status = await world.sync();
    expect(status).toMatchObject({
      release: "0a1b2c3d",
      state: "ok",
      content: { digest, source: "manifest" },
      drift: [],
    });
    expect(world.page).toEqual({ "planet.ini": ini("a"), "planet.css": "a{}" });
  });

  test("an edit is taken after it has settled, in that same sync, and its feed is fetched in it", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    await world.sync();
    world.pass(300);
    world.bucket.put("planet.ini", ini("a", "b"));
    expect(await world.sync()).toMatchObject({ waiting: ["planet.ini"], content: { source: "manifest" } });
    world.pass(61);
    const status = await world.sync();
    expect(status).toMatchObject({ state: "ok", waiting: [], content: { source: "edit" } });
    expect(status.drift).toMatchObject([
      { name: "planet.ini", live_sha: sha256Of(Buffer.from(ini("a", "b"))), applied: true },
    ]);
    expect(world.fetched.at(-1)).toEqual(["http://a.example/f", "http://b.example/f"]);
  });

  test("the settling time counts from the storage's own clock", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(61);
    expect((await world.sync()).content.source).toBe("edit");
  });

  test("a fresh server comes to the same content as the one it replaces", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(100);
    world.deploy({ "planet.ini": ini("a"), "planet.css": "b{}" });
    world.pass(100);
    await world.sync();
    const before = world.page;
    for (const name of readdirSync(world.home)) rmSync(join(world.home, name), { recursive: true });
    await world.sync();
    expect(world.page).toEqual(before);
    expect(world.page["planet.ini"]).toBe(ini("a", "b"));
  });

  test("a deploy of the css alone keeps an older edit of planet.ini", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(100);
    await world.sync();
    world.deploy({ "planet.ini": ini("a"), "planet.css": "b{}" });
    await world.sync();
    expect(world.page).toEqual({ "planet.ini": ini("a", "b"), "planet.css": "b{}" });
  });

  test("a live name that lags behind the deploy is not an edit; the same bytes put back later are", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.pass(100);
    world.deploy({ "planet.ini": ini("a", "b") }, "live");
    world.pass(100);
    expect((await world.sync()).content.source).toBe("manifest");
    expect(world.page["planet.ini"]).toBe(ini("a", "b"));
    world.bucket.put("planet.ini", ini("a"));
    world.pass(100);
    expect((await world.sync()).content.source).toBe("edit");
    expect(world.page["planet.ini"]).toBe(ini("a"));
  });

  test("an edit that names a thousand files is rejected, and none of them is asked for", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const names = Array.from({ length: 1_000 }, (_, index) => `${index}.png`).join("\n  ");
    world.bucket.put("planet.ini", ini("a").replace("[Planet]\n", `[Planet]\nbill_of_materials = ${names}\n`));
    world.pass(100);
    expect(rejectedOf(await world.sync())).toEqual(["planet.ini too-many-files"]);
  });

  test("an edit that is back in step ends the drift", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(100);
    await world.sync();
    world.bucket.put("planet.ini", ini("a"));
    expect(await world.sync()).toMatchObject({ drift: [], content: { source: "manifest" } });
  });

  test("css and png of one skin land together", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}", "logo.png": png });
    await world.sync();
    world.bucket.put("planet.css", "b{}");
    world.pass(50);
    world.bucket.put("logo.png", Buffer.concat([png, png]));
    world.pass(20);
    await world.sync();
    expect(world.page["planet.css"]).toBe("b{}");
    world.pass(50);
    await world.sync();
    expect(world.page["logo.png"]).toHaveLength(2 * png.length);
  });

  test("a face that only the edited planet.ini names is read live", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    world.bucket.put("planet.ini", `${ini("a", "b")}face = b.png\n`);
    world.bucket.put("images/b.png", png);
    world.pass(100);
    const status = await world.sync();
    expect(status.drift.map(({ name, manifest_sha }) => [name, manifest_sha === null])).toEqual([
      ["planet.ini", false],
      ["images/b.png", true],
    ]);
    expect(world.page["images/b.png"]).toBe(png.toString("latin1"));
  });
});

describe("what is not taken leaves everything as it was", () => {
  const seven = ["a", "b", "c", "d", "e", "f", "g"];
  test.each([
    ["a broken planet.ini", "planet.ini", `${ini("a")}[http://b.example/f\n`, "planet.ini broken-header"],
    ["an error page", "planet.ini", "<html><body>System is still starting up</body></html>", "planet.ini no-feeds"],
    ["a planet.ini that lost most feeds", "planet.ini", ini("a"), "planet.ini shrink"],
    ["an error page as css", "planet.css", "<!DOCTYPE html><html></html>", "planet.css type"],
    ["an empty css", "planet.css", "", "planet.css empty"],
    ["a png that is not one", "logo.png", "GIF89a", "logo.png type"],
    ["a file too large", "planet.css", "x".repeat(2_097_153), "planet.css too-large"],
    ["a template that does not render", "index.html.liquid", "BROKEN", "index.html.liquid render"],
  ])("%s", async (_, name, content, expected) => {
    const files = { "planet.ini": ini(...seven), "planet.css": "a{}", "logo.png": png, "index.html.liquid": "ok" };
    world.deploy(files);
    await world.sync();
    const before = [world.page, world.served];
    world.bucket.put(name, content);
    world.pass(100);
    const status = await world.sync();
    expect(status).toMatchObject({ state: "rejected", content: { source: "manifest" }, drift: [] });
    expect(rejectedOf(status)).toEqual([expected]);
    expect([world.page, world.served]).toEqual(before);
    await world.sync();
    expect(world.log.filter((line) => line.startsWith("rejected"))).toHaveLength(1);
    world.bucket.put(name, files[name as keyof typeof files]);
    expect((await world.sync()).rejected).toEqual([]);
  });

  test("shrinking is taken when the first line says so", async () => {
    world.deploy({ "planet.ini": ini(...seven) });
    await world.sync();
    world.bucket.put("planet.ini", `; allow-shrink\n${ini("a")}`);
    world.pass(100);
    expect((await world.sync()).content.source).toBe("edit");
  });

  test("of two edits the good one is taken, and a rejected one again when its counterpart comes", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}", "index.html.liquid": "ok" });
    await world.sync();
    world.bucket.put("index.html.liquid", "NEEDS b");
    world.bucket.put("planet.css", "b{}");
    world.pass(100);
    expect(rejectedOf(await world.sync())).toEqual(["index.html.liquid render"]);
    expect(world.page["planet.css"]).toBe("b{}");
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(100);
    expect(await world.sync()).toMatchObject({ state: "ok", rejected: [] });
    expect(world.page["index.html.liquid"]).toBe("NEEDS b");
  });

  test.each([
    ["missing", () => world.bucket.objects.delete("planet.ini")],
    ["not public-read", () => world.bucket.put("planet.ini", "x", { status: 403 })],
    ["failing", () => world.bucket.put("planet.ini", "x", { status: 503 })],
    ["cut", () => world.bucket.put("planet.ini", ini("a", "b", "c"), { cut: true })],
  ])("a live object that is %s: the edit in effect stays, a fresh server uses the deploy", async (_, spoil) => {
    world.deploy({ "planet.ini": ini("a") });
    world.bucket.put("planet.ini", ini("a", "b"));
    world.pass(100);
    await world.sync();
    spoil();
    world.pass(100);
    const status = await world.sync();
    expect(world.page["planet.ini"]).toBe(ini("a", "b"));
    expect(status.warnings[0]).toContain("planet.ini: live-");
    for (const name of readdirSync(world.home)) rmSync(join(world.home, name), { recursive: true });
    await world.sync();
    expect(world.page["planet.ini"]).toBe(ini("a"));
  });

  test("a private live object makes the server degraded until it can be read; a missing one does not", async () => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    world.bucket.put("planet.css", "b{}", { status: 403 });
    const closed = await world.sync();
    expect(closed).toMatchObject({
      state: "degraded",
      degraded: [{ name: "planet.css", code: "live-forbidden", message: expect.stringContaining("public-read") }],
    });
    world.bucket.objects.delete("planet.css");
    expect(await world.sync()).toMatchObject({ state: "ok", degraded: [] });
    world.bucket.put("planet.css", "b{}");
    world.pass(100);
    expect(await world.sync()).toMatchObject({ state: "ok", content: { source: "edit" } });
  });

  test.each([
    ["missing", () => world.bucket.objects.delete("manifest.json")],
    ["an error page", () => world.bucket.put("manifest.json", "<html></html>")],
    ["cut", () => world.bucket.put("manifest.json", "{}".repeat(500), { cut: true })],
    [
      "another stack's",
      () => world.bucket.put("manifest.json", JSON.stringify({ schema: 1, stack: "prod", files: [] })),
    ],
  ])("a manifest that is %s: the server goes on with what it has", async (_, spoil) => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    spoil();
    world.pass(100);
    expect(await world.sync()).toMatchObject({ state: "degraded", degraded: [{ code: "content-unreadable" }] });
    expect(world.page["planet.ini"]).toBe(ini("a"));
  });

  test("a deployed planet.ini that cannot be used changes nothing on a running server", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    world.pass(100);
    world.deploy({ "planet.ini": "nonsense" });
    const status = await world.sync();
    expect(rejectedOf(status)).toEqual(["manifest.json unusable"]);
    expect(world.page["planet.ini"]).toBe(ini("a"));
    world.deploy({ "planet.ini": ini("c") });
    expect(await world.sync()).toMatchObject({ state: "ok", rejected: [] });
  });
});

describe("a rejection", () => {
  test("of a deploy ends when the deploy before it is deployed again", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    world.pass(100);
    world.deploy({ "planet.ini": "nonsense" });
    expect(await world.sync()).toMatchObject({ state: "rejected" });
    world.deploy({ "planet.ini": ini("a") });
    expect(await world.sync()).toMatchObject({ state: "ok", rejected: [] });
  });
});
