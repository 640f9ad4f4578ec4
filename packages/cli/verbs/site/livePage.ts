import { createHash } from "node:crypto";

/** No file of a site begins with a dash. */
export const CHANGES_PATH = "/-/changes";

/**
 * Reloads the page when the server says another version than the page has; a tab in the background gives its connection back,
 * of which a browser has six for a server, and asks again when it is looked at.
 */
const SCRIPT = `(() => {
  const { version } = document.currentScript.dataset;
  let source;
  const listen = () => {
    source?.close();
    if (document.hidden) return;
    source = new EventSource("${CHANGES_PATH}");
    source.onmessage = ({ data }) => data === version || location.reload();
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();`;

const SCRIPT_HASH = createHash("sha256").update(SCRIPT).digest("base64");

/** The server's policy for the page, with room for exactly this script and what it asks. */
export const livePolicy = (policy: string): string =>
  `${policy}; script-src 'sha256-${SCRIPT_HASH}'; connect-src 'self'`;

/** A byte order mark, blanks and comments, then the doctype: a script before it would change how the page is laid out. */
const BEGINNING = /^\ufeff?(?:\s|<!--(?:(?!-->)[\s\S])*-->)*<!doctype[^>]*>/i;

/** With the script as early as possible: a page that never closes a comment or a style sheet would swallow a later one. */
export function withReload(html: string, version: string): string {
  const at = BEGINNING.exec(html)?.[0].length ?? 0;
  return `${html.slice(0, at)}<script data-version="${version}">${SCRIPT}</script>${html.slice(at)}`;
}

/** What the browser shows in place of a page. @param lines the reasons, in anybody's words */
export function noticePage(title: string, lines: readonly string[]): string {
  const text = lines.map(escapeHtml).join("\n");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<pre>${text}</pre>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
