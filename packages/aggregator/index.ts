/**
 * What the stack and the command line use of the engine. It runs on the server; nothing of it is loaded here, so that
 * the stack starts quickly.
 */
import type { PlanetConfig, SiteFile, SiteProblem } from "@planet/content";
import type { TriedFeed, TryFeedRequest } from "./build/tryFeed.ts";
import type { LocalSite, LocalSiteRequest } from "./local/buildLocally.ts";
import type { OpmlFeed } from "./parse/opmlFile.ts";
import { isMarkdown, isTemplate } from "./render/templateNames.ts";

export type { SiteReport } from "./build/buildSite.ts";
export { namedFileProblems } from "./build/namedFileProblems.ts";
export type { TriedFeed, TryFeedRequest } from "./build/tryFeed.ts";
export { buildBundle } from "./bundle.ts";
export type { Answer } from "./fetch/request.ts";
export { servedHeaders } from "./install/served.ts";
export type { LocalSite, LocalSiteRequest } from "./local/buildLocally.ts";
export type { OpmlFeed } from "./parse/opmlFile.ts";
export { linkedFiles } from "./render/linkedFiles.ts";
export { isTemplate };

/** See build/tryFeed.ts. Loaded on first use: nothing else here needs the parsers. */
export async function tryFeed(request: TryFeedRequest): Promise<TriedFeed> {
  return (await import("./build/tryFeed.ts")).tryFeed(request);
}

/** See local/buildLocally.ts. */
export async function buildLocally(request: LocalSiteRequest): Promise<LocalSite> {
  return (await import("./local/buildLocally.ts")).buildLocally(request);
}

/** See build/templateProblems.ts. A site with neither templates nor texts costs nothing. */
export async function templateProblems(site: readonly SiteFile[]): Promise<SiteProblem[]> {
  if (!site.some(({ name }) => isTemplate(name) || isMarkdown(name))) return [];
  return (await import("./build/templateProblems.ts")).templateProblems(site);
}

/** See parse/opmlFile.ts. */
export async function readOpml(bytes: Uint8Array): Promise<OpmlFeed[]> {
  return (await import("./parse/opmlFile.ts")).readOpmlFile(bytes);
}

/** See render/exportOpml.ts. */
export async function exportOpml(config: PlanetConfig): Promise<string> {
  return (await import("./render/exportOpml.ts")).exportOpml(config);
}

/** What lies in the bucket below the memory's prefix: memory/kept.ts, memory/forgotten.ts. */
export async function memoryForms() {
  const { keysOf, pruneFor, readable, withoutForgotten } = await import("./memory/kept.ts");
  const { forgottenDigest, readForgotten, writeForgotten } = await import("./memory/forgotten.ts");
  return { forgottenDigest, keysOf, pruneFor, readable, readForgotten, withoutForgotten, writeForgotten };
}
