/**
 * What the stack and the command line use of the engine. It runs on the server; nothing of it is loaded here, so that
 * the stack starts quickly.
 */
import type { SiteFile, SiteProblem } from "@planet/content";
import type { TriedFeed, TryFeedRequest } from "./build/tryFeed.ts";
import { isTemplate } from "./render/templateNames.ts";

export type { TriedFeed, TryFeedRequest } from "./build/tryFeed.ts";
export { buildBundle } from "./bundle.ts";

/** See build/tryFeed.ts. Loaded on first use: nothing else here needs the parsers. */
export async function tryFeed(request: TryFeedRequest): Promise<TriedFeed> {
  return (await import("./build/tryFeed.ts")).tryFeed(request);
}

/** See build/templateProblems.ts. A site without templates, the usual one, costs nothing. */
export async function templateProblems(site: readonly SiteFile[]): Promise<SiteProblem[]> {
  if (!site.some(({ name }) => isTemplate(name))) return [];
  return (await import("./build/templateProblems.ts")).templateProblems(site);
}
