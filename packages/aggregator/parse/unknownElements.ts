import type { Root } from "./tidy.ts";

const MENTIONED = /<(?:[\w-]{1,50}:)?(?:origLink|fullitem|body|summary)[\s>]/i;
const TOKEN = /<!\[CDATA\[|<!--|<(\/?)(?:([\w-]{1,50}):)?([\w-]{1,50})([^<>]*)>/g;
const ENDS: Readonly<Record<string, string>> = { "<![CDATA[": "]]>", "<!--": "-->" };

/** What to write in place of an element's tags. */
type Tags = readonly [open: string, close: string];

const ORIGINAL_LINK: Tags = [`<atom:link rel="x-original">`, "</atom:link>"];
const HTML: Tags = ["<content:encoded>", "</content:encoded>"];
const XHTML: Tags = [`<atom:content type="xhtml"><div>`, "</div></atom:content>"];
const SUMMARY: Tags = ["<atom:summary>", "</atom:summary>"];

/**
 * Elements of an entry that the parser does not know, written as ones that it does: FeedBurner's `origLink`, and the
 * whole text as `body` or `fullitem`, or its beginning as `summary`, in RSS. Only children of an entry are meant: texts
 * have elements of these names as well.
 */
export function withKnownElements(text: string, root: Root): string {
  if (!MENTIONED.test(text)) return text;
  const out: string[] = [];
  let [end, depth] = [0, Number.NaN]; // in no entry
  let closing: { readonly depth: number; readonly tag: string } | undefined;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token, slash, prefix, name = "", attributes = ""] = match;
    if (name === "") {
      const until = text.indexOf(ENDS[token] ?? "", TOKEN.lastIndex);
      if (until === -1) break;
      TOKEN.lastIndex = until;
      continue;
    }
    const local = name.toLowerCase();
    if (local === "item" || (local === "entry" && root === "atom")) {
      depth = slash === "/" ? Number.NaN : 0;
      closing = undefined;
    } else if (slash === "/") {
      depth -= 1;
      if (depth !== closing?.depth) continue;
      out.push(text.slice(end, match.index), closing.tag);
      [end, closing] = [TOKEN.lastIndex, undefined];
    } else if (!attributes.endsWith("/")) {
      const tags =
        depth === 0 ? tagsFor(root, prefix, local, text.slice(TOKEN.lastIndex, TOKEN.lastIndex + 100)) : undefined;
      if (tags !== undefined) {
        out.push(text.slice(end, match.index), tags[0]);
        [end, closing] = [TOKEN.lastIndex, { depth, tag: tags[1] }];
      }
      depth += 1;
    }
  }
  return out.length === 0 ? text : out.join("") + text.slice(end);
}

function tagsFor(root: Root, prefix: string | undefined, name: string, content: string): Tags | undefined {
  if (name === "origlink") return root === "atom" ? [`<link rel="x-original">`, "</link>"] : ORIGINAL_LINK;
  if (root === "atom") return undefined;
  if (name === "body") return /^\s*(?:<!\[CDATA\[|&lt;)/i.test(content) ? HTML : XHTML;
  if (prefix !== undefined) return undefined;
  return name === "fullitem" ? HTML : name === "summary" ? SUMMARY : undefined;
}
