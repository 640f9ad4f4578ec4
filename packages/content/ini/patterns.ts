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
      return new RegExp(line.slice(whole.length), `u${[...flags].join("")}`);
    });
}
