import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanetConfig } from "@planet/content";
import { readPlanetIni } from "@planet/content";
import { parseDocument } from "../../parse/parseDocument.ts";
import { buildSite, type SiteReport, type SiteRequest } from "../buildSite.ts";
import { withDocument } from "../feedOutcome.ts";
import { emptyRecord, FeedRecords, writtenRecord } from "../feedRecord.ts";

const TESTDATA = new URL("../testdata/", import.meta.url);
export const NOON = new Date("2026-05-18T12:00:00Z");

/** A planet.ini as config; a problem in it fails the test. */
export function configOf(text: string): PlanetConfig {
  const { config, problems } = readPlanetIni(text);
  if (config === undefined) throw new Error(problems.map(({ text: problem }) => problem).join("\n"));
  return config;
}

/** A folder for one test; `clean` removes it. */
export async function temporaryFolder(): Promise<{ path: string; clean(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "planet-site-"));
  return { path, clean: () => rm(path, { recursive: true, force: true }) };
}

/** The sample planet of testdata/, as if all its feeds had been fetched at noon. Needs no network. */
export async function buildSample(folder: string, request: Partial<SiteRequest> = {}): Promise<SiteReport> {
  const ini = await readFile(new URL("planet.ini", TESTDATA), "utf8");
  const config = configOf(ini.replaceAll("FEEDS/", "http://feeds.test/"));
  const cacheDirectory = join(folder, "cache");
  const records = new FeedRecords(cacheDirectory);
  for (const name of await readdir(new URL("feeds/", TESTDATA))) await remember(records, name);
  return buildSite({
    config,
    files: new Map(),
    cacheDirectory,
    outDirectory: join(folder, "out"),
    allowHosts: [],
    fetchFeeds: false,
    now: NOON,
    log: () => undefined,
    ...request,
  });
}

async function remember(records: FeedRecords, name: string): Promise<void> {
  const url = `http://feeds.test/${name}`;
  const body = await readFile(new URL(`feeds/${name}`, TESTDATA));
  const now = NOON.getTime();
  const document = await parseDocument({ bytes: body, url, now });
  const rules = { keep: 100, ignoreInFeed: [], futureDates: "keep" } as const;
  const fetched = { kind: "document", finalUrl: url, status: 200, body, wireBytes: body.length } as const;
  await records.save(
    writtenRecord(withDocument({ record: emptyRecord(url), fetched, now, ms: 1 }, document, "", rules)),
  );
}
