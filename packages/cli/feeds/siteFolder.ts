import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { nameProblem } from "@planet/aggregator";
import { OperatorError } from "../command.ts";

/** Where the repository keeps what is published. */
export const SITE = "site";

/** Bytes of all published files by name, sorted; names that begin with a dot are the tools' own. */
export function readSiteFiles(checkout: string): Map<string, Buffer> {
  const folder = join(checkout, SITE);
  if (!existsSync(folder))
    throw new OperatorError(`There is no folder ${folder}; run this in a checkout of the planet.`);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  const named = paths.map((path) => [relative(folder, path).replaceAll("\\", "/"), path] as const);
  const published = named.filter(([name]) => !name.split("/").some((part) => part.startsWith(".")));
  const sorted = published.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return new Map(sorted.map(([name, path]) => [name, readFileSync(path)]));
}

/** planet.ini alone. */
export function readIni(checkout: string): Buffer {
  const path = join(checkout, SITE, "planet.ini");
  if (!existsSync(path))
    throw new OperatorError(`There is no ${path}; \`planet feeds pull\` brings the published one.`);
  return readFileSync(path);
}

/** Whole or not at all. The name may come from a bucket: what cannot be published cannot be written either. */
export function writeSiteFile(checkout: string, name: string, bytes: Uint8Array): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new OperatorError(`${name} ${problem}; it was not written.`);
  writeWhole(join(checkout, SITE, name), bytes);
}

export function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
}
