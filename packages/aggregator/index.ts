/**
 * What the stack and the command line use of the aggregator: the planet.ini reader, the manifest's format and the
 * bundle. The engine itself (fetching, parsing, rendering) is not reached from here, so that the stack starts quickly.
 */
import type { ProbedFeed, ProbeRequest } from "./site/probeFeed.ts";

export { buildBundle } from "./bundle.ts";
export { addFeed, IniEditError, type NewFeed, removeFeed } from "./ini/editPlanetIni.ts";
export { normalizeFeedUrl } from "./ini/feedUrl.ts";
export { type IniReading, readPlanetIni } from "./ini/readPlanetIni.ts";
export type { FeedConfig, IniProblem, PlanetConfig } from "./ini/types.ts";
export { filesProblems, type NamedBytes } from "./manifest/fileProblem.ts";
export { isOperatorEdit, judgeLiveObject, type LiveObjectFacts, type Verdict } from "./manifest/judge.ts";
export {
  contentDigest,
  type Manifest,
  ManifestError,
  type ManifestFile,
  parseManifest,
  pinnedManifest,
  REPLACES_LIMIT,
  serializeManifest,
} from "./manifest/manifest.ts";
export { contentType, nameProblem } from "./manifest/names.ts";
export type { ProbedFeed, ProbeRequest } from "./site/probeFeed.ts";
export { namedFiles, refuseEdit } from "./sync/validate.ts";

/** See site/probeFeed.ts. Loaded on first use: nothing else here needs the parsers. */
export async function probeFeed(request: ProbeRequest): Promise<ProbedFeed> {
  return (await import("./site/probeFeed.ts")).probeFeed(request);
}
