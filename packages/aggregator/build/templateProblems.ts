import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlanetIni, type SiteFile, type SiteProblem } from "@planet/content";
import type { ParsedEntry } from "../parse/types.ts";
import { TemplateError } from "../render/liquid.ts";
import { buildSite } from "./buildSite.ts";
import { withDocument } from "./feedOutcome.ts";
import { emptyRecord, type FeedRecord, FeedRecords, writtenRecord } from "./feedRecord.ts";
import { EMPTY_PAGE, isFrontPageEmpty } from "./frontPage.ts";
import { linkedFileProblems } from "./linkedFileProblems.ts";
import { textProblems } from "./textProblems.ts";

const html = (value: string) => ({ kind: "html", value }) as const;

/**
 * What a server would say of the templates in site/, dead links of its texts, and what its templates link to: renders them with
 * made-up entries, by the code and under the limits of the server. Fetches nothing. An unusable planet.ini is not a template's problem.
 */
export async function templateProblems(site: readonly SiteFile[]): Promise<SiteProblem[]> {
  const files = new Map(site.map(({ name, bytes }) => [name, bytes]));
  const { config } = readPlanetIni(files.get("planet.ini") ?? new Uint8Array());
  if (config === undefined) return [];
  const folder = await mkdtemp(join(tmpdir(), "planet-templates-"));
  const now = new Date();
  try {
    const records = new FeedRecords(folder);
    for (const { url } of config.feeds.slice(0, 2)) {
      await records.save(writtenRecord(sampleRecord(url, now.getTime())));
    }
    const outDirectory = await mkdtemp(join(folder, "out-"));
    const places = { cacheDirectory: folder, outDirectory };
    await buildSite({
      config,
      files,
      ...places,
      allowHosts: [],
      fetchFeeds: false,
      contentOnly: true,
      now,
      log: () => {},
    });
    const built = await readdir(outDirectory, { recursive: true });
    return [
      ...((await isFrontPageEmpty(outDirectory)) ? [EMPTY_PAGE] : []),
      ...textProblems(site, built),
      ...linkedFileProblems(site, built),
    ];
  } catch (error) {
    if (error instanceof TemplateError) return [templateProblem(error)];
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sampleRecord(url: string, now: number): FeedRecord {
  const feed = { format: "rss", title: html("A feed"), entries: samples(url, now), repaired: false } as const;
  const fetched = { kind: "document", finalUrl: url, wireBytes: 0 } as const;
  const facts = { record: emptyRecord(url), fetched, now, ms: 0 };
  const rules = { keep: 2, ignoreInFeed: [], futureDates: "keep" } as const;
  return withDocument(facts, { feed, encoding: "utf-8", doubtful: false }, "", rules);
}

/** One entry with everything that an entry may have, and one with nothing. */
function samples(feed: string, now: number): ParsedEntry[] {
  const nothing = { id: `${feed}#2`, categories: [], enclosures: [] };
  const all = {
    id: `${feed}#1`,
    link: feed,
    title: html("A <em>title</em>"),
    content: html("<p>A text.</p>"),
    summary: html("A summary."),
    author: "An author",
    published: now,
    updated: now,
    categories: ["a category"],
    enclosures: [{ url: feed, type: "audio/mpeg", length: 1 }],
    comments: feed,
    image: feed,
    language: "en",
    rights: "Some rights",
  };
  return [all, nothing];
}

/** LiquidJS names the place at the end of its sentence. */
export function templateProblem({ template, problem }: TemplateError): SiteProblem {
  const place = /, file:([^,]*), line:(\d+), col:\d+$/.exec(problem);
  const [file, line] = [place?.[1] ?? template, Number(place?.[2] ?? 0)];
  return { file, line, level: "error", text: place === null ? problem : problem.slice(0, place.index) };
}
