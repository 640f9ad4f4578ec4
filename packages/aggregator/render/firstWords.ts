const LENGTH = 80;

/** The beginning of a text, as the name of an entry without a title. */
export function firstWords(text: string): string {
  return text.length > LENGTH ? `${text.slice(0, LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
