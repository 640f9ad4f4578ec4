import { linesOf } from "./decode.ts";
import type { IniProblem } from "./types.ts";

/** Five times what the largest public planet.ini needs. */
const LINE_LIMIT = 8_192;
export const SECTION_LIMIT = 5_000;

type Dialect = "planet" | "pluto";

/** One `key = value`; lines are counted from 1, `lastLine` includes continuations. */
interface Option {
  readonly key: string;
  readonly line: number;
  value: string;
  lastLine: number;
}

/** A section as it stands in the file. Duplicates are still apart here. */
export interface Section {
  /** Absent: the keys before the first header. */
  readonly name?: string;
  /** A header that could not be read: its options must not fall into the section above. */
  readonly broken: boolean;
  readonly line: number;
  readonly options: Option[];
}

export interface Scan {
  readonly dialect: Dialect;
  readonly sections: readonly Section[];
  readonly problems: readonly IniProblem[];
}

const HEADER = /^\[(.+?)\]\s*(?:[;#].*)?$/s;
const HEADER_WITH_REST = /^\[(.+)\]/s;
const FEED_KEY = /^\s*(?:feed|feed_url|xml_url)\s*[=:]/i;

/** A `[Planet]` section decides; else a section that is not a URL and has a feed key (Pluto's slugs). */
function dialectOf(lines: readonly string[]): Dialect {
  const headers = lines.map((line) => HEADER.exec(line.trim())?.[1]?.trim());
  if (headers.some((name) => name?.toLowerCase() === "planet")) return "planet";
  let slug = false;
  for (const [index, line] of lines.entries()) {
    const header = headers[index];
    if (header !== undefined) slug = !header.includes("://");
    else if (slug && FEED_KEY.test(line)) return "pluto";
  }
  return "planet";
}

/**
 * Cuts a planet.ini into sections and options. These files were written for Python 2's ConfigParser, whose rules
 * differ from Python 3's: an inline `;` after a space is a comment there, interpolation was usually off, and so on.
 */
export function scanIni(text: string): Scan {
  const lines = linesOf(text);
  const dialect = dialectOf(lines);
  const scanner = new Scanner(dialect);
  for (const [index, line] of lines.entries()) scanner.take(line, index + 1);
  return { dialect, sections: scanner.sections, problems: scanner.problems };
}

class Scanner {
  readonly sections: Section[] = [{ broken: false, line: 1, options: [] }];
  readonly problems: IniProblem[] = [];
  readonly #dialect: Dialect;
  #option: Option | undefined;
  #indent = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  take(raw: string, line: number): void {
    const text = raw.trim();
    if (text === "" || text.startsWith("#") || text.startsWith(";")) return;
    if (raw.length > LINE_LIMIT) {
      this.#problem(line, "error", "line-too-long", `line has ${raw.length} characters, the limit is ${LINE_LIMIT}`);
      return;
    }
    const indent = raw.length - raw.trimStart().length;
    if (this.#isContinuation(text, indent)) this.#continue(text, line);
    else if (text.startsWith("[") && (indent === 0 || this.#dialect === "pluto" || !this.#option))
      this.#header(text, line);
    else if (/^rem\s/i.test(raw)) this.#problem(line, "warning", "rem-comment", "`rem` starts a comment; write `#`");
    else this.#assignment(text, line, indent);
  }

  /** In Pluto's dialect everything is indented for looks, so only a line that is not `key = value` continues. */
  #isContinuation(text: string, indent: number): boolean {
    if (!this.#option || indent <= this.#indent) return false;
    return this.#dialect === "planet" || (!text.startsWith("[") && !/^[\w.-]+\s*=/.test(text));
  }

  #continue(text: string, line: number): void {
    const option = this.#option as Option;
    if (text.includes("://") && text.includes("=")) {
      const hint = `continues the value of "${option.key}" because it is indented; remove the indentation if it is a key`;
      this.#problem(line, "warning", "continuation-like-key", hint);
    }
    option.value = option.value === "" ? text : `${option.value}\n${text}`;
    option.lastLine = line;
  }

  #header(text: string, line: number): void {
    this.#option = undefined;
    const name = HEADER.exec(text)?.[1] ?? this.#lenientHeader(text, line);
    if (name === undefined) {
      this.#problem(line, "error", "broken-header", `section header ${quote(text)} has no closing "]"`);
      this.sections.push({ name: text, broken: true, line, options: [] });
      return;
    }
    this.sections.push({ name: name.trim(), broken: false, line, options: [] });
  }

  #lenientHeader(text: string, line: number): string | undefined {
    const name = HEADER_WITH_REST.exec(text)?.[1];
    if (name !== undefined)
      this.#problem(line, "warning", "text-after-header", 'text after the closing "]" is ignored');
    return name;
  }

  #assignment(text: string, line: number, indent: number): void {
    const at = text.search(/[=:]/);
    const key = at < 0 ? "" : text.slice(0, at).trim().toLowerCase();
    if (key.includes("[") || (text.charAt(at) === ":" && text.startsWith("//", at + 1))) {
      this.#problem(
        line,
        "error",
        "header-like-key",
        `${quote(text)} is not a setting; is it a section header without brackets?`,
      );
      return;
    }
    if (key === "") {
      this.#problem(line, "warning", "no-value", `${quote(text)} has no "=", the line is ignored`);
      return;
    }
    const option = { key, line, lastLine: line, value: withoutComment(text.slice(at + 1)).trim() };
    this.#option = option;
    this.#indent = indent;
    (this.sections[this.sections.length - 1] as Section).options.push(option);
  }

  #problem(line: number, level: IniProblem["level"], code: string, text: string): void {
    this.problems.push({ line, level, code, text });
  }
}

/** `;` after white space starts a comment (Python 2); without it, it is data as in `http://e/;x`. `#` never does. */
function withoutComment(value: string): string {
  return value.replace(/\s;.*$/s, "");
}

export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
