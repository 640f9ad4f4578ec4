import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readPlanetIni, type SiteFile, type SiteProblem, siteProblems } from "@planet/content";
import { buildSite, type SiteReport, type SiteRequest } from "../build/buildSite.ts";
import { EMPTY_PAGE, isFrontPageEmpty } from "../build/frontPage.ts";
import { templateProblem } from "../build/templateProblems.ts";
import { TemplateError } from "../render/liquid.ts";
import { feedsPage } from "../sync/feedsPage.ts";
import { feedsStatus } from "../sync/feedsStatus.ts";
import { statusOf } from "../sync/status.ts";
import { statusStyle } from "../sync/statusStyle.ts";

/** What to build on an editor's machine. */
export interface LocalSiteRequest extends Omit<SiteRequest, "config" | "files"> {
  readonly site: readonly SiteFile[];
}

export interface LocalSite {
  /** All that is wrong with the files, warnings too. */
  readonly problems: readonly SiteProblem[];
  /** Absent when one of the problems is an error: a server would not take such files. */
  readonly report?: SiteReport;
}

/** The website that a server would make of these files, with the pages about its feeds; without status.json, which speaks of a server. */
export async function buildLocally({ site, ...request }: LocalSiteRequest): Promise<LocalSite> {
  const problems = siteProblems(site);
  const files = new Map(site.map(({ name, bytes }) => [name, bytes]));
  const { config } = readPlanetIni(files.get("planet.ini") ?? new Uint8Array());
  if (config === undefined || problems.some(({ level }) => level === "error")) return { problems };
  try {
    const report = await buildSite({ ...request, config, files });
    if (await isFrontPageEmpty(request.outDirectory)) return { problems: [...problems, EMPTY_PAGE] };
    for (const [name, text] of pagesAboutFeeds(files, report)) await writeFile(join(request.outDirectory, name), text);
    return { problems, report };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { problems: [...problems, templateProblem(error)] };
  }
}

/** As of the last time that a feed was asked, so that equal feeds give equal bytes. */
function pagesAboutFeeds(bytes: ReadonlyMap<string, Uint8Array>, report: SiteReport): [name: string, text: string][] {
  const [asked = 0] = report.feeds.map(({ lastTry }) => Date.parse(lastTry ?? "") || 0).sort((a, b) => b - a);
  const now = new Date(asked);
  const settings = { stack: "", bundle: "", release: "", instanceId: "", intervalSeconds: 0, host: [] };
  const nothing = { id: "", digest: "", appliedAt: "", files: new Map(), drift: [], waiting: [], notices: [] };
  const content = { ...nothing, bytes, source: "manifest" } as const;
  const { version: nodeVersion } = process;
  const memory = { state: "off", feeds: 0, months: 0, forgotten: "" } as const;
  const status = statusOf({ settings, content, rejected: {}, degraded: [], report, memory, nodeVersion, now });
  const style = statusStyle(bytes);
  return [
    ["feeds.html", feedsPage(status, style)],
    ["feeds-status.xml", feedsStatus(status, style)],
  ];
}
