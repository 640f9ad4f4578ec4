/** What may be published: far above any planet seen, far below what a sync can read in one interval. */
export const FILE_LIMIT_BYTES = 2_097_152;
const TOTAL_LIMIT_BYTES = 20_971_520;
const FILE_COUNT_LIMIT = 500;

const TYPES: ReadonlyMap<string, string> = new Map([
  ["ini", "text/plain; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["gif", "image/gif"],
  ["webp", "image/webp"],
  ["ico", "image/x-icon"],
  ["txt", "text/plain; charset=utf-8"],
  ["liquid", "text/plain; charset=utf-8"],
  ["tmpl", "text/plain; charset=utf-8"],
  ["md", "text/markdown; charset=utf-8"],
  ["xml", "application/xml"],
]);

/** Lower case only, since one cloud's store may fold case and another not; no `..`, at most one folder. */
const NAME = /^(?:[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

export const suffixOf = (name: string): string => /\.([a-z0-9]+)$/.exec(name)?.[1] ?? "";

/** The content type that an object of this name is uploaded with. */
export function contentType(name: string): string {
  return TYPES.get(suffixOf(name)) ?? "application/octet-stream";
}

/** The bucket's own names: nothing that is published may be called so. */
const RESERVED = (name: string): boolean => name === "manifest.json" || name.startsWith("objects/");

/**
 * First parts of names that the servers write below, with a number or without: a file there would lie among their records.
 * Apart from {@link nameProblem}, because a manifest of an earlier version that has such a name must still be read.
 */
const SERVERS_FOLDER = /^(?:memory|tls|acme-challenge)(?:-\d+)?\//;
/** What the operator has made the planet forget. */
const FORGOTTEN = "forgotten.json";

/** Why a name may not be newly published although it is a legal one, with the next step; or undefined. */
export function reservedProblem(name: string): string | undefined {
  const [folder] = SERVERS_FOLDER.exec(name) ?? [];
  if (folder !== undefined) {
    return `is in ${folder}, where the planet's servers keep their own records in the bucket; put it in another folder`;
  }
  if (name === FORGOTTEN) return "is where the bucket lists what the planet forgets; give it another name";
  return undefined;
}

/** Why a name cannot be published, or undefined. */
export function nameProblem(name: string): string | undefined {
  if (name.length > 200) return "is longer than 200 characters";
  if (!NAME.test(name)) return "must be lower-case letters, digits, dot, dash and underscore, in at most one folder";
  if (RESERVED(name)) return "is a name that the bucket itself uses";
  if (!TYPES.has(suffixOf(name))) return `must end in one of ${[...TYPES.keys()].join(", ")}`;
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
  if (!files.some(({ name }) => name === "planet.ini")) problems.push({ name: "planet.ini", reason: "is missing" });
  return problems;
}

function sizeProblem(size: number): string | undefined {
  return size > FILE_LIMIT_BYTES ? `has ${size} bytes, the limit is ${FILE_LIMIT_BYTES}` : undefined;
}
