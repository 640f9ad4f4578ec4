import { describe, expect, test } from "@jest/globals";
import { type Manifest, serializeManifest, sha256Of } from "@planet/content";
import type { LiveObject } from "@planet/content/live";
import { type ContentRequest, decideContent } from "./decideContent.ts";
import type { Published } from "./published.ts";

const bytes = (text: string) => Buffer.from(text);
const early = new Date("2026-01-01T10:00:00Z");
const switched = new Date("2026-01-01T11:00:00Z");
const late = new Date("2026-01-01T12:00:00Z");

const live = (text: string, modified = early): LiveObject => ({ state: "present", bytes: bytes(text), modified });
const forbidden: LiveObject = { state: "forbidden" };

/** What the last deploy published: name → newest text first, then the texts before it. */
function published(entries: Record<string, string[]>, now: Record<string, LiveObject>): Published {
  const files = Object.entries(entries).map(([name, [text = "", ...before]]) => {
    const replaces = before.map((old) => sha256Of(old));
    return { name, sha256: sha256Of(text), size: text.length, type: "text/plain; charset=utf-8", replaces };
  });
  return {
    manifest: { state: "present", manifest: { stack: "local", files }, modified: switched },
    live: new Map(Object.entries(now)),
    kept: new Map(),
    overwritten: new Map(),
  };
}

function decide(site: Record<string, string>, state: Published, more: Partial<ContentRequest> = {}) {
  const files = Object.entries(site).map(([name, text]) => ({ name, bytes: bytes(text) }));
  const decision = decideContent({ stack: "local", site: files, published: state, overwrite: {}, leave: [], ...more });
  return { ...decision, refused: decision.refusals.map(({ name, kind }) => `${name} ${kind}`) };
}

const entry = (manifest: Manifest, name: string) => manifest.files.find((file) => file.name === name);
const L = sha256Of("edited").slice(0, 8);

describe("decideContent for planet.ini, which this deploy makes `new` (proves the decision, not the reading)", () => {
  test.each<[string, string[] | undefined, LiveObject, string[]]>([
    ["nothing is published", undefined, { state: "missing" }, []],
    ["live and published are in step", ["old"], live("old"), []],
    ["live is gone", ["old"], { state: "missing" }, []],
    ["live is already what is wanted (a pulled edit)", ["old"], live("new", late), []],
    ["live lags behind an interrupted deploy", ["old", "older"], live("older", early), []],
    ["live is an edit", ["old"], live("edited", late), ["planet.ini edited"]],
    ["live is an edit older than the manifest", ["old"], live("edited", early), ["planet.ini edited"]],
    ["live is an older version put back", ["old", "older"], live("older", late), ["planet.ini edited"]],
    ["live cannot be read", ["old"], forbidden, ["planet.ini forbidden"]],
    ["live is in no manifest", undefined, live("edited"), ["planet.ini edited"]],
    ["live is in no manifest but equal", undefined, live("new"), []],
    ["live is in no manifest and closed", undefined, forbidden, ["planet.ini forbidden"]],
  ])("%s", (_, texts, object, expected) => {
    const state = published(texts ? { "planet.ini": texts } : {}, { "planet.ini": object });
    expect(decide({ "planet.ini": "new" }, state).refused).toEqual(expected);
  });

  test("a bucket without a manifest is refused file by file", () => {
    const state: Published = {
      manifest: { state: "missing" },
      live: new Map([["planet.ini", live("edited")]]),
      kept: new Map(),
      overwritten: new Map(),
    };
    expect(decide({ "planet.ini": "new" }, state).refused).toEqual(["planet.ini edited"]);
    expect(decide({ "planet.ini": "edited" }, state).refused).toEqual([]);
  });
});

describe("decideContent for a file that this deploy does not change", () => {
  test.each<[string, LiveObject, boolean]>([
    ["in step", live("same"), false],
    ["an edit", live("edited", late), true],
    ["closed", forbidden, false],
    ["gone", { state: "missing" }, false],
  ])("%s never stops it", (_, object, keepLive) => {
    const decision = decide({ "planet.ini": "same" }, published({ "planet.ini": ["same"] }, { "planet.ini": object }));
    expect(decision.refused).toEqual([]);
    expect(decision.files[0]).toMatchObject({ name: "planet.ini", sha256: sha256Of("same"), keepLive });
    expect(decision.warnings).toHaveLength(keepLive ? 1 : 0);
  });
});

describe("decideContent for a file that this deploy removes", () => {
  const site = { "planet.ini": "same" };
  const state = (object: LiveObject) =>
    published({ "planet.ini": ["same"], "a.css": ["old"] }, { "planet.ini": live("same"), "a.css": object });

  test.each<[string, LiveObject, string[]]>([
    ["in step", live("old"), []],
    ["gone", { state: "missing" }, []],
    ["edited", live("edited", late), ["a.css edited"]],
    ["closed", forbidden, ["a.css forbidden"]],
  ])("%s", (_, object, expected) => {
    const decision = decide(site, state(object));
    expect(decision.refused).toEqual(expected);
    expect(decision.files.map(({ name }) => name)).toEqual(["planet.ini"]);
  });

  test("left: the entry stays with its published bytes", () => {
    const kept: Published = { ...state(live("edited")), kept: new Map([["a.css", live("old")]]) };
    const decision = decide(site, kept, { leave: ["a.css"] });
    expect(decision.refused).toEqual([]);
    expect(decision.files[0]).toMatchObject({ name: "a.css", bytes: bytes("old"), fromSite: false, keepLive: true });
    expect(entry(decision.manifest, "a.css")?.sha256).toBe(sha256Of("old"));
  });
});

