import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nameProblem, type SiteFile } from "@planet/content";
import { readSite, SITE } from "@planet/content/siteFolder";
import { OperatorError } from "./command.ts";

/** All files that a deploy would publish, sorted by name. */
export function readSiteFiles(checkout: string): SiteFile[] {
  const folder = join(checkout, SITE);
  if (!existsSync(folder)) {
    const what = `There is no folder ${folder}.`;
    throw new OperatorError({ code: "NO_SITE_FOLDER", what, next: "Run this in a checkout of the planet." });
  }
  return readSite(folder);
}

/** planet.ini alone. */
export function readIni(checkout: string): Buffer {
  const path = join(checkout, SITE, "planet.ini");
  if (!existsSync(path)) {
    const next = "`npx planet feeds pull` brings the published one.";
    throw new OperatorError({ code: "NO_PLANET_INI", what: `There is no ${path}.`, next });
  }
  return readFileSync(path);
}

/** Whole or not at all. The name may come from a bucket: what cannot be published cannot be written either. */
export function writeSiteFile(checkout: string, name: string, bytes: Uint8Array): void {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new OperatorError({ code: "FILE_NAME", what: `${name} was not written.`, why: `It ${problem}.` });
  }
  writeWhole(join(checkout, SITE, name), bytes);
}

export function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
}
