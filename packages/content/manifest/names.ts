import { FOLDER_MARKS } from "@planet/eucalyptus-client/marks";

/** What may be published: far above any planet seen, far below what a sync can read in one interval. */
export const FILE_LIMIT_BYTES = 2_097_152;
const TOTAL_LIMIT_BYTES = 20_971_520;
const FILE_COUNT_LIMIT = 500;

const TYPES: ReadonlyMap<string, string> = new Map([
  ["ini", "text/plain; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["svg", "image/svg+xml"],
  ["ico", "image/x-icon"],
  ["woff2", "font/woff2"],
  ["txt", "text/plain; charset=utf-8"],
  ["liquid", "text/plain; charset=utf-8"],
  ["tmpl", "text/plain; charset=utf-8"],
  ["md", "text/markdown; charset=utf-8"],
  ["xml", "application/xml"],
]);

/** No `..`, at most one folder. */
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Cameras write `.JPG`; what the engine knows by its ending, a template or a text, has it in lower case. */
const ANY_CASE: ReadonlySet<string> = new Set(["png", "jpg", "jpeg", "gif", "webp", "svg", "ico"]);

/** In lower case. */
export const suffixOf = (name: string): string => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** The content type that an object of this name is uploaded with. */
export function contentType(name: string): string {
  return TYPES.get(suffixOf(name)) ?? "application/octet-stream";
}

/** The bucket's own names: nothing that is published may be called so. */
const RESERVED = (name: string): boolean =>
  /^(?:manifest\.json$|objects\/)/i.test(name) || name.toLowerCase().startsWith(FOLDER_MARKS);

/**
 * First parts of names that the servers write below, with a number or without: a file there would lie among their records.
 * Apart from {@link nameProblem}, because a manifest of an earlier version that has such a name must still be read.
 */
const SERVERS_FOLDER = /^(?:memory|tls|acme-challenge)(?:-\d+)?\//i;
/** What the operator has made the planet forget: at the root, where no permit reaches. */
export const FORGOTTEN = "forgotten.json";

/** Whether an object is one that the planet keeps for itself, beside what is published. */
export const isPlanetsOwn = (key: string): boolean =>
  SERVERS_FOLDER.test(key) || key === FORGOTTEN || key.startsWith(FOLDER_MARKS);

/** Why a name may not be newly published although it is a legal one, with the next step; or undefined. */
export function reservedProblem(name: string): string | undefined {
  const [folder] = SERVERS_FOLDER.exec(name) ?? [];
  if (folder !== undefined) {
    return `is in ${folder}, where the planet's servers keep their own records in the bucket; put it in another folder`;
  }
  if (name.toLowerCase() === FORGOTTEN)
    return "is where the bucket lists what the planet forgets; give it another name";
  return undefined;
}

/** Why a name cannot be published, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name.length > 200) return "is longer than 200 characters";
  if (!NAME.test(name)) {
    return "must be letters without accents, digits, dot, dash and underscore, in at most one folder; rename it";
  }
  if (RESERVED(name)) return "is a name that the bucket itself uses";
  if (name !== "planet.ini" && name.toLowerCase() === "planet.ini") return 'must be written "planet.ini"';
  const suffix = suffixOf(name);
  if (!TYPES.has(suffix)) return `must end in one of ${[...TYPES.keys()].join(", ")}`;
  if (!ANY_CASE.has(suffix) && !name.endsWith(suffix)) return `must end in "${suffix}", in lower case`;
  return undefined;
}

export interface NamedSize {
  readonly name: string;
  readonly size: number;
}

/** What names and sizes alone show to be wrong with a set of files. */
export function contentProblems(files: readonly NamedSize[]): { name: string; reason: string }[] {
  const problems = files.flatMap(({ name, size }) => {
    const reason = nameProblem(name) ?? sizeProblem(size);
    return reason === undefined ? [] : [{ name, reason }];
  });
  return [...problems, ...setProblems(files)];
}

/** What is wrong with the files as a set. The name is empty where no single file is to blame. */
export function setProblems(files: readonly NamedSize[]): { name: string; reason: string }[] {
  const problems: { name: string; reason: string }[] = [];
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > TOTAL_LIMIT_BYTES) {
    problems.push({ name: "", reason: `all files have ${total} bytes together, the limit is ${TOTAL_LIMIT_BYTES}` });
  }
  if (files.length > FILE_COUNT_LIMIT) {
    problems.push({ name: "", reason: `there are ${files.length} files, the limit is ${FILE_COUNT_LIMIT}` });
  }
  problems.push(...foldedNames(files));
  if (!files.some(({ name }) => name === "planet.ini")) problems.push({ name: "planet.ini", reason: "is missing" });
  return problems;
}

/** Stores and file systems differ in whether these are two files. */
function foldedNames(files: readonly NamedSize[]): { name: string; reason: string }[] {
  const seen = new Map<string, string>();
  return files.flatMap(({ name }) => {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), name);
    return first === undefined ? [] : [{ name, reason: `differs from "${first}" in upper and lower case alone` }];
  });
}

function sizeProblem(size: number): string | undefined {
  return size > FILE_LIMIT_BYTES ? `has ${size} bytes, the limit is ${FILE_LIMIT_BYTES}` : undefined;
}
