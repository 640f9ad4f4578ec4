import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Refusal } from "@planet/content";
import { readPlanetIni } from "@planet/content";
import type { SiteReport, SiteRequest } from "../build/buildSite.ts";
import { EMPTY_PAGE, isFrontPageEmpty } from "../build/frontPage.ts";
import { firstLine } from "../text/firstLine.ts";
import type { SyncSettings } from "./settings.ts";

export type BuildSite = (request: SiteRequest) => Promise<SiteReport>;

/** Renders content with the cached entries, to see that it can be rendered at all. Fetches nothing, serves nothing. */
export async function refuseByTrial(
  files: ReadonlyMap<string, Uint8Array>,
  buildSite: BuildSite,
  { places, allowHosts }: SyncSettings,
  now: Date,
): Promise<Refusal | undefined> {
  const { config } = readPlanetIni(files.get("planet.ini") ?? new Uint8Array());
  if (config === undefined) return { name: "planet.ini", code: "unusable", message: "planet.ini cannot be used" };
  const outDirectory = join(places.staging, "trial");
  await rm(outDirectory, { recursive: true, force: true });
  await mkdir(outDirectory, { recursive: true });
  try {
    const cacheDirectory = places.cache;
    await buildSite({
      config,
      files,
      cacheDirectory,
      outDirectory,
      allowHosts,
      fetchFeeds: false,
      contentOnly: true,
      now,
      log: () => undefined,
    });
    const isEmpty = await isFrontPageEmpty(outDirectory);
    return isEmpty ? { name: "", code: "empty-page", message: EMPTY_PAGE.text } : undefined;
  } catch (error) {
    return { name: "", code: "render", message: mistakeIn(error) };
  } finally {
    await rm(outDirectory, { recursive: true, force: true });
  }
}

/** Enough to find the mistake in a template. */
export const mistakeIn = (error: unknown): string => firstLine(error).slice(0, 300);
