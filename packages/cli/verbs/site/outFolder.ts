import { randomBytes } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { SITE } from "@planet/content/siteFolder";
import { messageOf } from "@planet/errors";
import { OperatorError } from "../../command.ts";

/** A build leaves the names of its files here: the next one may replace these, and nothing else. */
const MARK = ".planet-site";

/** A folder for the website, which is made beside it and takes its place when it is whole. */
export interface OutFolder {
  readonly path: string;
  /** Where to write. */
  readonly partial: string;
  /** What an earlier build has left; undefined when there is none. */
  readonly previous: string | undefined;
  /** @returns how many files the site has. @throws {OperatorError} when somebody has put files there meanwhile. */
  replace(): number;
  /** Removes what is not whole. */
  clean(): void;
}

/** @throws {OperatorError} when the folder holds anything that no earlier build has written. */
export function openOutFolder(wanted: string, checkout: string): OutFolder {
  const path = existsSync(wanted) ? realpathSync(wanted) : resolve(wanted);
  refuseSite(path, checkout);
  writing(path, () => refuseForeign(path));
  const partial = `${path}.${randomBytes(4).toString("hex")}.partial`;
  writing(path, () => makeFolder(partial));
  return {
    path,
    partial,
    previous: existsSync(join(path, MARK)) ? path : undefined,
    replace() {
      const names = filesBelow(partial);
      writeFileSync(join(partial, MARK), `${names.join("\n")}\n`);
      writing(path, () => refuseForeign(path));
      writing(path, () => takePlace(partial, path));
      return names.length;
    },
    clean: () => rmSync(partial, { recursive: true, force: true }),
  };
}

/** What is below site/ would be published, and the next build would read it. */
function refuseSite(path: string, checkout: string): void {
  const site = join(realpathSync(checkout), SITE);
  if (path !== site && !path.startsWith(`${site}${sep}`)) return;
  throw new OperatorError({
    code: "OUT_IN_SITE",
    what: `${path} is in the folder that is published.`,
    next: "Choose a folder outside site/.",
  });
}

function refuseForeign(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new OperatorError({
      code: "OUT_NOT_FOLDER",
      what: `${path} is not a folder.`,
      next: "Choose another one with --out.",
    });
  }
  if (readdirSync(path).length === 0) return;
  const mark = join(path, MARK);
  const next = "Choose another folder with --out, or empty this one yourself. Nothing was changed.";
  if (!existsSync(mark)) {
    throw new OperatorError({
      code: "OUT_FOREIGN",
      what: `${path} has files, and no earlier build has written them.`,
      next,
    });
  }
  const written = new Set([MARK, ...readFileSync(mark, "utf8").split("\n")]);
  const more = filesBelow(path).filter((name) => !written.has(name));
  if (more.length === 0) return;
  const why = `${more.slice(0, 5).join(", ")}${more.length > 5 ? ` and ${more.length - 5} more` : ""}`;
  throw new OperatorError({ code: "OUT_HAS_MORE", what: `${path} has files that no build has written:`, why, next });
}

/** Everything below that is not a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted();
}

/** With those above it. Node's own way of it never comes back from /proc. */
function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

/** No call exchanges two folders: between two renames there is none. When the second fails, the old one comes back. */
function takePlace(partial: string, path: string): void {
  if (!existsSync(path)) {
    renameSync(partial, path);
    return;
  }
  const old = `${partial}.old`;
  renameSync(path, old);
  try {
    renameSync(partial, path);
  } catch (error) {
    renameSync(old, path);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** What the system refuses becomes a sentence. */
function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const what = `${basename(path)} cannot be written in ${dirname(path)}.`;
    throw new OperatorError({ code: "OUT_UNWRITABLE", what, why: messageOf(error) }, { cause: error });
  }
}
