import { isWebUrl } from "./fields.ts";
import { quote } from "./scan.ts";
import type { IniProblem } from "./types.ts";

/** The address of a feed as the file gives it, or the problem with it. */
export function readFeedUrl(written: string, line: number, problems: IniProblem[]): string | undefined {
  const note = (level: IniProblem["level"], code: string, text: string) => problems.push({ line, level, code, text });
  const url = withoutFeedScheme(written);
  if (url !== written) note("warning", "feed-scheme", `${quote(written)} is read as ${quote(url)}`);
  if (!isWebUrl(url)) {
    note("error", "feed-url", `${quote(written)} is not an http or https URL`);
    return undefined;
  }
  const { username, password } = new URL(url);
  if (username || password)
    note("warning", "public-password", "the URL holds a password, and this file is readable by all");
  return url;
}

/** `feed://host/x` and `feed:https://host/x`, as some browsers wrote them. */
function withoutFeedScheme(written: string): string {
  const rest = /^feed:(.*)$/is.exec(written)?.[1];
  if (rest === undefined) return written;
  return rest.startsWith("//") ? `http:${rest}` : rest;
}

/** What counts as the same feed: the URL as browsers normalise it, without a fragment. */
export function normalizeFeedUrl(url: string): string {
  const normalized = new URL(url);
  normalized.hash = "";
  return normalized.href;
}
