import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a website is written to. */
export interface SitePlaces {
  /** An empty folder. */
  readonly outDirectory: string;
  /** What is served now. */
  readonly previousDirectory: string | undefined;
  readonly now: Date;
}

/**
 * Writes the website file by file and sets its times. nginx makes its ETag of time and size alone, in seconds: equal
 * bytes keep the time they had, so readers get 304; other bytes get a later second, or a switch within one second would
 * be answered with a stale 304.
 *
 * Not asynchronous: a site has thousands of small files, and nothing else waits for the thread.
 */
export class SiteWriter {
  readonly #places: SitePlaces;
  readonly #folders = new Set<string>();
  readonly #names = new Set<string>();
  #changed: boolean;

  constructor(places: SitePlaces) {
    this.#places = places;
    this.#changed = places.previousDirectory === undefined;
  }

  /** Whether any file differs from `previousDirectory`. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Whether the website has this file already. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  write(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const { previousDirectory, now } = this.#places;
    const isThere = this.has(name);
    const path = this.#place(name);
    // Written through a link, it would change what is served.
    if (isThere) rmSync(path);
    writeFileSync(path, bytes);
    const before = previousDirectory === undefined ? undefined : previous(join(previousDirectory, name));
    const equal = before?.bytes.equals(bytes) === true;
    this.#changed ||= !equal;
    const seconds = equal ? before.seconds : Math.max(Math.floor(now.getTime() / 1000), (before?.seconds ?? 0) + 1);
    utimesSync(path, seconds, seconds);
  }

  /**
   * Takes a file over from `previousDirectory`, with its time and without reading it. Served files are only ever replaced,
   * so two builds may share one.
   * @returns false when it is not there, or when the two folders are on different disks.
   */
  keep(name: string): boolean {
    const { previousDirectory } = this.#places;
    if (previousDirectory === undefined) return false;
    const path = this.#place(name);
    try {
      linkSync(join(previousDirectory, name), path);
      return true;
    } catch {
      this.#names.delete(name);
      return false;
    }
  }

  #place(name: string): string {
    const path = join(this.#places.outDirectory, name);
    const folder = dirname(path);
    if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
    this.#names.add(name);
    return path;
  }
}

function previous(path: string): { bytes: Buffer; seconds: number } | undefined {
  try {
    const [bytes, { mtimeMs }] = [readFileSync(path), statSync(path)];
    return { bytes, seconds: Math.floor(mtimeMs / 1000) };
  } catch {
    return undefined; // not there before
  }
}
