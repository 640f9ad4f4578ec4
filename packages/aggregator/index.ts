/**
 * What the stack and the command line use of the engine. It runs on the server; nothing of it is loaded here, so that
 * the stack starts quickly.
 */
import type { ProbedFeed, ProbeRequest } from "./build/probeFeed.ts";

export type { ProbedFeed, ProbeRequest } from "./build/probeFeed.ts";
export { buildBundle } from "./bundle.ts";

/** See build/probeFeed.ts. Loaded on first use: nothing else here needs the parsers. */
export async function probeFeed(request: ProbeRequest): Promise<ProbedFeed> {
  return (await import("./build/probeFeed.ts")).probeFeed(request);
}
