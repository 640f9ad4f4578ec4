import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { SiteFile } from "./siteRules.ts";

/** Where the repository keeps what is published. */
export const SITE = "site";

/**
 * All files below the folder, sorted by name. Names that begin with a dot are the tools' own and are not published. A link or
 * device is not read, and no file by the rules: what is published must be what is reviewed.
 */
export function readSite(folder: string): SiteFile[] {
  const files: SiteFile[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll("\\", "/");
    if (name.split("/").some((part) => part.startsWith("."))) continue;
    if (entry.isFile()) files.push({ name, bytes: readFileSync(path) });
    else if (!entry.isDirectory()) files.push({ name, bytes: new Uint8Array(), isLink: true });
  }
  return [...files].sort((left, right) => (left.name < right.name ? -1 : 1));
}
