import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SiteWriter } from "../writeSite.ts";

/** Fingerprints of the pages, beside the pages themselves. nginx serves no name that begins with a dot. */
const FINGERPRINTS = ".pages.json";

/** A page that is made only when what it is made from has changed. */
export interface PlannedPage {
  /** The page, and its feed if it has one. */
  readonly files: readonly string[];
  /** Equal for equal files. */
  readonly fingerprint: string;
  make(): Promise<MadePage>;
}

interface MadePage {
  readonly files: ReadonlyMap<string, string>;
  /** False when it is to be made again in the next run. */
  readonly isWhole: boolean;
}

/** So many pages at once: the reader thread draws one while the next is prepared. */
const AT_ONCE = 8;

/** Writes the pages, and takes over those that have not changed: they cost neither reading nor time. */
export async function writePages(
  kinds: readonly Iterable<PlannedPage>[],
  writer: SiteWriter,
  previousDirectory: string | undefined,
): Promise<void> {
  const before = previousDirectory === undefined ? {} : await load(join(previousDirectory, FINGERPRINTS));
  const after = new Map<string, string>();
  const making: Promise<void>[] = [];
  for (const pages of kinds) {
    for (const page of pages) {
      const [name = ""] = page.files;
      // A file of the editors' own is in its place.
      if (writer.has(name)) continue;
      after.set(name, page.fingerprint);
      if (before[name] === page.fingerprint && keepAll(page, writer)) continue;
      const made = makeAll(page, writer).then((isWhole) => void (isWhole || after.delete(name)));
      if (making.push(made) === AT_ONCE) await Promise.all(making.splice(0));
    }
  }
  await Promise.all(making);
  writer.write(FINGERPRINTS, `${JSON.stringify(Object.fromEntries(after))}\n`);
}

const keepAll = ({ files }: PlannedPage, writer: SiteWriter): boolean => files.every((name) => writer.keep(name));

/** A page that cannot be drawn costs only itself: its earlier state stays. */
async function makeAll(page: PlannedPage, writer: SiteWriter): Promise<boolean> {
  const made = await page.make().catch(() => undefined);
  if (made === undefined) keepAll(page, writer);
  else for (const [name, text] of made.files) writer.write(name, text);
  return made?.isWhole ?? false;
}

async function load(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return {}; // a build without pages, or a cut file
  }
}
