import { micromark } from "micromark";
import { plainName } from "../sanitize/text.ts";
import { type CleanHtml, cleanHtml } from "../text/cleanHtml.ts";
import { isMarkdown } from "./templateNames.ts";
import type { TextModel } from "./types.ts";

const MARKDOWN = /\.md$/;
/** Pages that the planet makes itself. */
const TAKEN = new Set(["feeds.md", "index.md", "titles_only.md"]);
/** `# About`, or `About` with a line of equals signs below it. */
const TITLE = /^\s*(?:# +(.+)|([^\s#>*+-].*)\r?\n=+[ \t\r]*(?:\n|$))/;
/** An address in micromark's HTML that has no scheme and no host, to a text: `about.md`, `../about.md#join`. */
const TEXT_LINK = /( href="(?![a-z][a-z\d+.-]*:|\/\/)[^"?#]*)\.md(?=["#])/gi;

export const isText = (name: string): boolean => isMarkdown(name) && !TAKEN.has(name);

/** The editors' own texts, by their names: `about.md` is first. */
export function textModels(content: ReadonlyMap<string, Uint8Array>): TextModel[] {
  const names = [...content.keys()].filter(isText).sort();
  const about = names.filter((name) => name === "about.md");
  return [...about, ...names.filter((name) => name !== "about.md")].map((name) => ({
    title: titleOf(name, markdownOf(content, name)),
    page: name.replace(MARKDOWN, ".html"),
  }));
}

export const markdownOf = (content: ReadonlyMap<string, Uint8Array>, name: string): string =>
  Buffer.from(content.get(name) ?? []).toString("utf8");

/**
 * Markdown (CommonMark) as HTML for a page that shows its first heading already. The text is the editors' own and is not
 * sanitised: HTML in it is shown as it is written, and links lead to web pages, mail or other files of the planet, so
 * nothing in it can leave its place or run. Runs in the reader thread, since no parser is trusted to end.
 */
export function htmlOfMarkdown(markdown: string): CleanHtml {
  const html = micromark(markdown.replace(TITLE, ""));
  // The planet's name is `h1`, and all markup here is micromark's.
  return cleanHtml(
    html
      .replace(TEXT_LINK, "$1.html")
      .replace(/(<\/?h)([1-5])>/g, (_tag, start: string, level: string) => `${start}${Number(level) + 1}>`),
  );
}

function titleOf(name: string, markdown: string): string {
  const [, marked, underlined] = TITLE.exec(markdown.slice(0, 2_000)) ?? [];
  const title = (marked ?? underlined)?.replace(/[*_`\\]| +#+ *$/g, "");
  const [word = ""] = (name.split("/").pop() ?? "").split(".");
  return plainName(title ?? "") || word.slice(0, 1).toUpperCase() + word.slice(1).replace(/[-_]/g, " ");
}
