import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isTemplate, linkedFiles } from "@planet/aggregator";
import { filesNamedBy, type SiteFile } from "@planet/content";
import { OperatorError } from "../../command.ts";

/** A planet that somebody else runs, as the files of site/ that it would become. */
export interface PlanetElsewhere {
  /** Its planet.ini, as it was typed or found. */
  readonly ini: string;
  readonly files: readonly SiteFile[];
  /** By the name in site/: where a named file lies that is not at its place. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

const SIZE_LIMIT_BYTES = 2_097_152;
const TOTAL_LIMIT_BYTES = 209_715_200;
/** A folder of a whole machine must not be read to its end. */
const [DEPTH_LIMIT, NAMES_LIMIT] = [8, 20_000];
/** Venus' programs take any name; these are the usual ones. */
const INI_NAMES = ["planet.ini", "config.ini"];

/** What is used because it is there: templates and texts, beside planet.ini as in site/. */
const OF_ITSELF = /\.(?:liquid|md|tmpl)$/;

/** @throws {OperatorError} when there is no such file, or no planet.ini in the folder. */
export function readPlanetElsewhere(path: string): PlanetElsewhere {
  const ini = statOf(path)?.isDirectory() ? iniIn(path) : path;
  const bytes = readBounded(ini);
  if (bytes === undefined) {
    const what = `${ini} cannot be read.`;
    throw new OperatorError({ code: "NO_INI_THERE", what, next: "Give a file of at most 2 MB, or its folder." });
  }
  const folder = dirname(resolve(ini));
  const files: SiteFile[] = [{ name: "planet.ini", bytes }];
  const elsewhere = new Map<string, string>();
  const wanted = new Set(filesNamedBy(bytes).map(({ name }) => name));
  for (const { name } of entriesOf(folder)) if (OF_ITSELF.test(name)) wanted.add(name);
  const places = wanted.size === 0 ? new Map<string, string>() : placesOf(namesBelow(folder));
  let total = 0;
  // A set takes what is added while it is walked: pieces of templates, and their pieces.
  for (const name of wanted) {
    const place = places.get(name) ?? places.get(basename(name));
    const found = place && readBounded(join(folder, place));
    if (!found) continue;
    total += found.length;
    if (total > TOTAL_LIMIT_BYTES) throw tooMuch(ini);
    files.push({ name, bytes: found });
    if (place !== name) elsewhere.set(name, place);
    if (!isTemplate(name)) continue;
    const template = Buffer.from(found).toString("latin1");
    for (const part of [...piecesOf(template), ...linkedFiles(template)]) wanted.add(part);
  }
  return { ini, files, elsewhere };
}

function iniIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ini"));
  const found = INI_NAMES.find((name) => names.includes(name)) ?? (names.length === 1 ? names[0] : undefined);
  if (found !== undefined) return join(folder, found);
  const what = `${folder} has no planet.ini and no config.ini.`;
  throw new OperatorError({ code: "NO_INI_IN_FOLDER", what, next: "Name the file." });
}

/** Templates that a classic template includes, by the names that they would have in site/. */
function piecesOf(template: string): string[] {
  const includes = template.matchAll(/TMPL_INCLUDE\s+(?:NAME\s*=\s*)?["']?([^\s"'>]+)/gi);
  return [...includes].map(([, path = ""]) => basename(path).toLowerCase()).filter((name) => name.endsWith(".tmpl"));
}

/** Files by their names from the folder, and by their last parts: a theme has what its planet.ini names without a path. */
function placesOf(names: readonly string[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const name of names) if (!places.has(basename(name))) places.set(basename(name), name);
  for (const name of names) places.set(name, name);
  return places;
}

function tooMuch(ini: string): OperatorError {
  const what = `The files that ${ini} names have more than 200 MB.`;
  return new OperatorError({
    code: "TOO_MUCH_NAMED",
    what,
    next: "A planet may have 20 MB: make its pictures smaller.",
  });
}

/** Files from the folder, shallow ones first. Links, hidden folders and what npm installs are left out. */
function namesBelow(folder: string): string[] {
  const names: string[] = [];
  let level = [folder];
  for (let depth = 0; depth < DEPTH_LIMIT && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const parent of level) {
      for (const entry of entriesOf(parent)) {
        if (names.length + next.length >= NAMES_LIMIT) return names;
        if (entry.isFile()) names.push(relative(folder, join(parent, entry.name)).replaceAll("\\", "/"));
        else if (entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name)) next.push(join(parent, entry.name));
      }
    }
    level = next;
  }
  return names;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return []; // not for us to read
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Undefined for what is no file, or too large to be meant. */
function readBounded(path: string): Uint8Array | undefined {
  const stat = statOf(path);
  return stat?.isFile() && stat.size <= SIZE_LIMIT_BYTES ? readFileSync(path) : undefined;
}
