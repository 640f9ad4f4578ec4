/** Python's flags for a whole pattern, and what they are in JavaScript. Unicode is always on. */
const FLAGS: Readonly<Record<string, string>> = { i: "i", m: "m", s: "s", u: "", a: "", L: "" };

/**
 * The patterns of a `filter` or `exclude`, one a line, as Venus' regexp_sifter takes them. A line may begin with Python's
 * flags, `(?i)`.
 * @throws {SyntaxError} when a line is not a regular expression.
 */
export function readPatterns(value: string): RegExp[] {
  return value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [whole = "", letters = ""] = /^\(\?([imsuaL]+)\)/.exec(line) ?? [];
      const flags = new Set([...letters].map((letter) => FLAGS[letter] ?? ""));
      return new RegExp(fromPython(line.slice(whole.length)), `u${[...flags].join("")}`);
    });
}

/** A class of characters, an escape, a named group or a comment, a counter, or a bracket that is none of these. */
const PARTS = /\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|\(\?P<|\(\?P=\w+\)|\(\?#[^)]*\)|\{\d*,?\d*\}|[{}\]]/gsu;

/** What Python spells otherwise, or takes for a letter where JavaScript's Unicode flag refuses it. */
function fromPython(source: string): string {
  return source.replace(PARTS, (part) => {
    if (part.startsWith("[")) return classFromPython(part);
    if (part.startsWith("\\")) return escapeFromPython(part, false);
    if (part === "(?P<") return "(?<";
    if (part.startsWith("(?P=")) return `\\k<${part.slice(4, -1)}>`;
    if (part.startsWith("(?#")) return "";
    if (/^\{,\d+\}$/.test(part)) return `{0${part.slice(1)}`;
    return /^\{\d+,?\d*\}$/.test(part) ? part : part.replace(/[{}\]]/g, "\\$&");
  });
}

/** `[]a]`: a bracket that comes first is a letter; a class without letters is a mistake. */
function classFromPython(part: string): string {
  const [, head = "", body = ""] = /^(\[\^?)(.*)\]$/s.exec(part) ?? [];
  if (body === "") return head;
  const letters = body.replace(/^\]/, "\\]").replace(/\\./gsu, (sequence) => escapeFromPython(sequence, true));
  return `${head}${letters}]`;
}

function escapeFromPython(sequence: string, isInClass: boolean): string {
  const letter = sequence.slice(1);
  if (letter === "A" && !isInClass) return "(?<![\\s\\S])";
  if (letter === "Z" && !isInClass) return "(?![\\s\\S])";
  if (letter === "-" && isInClass) return sequence;
  return /[a-z\d^$\\.*+?()[\]{}|/]/i.test(letter) ? sequence : letter;
}
