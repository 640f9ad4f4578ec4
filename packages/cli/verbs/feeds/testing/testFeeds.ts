import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "@jest/globals";
import { serializeManifest, sha256Of } from "@planet/content";
import type { LiveObject } from "@planet/content/live";
import { manifestOf } from "../../../change/testing/testChange.ts";
import { mergeFile } from "../../../git.ts";
import type { FeedsEdges } from "../edges.ts";
import { createFeedsCommand } from "../feedsCommand.ts";

export type Files = Readonly<Record<string, string>>;

export const INI = "; ours\n[Planet]\nname = P\nlink = http://p.example/\n\n[http://a.example/feed]\nname = Anna\n";

const CONFIG = {
  "planet:endpoint": { value: "http://192.0.2.1:8773", secret: false },
  "planet:region": { value: "eucalyptus", secret: false },
  "planet:bucket": { value: "planet", secret: false },
  "planet:allowHosts": { value: '["*.blogs.test"]', secret: false },
};

/** As `pulumi config --json` answers, with further settings. */
export const configWith = (more: Readonly<Record<string, string>>) => ({
  ...CONFIG,
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [`planet:${name}`, { value, secret: false }])),
});

const checkouts: string[] = [];
afterEach(() => {
  for (const checkout of checkouts.splice(0)) rmSync(checkout, { recursive: true });
});

/** A checkout with these files below site/, for the time of one test. */
export function checkoutWith(site: Files): string {
  const checkout = mkdtempSync(join(tmpdir(), "planet-feeds-"));
  checkouts.push(checkout);
  for (const [name, text] of Object.entries(site)) {
    mkdirSync(dirname(join(checkout, "site", name)), { recursive: true });
    writeFileSync(join(checkout, "site", name), text);
  }
  return checkout;
}

export const siteFile = (checkout: string, name = "planet.ini"): string =>
  readFileSync(join(checkout, "site", name), "utf8");

/** Live objects, and published ones under their hash; 403 for what is `null`. */
export function bucketReader(published: Files | undefined, live: Readonly<Record<string, string | null>>) {
  const objects = new Map<string, string | null>(Object.entries(live));
  if (published) {
    objects.set("manifest.json", serializeManifest(manifestOf(published)));
    for (const text of Object.values(published)) objects.set(`objects/${sha256Of(text)}`, text);
  }
  return async (key: string): Promise<LiveObject> => {
    const text = objects.get(key);
    if (text === undefined) return { state: "missing" };
    return text === null ? { state: "forbidden" } : { state: "present", bytes: Buffer.from(text) };
  };
}

/** Runs `planet feeds …` with edges that reach nothing unless a test says so. */
export async function feeds(argv: string[], checkout: string, more: Partial<FeedsEdges> = {}) {
  const calls: (readonly string[])[] = [];
  const [out, err]: [string[], string[]] = [[], []];
  const nothing = () => Promise.reject(new Error("no test expects this"));
  const command = createFeedsCommand({
    pulumi: async (args) => {
      calls.push(args);
      return { code: 0, stdout: JSON.stringify(CONFIG) };
    },
    tryFeed: nothing,
    reader: () => nothing,
    ownBucket: nothing,
    uncommitted: async () => [],
    committed: async () => [],
    merge: mergeFile,
    ...more,
  });
  const context = {
    checkout,
    shownNotices: new Set<string>(),
    environment: {},
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  const code = await command.run(argv, context);
  return { code, out: out.join(""), err: err.join(""), calls };
}