describe("next steps", () => {
  const edited = published({ "planet.ini": ["old"] }, { "planet.ini": live("edited", late) });
  const site = { "planet.ini": "new" };

  test("overwrite with the right hash deploys, keeps the edit's text and remembers it", () => {
    const decision = decide(site, edited, { overwrite: { "planet.ini": L } });
    expect(decision.refused).toEqual([]);
    expect(decision.rescued).toEqual([{ name: "planet.ini", sha256: sha256Of("edited"), bytes: bytes("edited") }]);
    expect(entry(decision.manifest, "planet.ini")?.replaces).toEqual([sha256Of("edited"), sha256Of("old")]);
  });

  test("overwrite with another hash stops: somebody edited again", () => {
    expect(decide(site, edited, { overwrite: { "planet.ini": "00000000" } }).refused).toEqual([
      "planet.ini edited-again",
    ]);
  });

  test("an edit of a file that this deploy does not change may be overwritten as well", () => {
    const same = { "planet.ini": "old" };
    const decision = decide(same, edited, { overwrite: { "planet.ini": L } });
    expect(decision).toMatchObject({ refused: [], warnings: [], files: [{ keepLive: false }] });
    expect(decision.rescued).toMatchObject([{ name: "planet.ini", sha256: sha256Of("edited") }]);
    expect(entry(decision.manifest, "planet.ini")?.replaces).toEqual([sha256Of("edited")]);
    const again = decide(same, edited, { overwrite: { "planet.ini": "00000000" } });
    expect(again).toMatchObject({ refused: [], rescued: [], files: [{ keepLive: true }] });
  });

  const kept = { overwritten: new Map([["planet.ini", live("edited")]]) };

  test("overwrite that is done names the kept edit again, with a note and no warning", () => {
    const done = { ...published({ "planet.ini": ["new", "edited", "old"] }, { "planet.ini": live("new") }), ...kept };
    const decision = decide(site, done, { overwrite: { "planet.ini": L, toString: L } });
    expect(decision).toMatchObject({ refused: [], warnings: [] });
    expect(decision.rescued).toEqual([{ name: "planet.ini", sha256: sha256Of("edited"), bytes: bytes("edited") }]);
    expect(decision.notes).toEqual([
      `planet:overwrite of planet.ini is done, the edit stays as objects/${sha256Of("edited")}; the entry can go: npx pulumi config rm --path 'planet:overwrite["planet.ini"]' --stack local`,
      `planet:overwrite of toString has no edit to overwrite; the entry can go: npx pulumi config rm --path 'planet:overwrite["toString"]' --stack local`,
    ]);
  });

  test("an overwritten edit that the next manifest does not list is no longer named", () => {
    const texts = ["5", "4", "3", "2", "1", "edited"];
    const full = { ...published({ "planet.ini": texts }, { "planet.ini": live("5") }), ...kept };
    expect(decide(site, full, { overwrite: { "planet.ini": L } }).rescued).toEqual([]);
  });

  test("leave keeps what is published, from the bucket's immutable copy", () => {
    const decision = decide(
      site,
      { ...edited, kept: new Map([["planet.ini", live("old")]]) },
      { leave: ["planet.ini"] },
    );
    expect(decision.refused).toEqual([]);
    expect(decision.files).toMatchObject([{ bytes: bytes("old"), fromSite: false, keepLive: true }]);
  });

  test("leave that hides a change is a warning with its end; one that hides none is silent", () => {
    const state = { ...edited, kept: new Map([["planet.ini", live("old")]]) };
    const leave = ["a.css", "planet.ini"];
    const hides = [
      expect.stringMatching(/planet\.ini.*not deployed.*config rm --path 'planet:leave\[1\]' --stack local$/),
    ];
    expect(decide(site, state, { leave }).warnings).toEqual(hides);
    expect(decide({ "planet.ini": "old" }, state, { leave }).warnings).toEqual([]);
    expect(decide({}, state, { leave }).warnings).toEqual([expect.stringMatching(/stays published/)]);
  });

  test("leave without any copy of the published bytes stops", () => {
    expect(decide(site, edited, { leave: ["planet.ini"] }).refused).toEqual(["planet.ini lost"]);
  });

  test("leave adopts what no deploy has published", () => {
    const old: Published = { ...edited, manifest: { state: "missing" } };
    const decision = decide(site, old, { leave: ["planet.ini"] });
    expect(decision.files).toMatchObject([{ sha256: sha256Of("edited"), keepLive: true }]);
  });

  test("leave of nothing stops", () => {
    expect(decide(site, edited, { leave: ["a.css"] }).refused).toContain("a.css nothing-to-leave");
  });
});

describe("manifest", () => {
  test("a second deploy of the same files writes the same bytes", () => {
    const first = decide({ "planet.ini": "new" }, published({ "planet.ini": ["old"] }, {})).manifest;
    const again: Published = {
      manifest: { state: "present", manifest: first, modified: switched },
      live: new Map(),
      kept: new Map(),
      overwritten: new Map(),
    };
    expect(serializeManifest(decide({ "planet.ini": "new" }, again).manifest)).toBe(serializeManifest(first));
  });

  test("remembers what it replaces, newest first, at most five, never itself", () => {
    const state = published({ "planet.ini": ["6", "5", "new", "4", "3", "2"] }, {});
    const replaces = entry(decide({ "planet.ini": "new" }, state).manifest, "planet.ini")?.replaces;
    expect(replaces).toEqual(["6", "5", "4", "3", "2"].map((text) => sha256Of(text)));
  });
});
