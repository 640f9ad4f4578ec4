import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { ini, World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => world.stop());

describe("abort points", () => {
  test.each([
    ["before the manifest", "old", "manifest" as const],
    ["before the live names", "new", "live" as const],
    ["after the first live name", "new", 1],
  ])("a deploy killed %s leaves all of the %s content", async (_, which, until) => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    await world.sync();
    world.pass(100);
    world.deploy({ "planet.ini": ini("b"), "planet.css": "b{}" }, until);
    world.pass(100);
    expect((await world.sync()).drift).toEqual([]);
    const letter = which === "new" ? "b" : "a";
    expect(world.page).toEqual({ "planet.ini": ini(letter), "planet.css": `${letter}{}` });
  });

  test.each([
    ["missing", (name: string) => world.bucket.objects.delete(name)],
    ["cut", (name: string) => world.bucket.put(name, "b{}", { cut: true })],
    ["replaced by an error page", (name: string) => world.bucket.put(name, "<html></html>")],
  ])("an immutable object that is %s: the old content stays whole", async (_, spoil) => {
    world.deploy({ "planet.ini": ini("a"), "planet.css": "a{}" });
    await world.sync();
    world.deploy({ "planet.ini": ini("b"), "planet.css": "b{}" }, "live");
    spoil(`objects/${sha256Of(Buffer.from("b{}"))}`);
    expect((await world.sync()).state).toBe("degraded");
    expect(world.page).toEqual({ "planet.ini": ini("a"), "planet.css": "a{}" });
  });

  test("a disk that takes no more leaves the website as it is", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const before = world.page;
    rmSync(join(world.home, "contents"), { recursive: true });
    writeFileSync(join(world.home, "contents"), "not a folder");
    world.deploy({ "planet.ini": ini("b") });
    await expect(world.sync()).rejects.toThrow();
    expect(world.page).toEqual(before);
  });

  test("damaged content or a damaged state is found again from the bucket", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const [content = ""] = readdirSync(join(world.home, "contents"));
    writeFileSync(join(world.home, "contents", content, "files/planet.ini"), "half");
    writeFileSync(join(world.home, "state.json"), "{ half");
    await world.sync();
    expect(world.page["planet.ini"]).toBe(ini("a"));
  });

  test("what a killed sync left behind is cleaned away", async () => {
    world.deploy({ "planet.ini": ini("a") });
    mkdirSync(join(world.home, "staging/trial"), { recursive: true });
    writeFileSync(join(world.home, "sync.lock"), "999999999 1");
    await world.sync();
    expect(readdirSync(join(world.home, "staging"))).toEqual([sha256Of(Buffer.from(ini("a")))]);
    expect(readdirSync(world.home)).not.toContain("sync.lock");
  });

  test("of two syncs at once one does nothing", async () => {
    world.deploy({ "planet.ini": ini("a") });
    const outcomes = await Promise.allSettled([world.sync(), world.sync()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "LOCKED" } });
  });
});

describe("the first sync", () => {
  test("waits for a manifest that comes late", async () => {
    const syncing = world.sync();
    world.deploy({ "planet.ini": ini("a") });
    expect((await syncing).state).toBe("ok");
  });

  test("gives up after the retry time, serving nothing", async () => {
    await expect(world.sync()).rejects.toThrow(expect.objectContaining({ code: "CONTENT_UNREADABLE" }));
    expect(world.log.length).toBeGreaterThan(2);
    expect(readdirSync(join(world.home, "www"))).toEqual([]);
  });

  test("does not wait in another stack's bucket", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.environment = { PLANET_STACK: "prod" };
    await expect(world.sync()).rejects.toThrow("belongs to stack");
    expect(world.log).toEqual([]);
  });
});

describe("pinned to one content release", () => {
  test("reads only that one and reports live edits without taking them", async () => {
    const digest = world.deploy({ "planet.ini": ini("a") });
    world.deploy({ "planet.ini": ini("b") });
    world.bucket.put("planet.ini", ini("c"));
    world.environment = { PLANET_CONTENT: digest };
    world.pass(100);
    const status = await world.sync();
    expect(status).toMatchObject({
      content: { digest, source: "pinned" },
      drift: [{ name: "planet.ini", applied: false }],
    });
    expect(world.page["planet.ini"]).toBe(ini("a"));
  });

  test("needs no manifest.json: it is written only after the new server is ready", async () => {
    const digest = world.deploy({ "planet.ini": ini("a") }, "manifest");
    world.environment = { PLANET_CONTENT: digest };
    expect(await world.sync()).toMatchObject({ state: "ok", drift: [] });
  });
});

