import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { serializeManifest, sha256Of } from "@planet/content";
import type { LiveObject } from "@planet/content/live";
import { realFeedsEdges } from "./edges.ts";
import { checkoutWith, feeds, siteFile } from "./testing/testFeeds.ts";

const ini = (items: number, name = "P") =>
  `[Planet]\nname = ${name}\nlink = http://p.example/\nitems_per_page = ${items}\n\n[http://a.example/feed]\nname = Anna\n`;
const OLD = ini(41);
const OURS = ini(39);
/** An edit that `OURS` has overwritten on request. */
const OVERWRITTEN = ini(41, "E");
const [BEFORE, MANIFEST, LATER] = ["09:00", "10:00", "11:00"].map((time) => new Date(`2026-03-01T${time}:00Z`));

interface Bucket {
  readonly live: string;
  readonly modified?: Date | undefined;
  /** Immutable copies that are still there. */
  readonly copies?: readonly string[];
  readonly committed?: readonly string[];
  readonly site?: string;
  readonly name?: string;
}

/** The deploy of `OURS` over `OLD` has written its manifest; the live object is somebody's. */
async function pull(bucket: Bucket) {
  const { live, modified = BEFORE, copies = [], committed = [], site = OURS, name = "planet.ini" } = bucket;
  const published = name === "planet.ini" ? OURS : site;
  const entry = (file: string, text: string, replaces: string[]) => {
    return { name: file, sha256: sha256Of(text), size: Buffer.byteLength(text), type: "text/plain", replaces };
  };
  const files = [entry(name, published, [sha256Of(OVERWRITTEN), sha256Of(OLD)])];
  if (name !== "planet.ini") files.push(entry("planet.ini", OURS, []));
  const objects = new Map<string, LiveObject>();
  const put = (key: string, text: string, at?: Date) =>
    objects.set(key, { state: "present", bytes: Buffer.from(text), ...(at && { modified: at }) });
  put("manifest.json", serializeManifest({ stack: "prod", files }), MANIFEST);
  put("planet.ini", OURS, LATER);
  put(name, live, modified);
  for (const text of copies) put(`objects/${sha256Of(text)}`, text);
  const checkout = checkoutWith({ "planet.ini": OURS, [name]: site });
  const stackFile = join(checkout, "Pulumi.prod.yaml");
  writeFileSync(stackFile, "config:\n  planet:interval: 10\n");
  const result = await feeds(["pull", "--stack", "prod"], checkout, {
    reader: () => async (key) => objects.get(key) ?? { state: "missing" },
    committed: async () => committed.map((text) => Buffer.from(text)),
  });
  return { checkout, site: siteFile(checkout, name), settings: readFileSync(stackFile, "utf8"), ...result };
}

describe("planet feeds pull after a deploy that was interrupted (proves that no pull undoes a change of the repository)", () => {
  test.each<[string, Partial<Bucket>]>([
    ["its immutable copy", { copies: [OLD] }],
    ["git, when the bucket has removed that copy", { committed: ["other", OLD] }],
  ])("an edit of the version before is merged: that version is known from %s", async (_, known) => {
    const { code, out, site, settings } = await pull({ live: ini(41, "Q"), ...known });
    expect([code, site]).toEqual([0, ini(39, "Q")]);
    expect(out).toContain("planet.ini: merged with what changed here");
    expect(settings).toMatch(/planet:overwrite:\s+planet.ini: /);
  });

  test("an edit of the published version is taken, whatever is readable besides", async () => {
    const { code, site, calls } = await pull({ live: ini(39, "Q"), copies: [OLD] });
    expect([code, site, calls.length]).toEqual([0, ini(39, "Q"), 1]);
  });

  test("an edit of an edit that was overwritten is merged without it", async () => {
    const edited = (text: string) => text.replace("Anna", "Annabel");
    const { code, site } = await pull({ live: edited(OVERWRITTEN), copies: [OVERWRITTEN, OLD] });
    expect([code, site]).toEqual([0, edited(OURS)]);
  });

  test("with a change of ours on top of the published one, all three survive", async () => {
    const site = `${OURS}\n[http://b.example/feed]\nname = Bert\n`;
    const result = await pull({ live: ini(41, "Q"), copies: [OLD, OURS], site });
    expect([result.code, result.site]).toEqual([0, site.replace("name = P", "name = Q")]);
  });

  test.each<[string, Bucket, RegExp]>([
    ["the version before is nowhere", { live: ini(41, "Q") }, /it is not known which version/],
    ["the edit and the deploy changed one line", { live: ini(45), copies: [OLD] }, /do not fit together/],
    ["it is not text", { live: "GIF89aQ", name: "a.gif", site: "GIF89aP" }, /it is not known which version/],
  ])("it is left to people when %s", async (_, bucket, words) => {
    const { code, out, site, checkout } = await pull(bucket);
    const { live, name = "planet.ini", site: ours = OURS } = bucket;
    expect([code, site]).toEqual([3, ours]);
    expect(out).toMatch(words);
    expect(readFileSync(join(checkout, ".planet/pulled", name), "utf8")).toBe(live);
  });

  test.each<[string, Bucket]>([
    ["the copies before are gone, as after a whole deploy", { live: ini(39, "Q"), modified: LATER }],
    ["it changes the line that the deploy changed", { live: ini(45), modified: LATER, copies: [OLD] }],
    ["it is not text", { live: "GIF89aQ", name: "a.gif", site: "GIF89aP", modified: LATER }],
    ["it puts the version before back", { live: OLD, modified: LATER, copies: [OLD] }],
  ])("an edit later than the manifest is taken when %s", async (_, bucket) => {
    const { code, site } = await pull(bucket);
    expect([code, site]).toEqual([0, bucket.live]);
  });
});

test("git knows the committed versions of a file, in a checkout below the work tree's root too", async () => {
  const checkout = checkoutWith({ "planet.ini": OLD });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.org", "-C", checkout, ...args]);
  expect(await realFeedsEdges.committed(checkout, "planet.ini")).toEqual([]);
  git("init", "--quiet");
  for (const text of [OLD, undefined, "caf\u00e9\n"]) {
    if (text === undefined) rmSync(join(checkout, "site/planet.ini"));
    else writeFileSync(join(checkout, "site/planet.ini"), text);
    git("add", "--all");
    git("commit", "--quiet", "--message", "one");
  }
  const versions = (await realFeedsEdges.committed(checkout, "planet.ini")).map(String);
  expect(versions).toEqual(["caf\u00e9\n", "", OLD]);
});
