/** A piece of a sentence that others have written: a feed's name, a file's name, a setting's value. */
interface Quoted {
  readonly quoted: string;
}

/** One sentence. Strings are our own words; everything else is quoted and never read as markup. */
export type Line = readonly (string | Quoted)[];

/** A long name must not hide what comes after it. */
const QUOTE_LIMIT = 300;

/** Template tag: the literal parts are ours, what is put in is quoted on one line. Numbers are ours. */
export function line(words: TemplateStringsArray, ...values: readonly (string | number)[]): Line {
  return words.flatMap((word, index) => {
    const value = values[index];
    if (value === undefined) return [word];
    return [word, typeof value === "number" ? String(value) : { quoted: shorten(value) }];
  });
}

function shorten(text: string): string {
  const single = text.replace(/\s+/g, " ").trim();
  const letters = [...single.slice(0, 2 * QUOTE_LIMIT)];
  return letters.length <= QUOTE_LIMIT ? single : `${letters.slice(0, QUOTE_LIMIT).join("")}…`;
}
