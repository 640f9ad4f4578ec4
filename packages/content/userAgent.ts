import type { FeedConfig, PlanetConfig } from "./ini/types.ts";

/**
 * How the planet introduces itself to a blog: as the feed's settings say, else by its own name and link. Content networks
 * refuse the default names of libraries, and their people want to know whom to ask.
 */
export function userAgentOf(
  { name, link }: Pick<PlanetConfig, "name" | "link">,
  feed: Pick<FeedConfig, "userAgent"> | undefined,
): string {
  if (feed?.userAgent !== undefined) return feed.userAgent;
  const word = name
    .replace(/[^\x21-\x7e]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${word || "planet"}/1.0${link === "" ? "" : ` (+${link})`}`;
}
