import {
  type FeedConfig,
  filesNamedBy,
  type NamedFile,
  nameProblem,
  type SiteFile,
  type SiteProblem,
} from "@planet/content";
import { faceOf } from "../render/faces.ts";

/**
 * What planet.ini names and the page will not have: faces, templates, further files. Warnings, since an editor may upload them.
 * @param elsewhere Where a file lies that is not at its place; it is among the files under the name that it should have.
 */
export function namedFileProblems(
  site: readonly SiteFile[],
  elsewhere: ReadonlyMap<string, string> = new Map(),
): SiteProblem[] {
  const files = new Map(site.map(({ name, bytes }) => [name, bytes]));
  return filesNamedBy(files.get("planet.ini") ?? new Uint8Array()).flatMap((named) => {
    const [code, text] = problemOf(named, files, elsewhere.get(named.name)) ?? [];
    if (code === undefined || text === undefined) return [];
    return [{ file: "planet.ini", line: named.line, level: "warning" as const, code, text }];
  });
}

type Problem = readonly [code: string, text: string];

function problemOf(
  { name, kind, otherwise, feed }: NamedFile,
  files: ReadonlyMap<string, Uint8Array>,
  elsewhere: string | undefined,
): Problem | undefined {
  const illegal = name.includes("://") ? undefined : nameProblem(name);
  if (illegal !== undefined) return ["file-name", `"${name}" ${illegal.replace("; rename it", "")}; ${renamed(name)}`];
  const wrong = feed && faceOf(feed, files);
  if (feed && typeof wrong === "string" && (files.has(name) || name.includes("://")))
    return ["face", reason(wrong, feed)];
  if (typeof wrong === "object") return elsewhere === undefined ? undefined : ["file-place", moved(name, elsewhere)];
  if (files.has(name)) return elsewhere === undefined ? undefined : ["file-place", moved(name, elsewhere)];
  return [`${kind}-missing`, `"${name}" is not there: ${otherwise}`];
}

/** The sentence without the feed's name, which the line says. */
function reason(sentence: string, { name, face = "" }: FeedConfig): string {
  const words = sentence.replace(`${name}: its face`, "").replace(`(${face}) `, "").replace(face, "");
  return `"${face}" ${words.replace(/\s+/g, " ").trim()}`;
}

const moved = (name: string, elsewhere: string) => `"${name}" lies at "${elsewhere}"; copy it to site/${name}`;

/** What a person would call it. */
function renamed(name: string): string {
  const better = name.toLowerCase().replace(/[^a-z0-9._/-]+/g, "-");
  if (better === name || nameProblem(better) !== undefined) return "leave it out or use another file";
  return `rename the file to "${better}", and write that name here`;
}
