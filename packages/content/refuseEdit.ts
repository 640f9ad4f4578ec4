import { NAMED_FILES_LIMIT } from "./ini/bill.ts";
import { readPlanetIni } from "./ini/readPlanetIni.ts";
import type { PlanetConfig } from "./ini/types.ts";
import { editProblem } from "./manifest/fileProblem.ts";
import { nameProblem } from "./manifest/names.ts";

/** Why an edit is not taken. Becomes an entry of `rejected` in status.json. */
export interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

/**
 * An edit by itself: name, size, whether the bytes are what the name says, and what stands in a planet.ini. The command
 * line asks the same before it takes an edit into the repository.
 * @param before The planet.ini in effect: an edit must not lose most of its feeds without saying so.
 */
export function refuseEdit(name: string, bytes: Uint8Array, before: PlanetConfig | undefined): Refusal | undefined {
  const problem = editProblem({ name, bytes });
  if (problem) return { name, code: problem.code, message: `${name} ${problem.reason}` };
  return name === "planet.ini" ? refuseIni(bytes, before) : undefined;
}

/** An edited planet.ini is taken whole or not at all: its first error refuses it. */
function refuseIni(bytes: Uint8Array, before: PlanetConfig | undefined): Refusal | undefined {
  const { config, problems } = readPlanetIni(bytes);
  const error = problems.find(({ level }) => level === "error");
  if (error || config === undefined) {
    const { line = 0, code = "unusable", text = "cannot be used" } = error ?? {};
    return { name: "planet.ini", code, message: text, ...(line > 0 ? { line } : {}) };
  }
  return before && !allowsShrinking(bytes) ? refuseShrinking(before, config) : undefined;
}

/** A cut upload is a legal, shorter file. So losing most feeds needs to be said in the first line. */
function refuseShrinking(before: PlanetConfig, after: PlanetConfig): Refusal | undefined {
  const left = new Set(after.feeds.map(({ url }) => url));
  const gone = before.feeds.filter(({ url }) => !left.has(url)).length;
  if (gone * 2 <= before.feeds.length) return undefined;
  const message = `${gone} of ${before.feeds.length} feeds are gone; begin the file with "; allow-shrink" if you mean it`;
  return { name: "planet.ini", code: "shrink", message };
}

function allowsShrinking(bytes: Uint8Array): boolean {
  const [first = ""] = Buffer.from(bytes.subarray(0, 200)).toString("utf8").split(/\r?\n/);
  return /^\ufeff?\s*[;#]\s*allow-shrink\b/.test(first);
}

/** Files beside the manifest that a planet.ini names: faces, templates, its bill of materials. */
export function namedFiles(config: PlanetConfig): string[] {
  const faces = config.feeds.flatMap(({ face }) => (face && !face.includes("/") ? [`images/${face}`] : []));
  const names = [...faces, ...config.templateFiles, ...config.billOfMaterials];
  const usable = [...new Set(names)].filter((name) => nameProblem(name) === undefined);
  return usable.sort().slice(0, NAMED_FILES_LIMIT);
}
