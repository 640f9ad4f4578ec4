import { REMOVED_WITH_CONTENT } from "./policy.ts";

/** Words on either side of these are apart. */
export const BLOCKS: ReadonlySet<string> = new Set(
  "blockquote br dd div dl dt figcaption figure form h1 h2 h3 h4 h5 h6 hr li ol p pre table td th tr ul".split(" "),
);
/** What is in these is not text, or is read by other rules. */
const OTHERS: ReadonlySet<string> = new Set([
  ...REMOVED_WITH_CONTENT,
  ..."iframe noembed noframes plaintext script style textarea title xmp".split(" "),
]);
const REFERENCES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&gt;": ">",
  "&lt;": "<",
  "&nbsp;": "\u00a0",
  "&quot;": '"',
  "&#39;": "'",
  "&#8217;": "\u2019",
};
/** A run of text, a tag whose attributes are in quotes, a tag that the end of the text has cut, or a reference. */
const PIECE =
  /([^<&\0]+)|<\/?([a-zA-Z][a-zA-Z0-9]*)(?:\s+[a-zA-Z][\w:-]*(?:="[^"]*"|='[^']*')?)*\s*\/?>|<\/?[a-zA-Z][^<>]*$|&(?:amp|gt|lt|nbsp|quot|#39|#8217);/gy;

/**
 * The text of HTML as most of it is written, in a tenth of the time of HTML's own tokenizer, which reads letter by letter.
 * @returns undefined for everything that may mean something else.
 */
export function textOfProse(html: string): string | undefined {
  const words: string[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < html.length) {
    const [piece, text, name] = PIECE.exec(html) ?? [];
    if (piece === undefined) return undefined;
    if (text !== undefined) words.push(text);
    else if (piece.startsWith("&")) words.push(REFERENCES[piece] ?? "");
    else if (name !== undefined && OTHERS.has(name.toLowerCase())) return undefined;
    else if (name !== undefined && BLOCKS.has(name.toLowerCase())) words.push(" ");
  }
  return words.join("");
}
