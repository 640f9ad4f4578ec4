import { messageOf } from "@planet/errors";
import type { FeedKey, PlanetKey } from "./keys.ts";
import { readPatterns } from "./patterns.ts";
import { quote } from "./scan.ts";
import type { Values } from "./sections.ts";
import type { IniProblem } from "./types.ts";

/** Filters are matched under a worker's time limit; a longer line is a mistake. */
const PATTERN_LIMIT = 1_024;

/**
 * Reads typed values out of a section and notes what is wrong with them. A wrong value reads as absent.
 * `Key` is what keys.ts has for that section: a key that is not in the table, and so not in docs/planet-ini.md, cannot be read.
 */
export class Fields<Key extends PlanetKey | FeedKey> {
  readonly #values: Values;
  readonly #problems: IniProblem[];

  constructor(values: Values, problems: IniProblem[]) {
    this.#values = values;
    this.#problems = problems;
  }

  /** Absent and empty are the same: `link =` unsets. */
  text(key: Key): string | undefined {
    return this.#values.get(key)?.text || undefined;
  }

  /** Outside the range: the nearest legal value, with a warning. Not a whole number: an error. */
  number(key: Key, lowest: number, highest: number): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (!/^[+-]?\d{1,9}$/.test(text)) {
      this.error(key, "not-a-number", `"${key}" must be a whole number, it is ${quote(text)}`);
      return undefined;
    }
    const clamped = Math.min(highest, Math.max(lowest, Number(text)));
    if (clamped !== Number(text)) {
      this.warning(key, "out-of-range", `"${key}" is ${text}, legal is ${lowest} to ${highest}; ${clamped} is used`);
    }
    return clamped;
  }

  choice<Word extends string>(key: Key, words: readonly Word[]): Word | undefined {
    const text = this.text(key)?.toLowerCase();
    const word = words.find((candidate) => candidate === text);
    if (text !== undefined && word === undefined) {
      this.warning(key, "unknown-value", `"${key}" is ${quote(text)}, known are ${words.join(", ")}; it is ignored`);
    }
    return word;
  }

  list(key: Key): string[] {
    return this.text(key)?.split(/\s+/).filter(Boolean) ?? [];
  }

  /** An absolute http(s) URL. A host without a scheme is read as `http:`; anything else leads nowhere and is ignored. */
  webUrl(key: Key): string | undefined {
    const text = this.text(key);
    if (text === undefined || isWebUrl(text)) return text;
    const url = withScheme(text);
    if (url === undefined) {
      const rule = `"${key}" must be an absolute http or https URL`;
      this.warning(key, "not-a-url", `${rule}, it is ${quote(text)}; it is ignored`);
    } else this.warning(key, "no-scheme", `"${key}" has no scheme, it is read as ${quote(url)}`);
    return url;
  }

  pattern(key: Key): string | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const reason = patternProblem(text);
    if (reason === undefined) return text;
    this.error(key, "bad-pattern", `"${key}" is not a regular expression: ${reason}`);
    return undefined;
  }

  warning(key: string, code: string, text: string): void {
    this.#problems.push({ line: this.#line(key), level: "warning", code, text });
  }

  error(key: string, code: string, text: string): void {
    this.#problems.push({ line: this.#line(key), level: "error", code, text });
  }

  #line(key: string): number {
    return this.#values.get(key)?.line ?? 0;
  }
}

export function isWebUrl(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === "http:" || protocol === "https:") && hostname !== "";
  } catch {
    return false;
  }
}

/** `blog.example.org/x` and `//blog.example.org`. A name such as `atom.xml` is a file, not a host. */
function withScheme(text: string): string | undefined {
  const [, host = ""] = /^(?:\/\/)?((?:[\p{L}\d-]+\.)+\p{L}{2,})(?::\d+)?(?:[/?#]\S*)?$/u.exec(text) ?? [];
  if (host === "" || /\.(?:html?|xml|rss|atom|rdf|php)$/i.test(host)) return undefined;
  const url = `http://${text.replace(/^\/\//, "")}`;
  return isWebUrl(url) ? url : undefined;
}

function patternProblem(source: string): string | undefined {
  const longest = Math.max(...source.split("\n").map((line) => line.length));
  if (longest > PATTERN_LIMIT) return `it has ${longest} characters, the limit is ${PATTERN_LIMIT}`;
  try {
    readPatterns(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