describe("publishing", () => {
  test("an unchanged page stays the same build and its status moves on; the bucket answers 304", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const before = world.served;
    world.pass(300);
    world.bucket.answers.length = 0;
    const status = await world.sync();
    expect(world.served).toBe(before);
    expect(status.generated_at).toBe(world.now.toISOString());
    const asked = world.bucket.answers.map(({ name, status: code }) => `${name} ${code}`);
    expect(asked).toEqual(["manifest.json 304", "planet.ini 304", "forgotten.json 404"]);
  });

  test("a feed about the feeds that says the same keeps its time: nobody is sent it again", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const file = join(world.home, "www/current/feeds-status.xml");
    utimesSync(file, 1_000, 1_000);
    world.pass(300);
    await world.sync();
    expect(statSync(file).mtimeMs).toBe(1_000_000);
  });

  test("a page that lost all its entries is not published", async () => {
    world.deploy({ "planet.ini": ini("a") });
    await world.sync();
    const before = world.served;
    world.entries = 0;
    expect(await world.sync()).toMatchObject({ state: "degraded", degraded: [{ code: "no-entries" }] });
    expect(world.served).toBe(before);
  });

  test("a planet without any entry yet is published", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.entries = 0;
    expect((await world.sync()).state).toBe("ok");
  });

  test("a builder that fails keeps the page, and on a fresh server serves nothing", async () => {
    world.deploy({ "planet.ini": ini("a") });
    const failing = () => Promise.reject(new Error("no"));
    await expect(world.sync(failing)).rejects.toThrow();
    await world.sync();
    expect(await world.sync(failing)).toMatchObject({ degraded: [{ code: "render", message: "no" }] });
  });

  test("steps that failed at boot are shown", async () => {
    world.deploy({ "planet.ini": ini("a") });
    world.environment = { PLANET_DEGRADED: "clock upgrade" };
    expect((await world.sync()).degraded.map(({ code }) => code)).toEqual(["boot-clock", "boot-upgrade"]);
  });

  test("few old builds are kept", async () => {
    for (const letter of ["a", "b", "c", "d"]) {
      world.deploy({ "planet.ini": ini(letter) });
      world.pass(100);
      await world.sync();
    }
    expect(readdirSync(join(world.home, "www"))).toHaveLength(3);
  });
});

test("planet:archiveMonths reaches the build", async () => {
  world.environment = { PLANET_ARCHIVE_MONTHS: "24" };
  world.deploy({ "planet.ini": ini("a") });
  const asked: (number | undefined)[] = [];
  await world.sync(async ({ archiveMonths, fetchFeeds, outDirectory }) => {
    if (fetchFeeds) asked.push(archiveMonths);
    writeFileSync(join(outDirectory, "index.html"), "page");
    return { feeds: [], entries: 1, changed: true, warnings: [] };
  });
  expect(asked).toEqual([24]);
});

describe("HTTPS", () => {
  const say = (certificate: object) => {
    const path = join(world.home, "certificate.json");
    writeFileSync(path, JSON.stringify({ schema: 1, at: world.now.toISOString(), troubles: [], certificate }));
    world.environment = { PLANET_HOST: "p.example,www.p.example", PLANET_CERTIFICATE_STATUS: path };
  };

  test("the website says https of itself once a certificate is in effect, and goes on when that has expired", async () => {
    world.deploy({ "planet.ini": ini("a") });
    say({ state: "none", names: ["p.example"] });
    expect((await world.sync()).certificate).toEqual({ state: "none", names: ["p.example"] });
    say({ state: "on", names: ["p.example"] });
    await world.sync();
    say({ state: "degraded", names: ["p.example"] });
    await world.sync();
    expect(world.links).toEqual(["http://p.example/", "https://p.example/", "https://p.example/"]);
    expect(world.status.warnings).toEqual([]);
  });

  test("a link to another host stays, with a warning", async () => {
    world.deploy({ "planet.ini": ini("a").replace("http://p.example/", "http://q.example/") });
    say({ state: "on", names: ["p.example"] });
    expect((await world.sync()).warnings).toEqual([expect.stringContaining('"link" names q.example')]);
    expect(world.links).toEqual(["http://q.example/"]);
  });

  test("without a host the certificate is not spoken of", async () => {
    world.deploy({ "planet.ini": ini("a") });
    expect(await world.sync()).not.toHaveProperty("certificate");
  });
});
