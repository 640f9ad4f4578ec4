import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type OpmlFeed, readOpml } from "@planet/aggregator";
import { addFeeds, canStand, type NewFeed, readPlanetIni } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import { codeOf, messageOf } from "@planet/errors";
import { createAction, OperatorError, UsageError } from "../../command.ts";
import { readIni, writeSiteFile } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";
import { nextSteps } from "./nextSteps.ts";

const SIZE_LIMIT_BYTES = 5_242_880;
const URL_LENGTH = 2_000;
const SKIPPED_SHOWN = 10;

/** Adds the feeds of an OPML file that planet.ini does not have yet. Asks nobody whether they answer. */
export const importFeeds = createAction({
  positionals: "<file.opml>",
  options: {},
  async run({ positionals: [path, ...more] }, { checkout, out, err }) {
    if (path === undefined || more.length > 0)
      throw new UsageError({ code: "NOT_ONE_FILE", what: "name one OPML file" });
    const listed = await readList(path);
    const before = readIni(checkout);
    const feeds = listed.map(asFeed);
    const usable = feeds.filter(({ url }) => isUsable(url));
    const skipped = feeds.filter(({ url }) => !isUsable(url));
    for (const line of skippedLines(skipped)) err(visible(`${line}\n`));
    const { bytes: after, added } = addFeeds(before, usable);
    const hidden = added.filter(({ url }) => hasPassword(url));
    for (const { url } of hidden) {
      err(visible(`warning: the URL at ${new URL(url).host} holds a password, and planet.ini is readable by all\n`));
    }
    const counts = `${added.length} added, ${usable.length - added.length} already there, ${skipped.length} skipped`;
    if (added.length > 0) {
      refuseUnread(before, after, added.length);
      writeSiteFile(checkout, "planet.ini", after);
      out(`${visible(unifiedDiff("site/planet.ini", before.toString(), Buffer.from(after).toString()) ?? "")}\n`);
    }
    err(`${counts}\n${added.length > 0 ? nextSteps : "Nothing was changed.\n"}`);
    return 0;
  },
});

async function readList(path: string): Promise<OpmlFeed[]> {
  const stat = statSync(path, { throwIfNoEntry: false });
  const why = stat?.isFile()
    ? `It has ${stat.size} bytes, the limit is ${SIZE_LIMIT_BYTES}.`
    : "There is no such file.";
  if (!stat?.isFile() || stat.size > SIZE_LIMIT_BYTES) throw unreadable(path, why);
  const feeds = await readOpml(await readFile(path)).catch((error: unknown) => {
    if (!["encoding", "parse"].includes(String(codeOf(error)))) throw error;
    throw unreadable(path, `${messageOf(error)}.`);
  });
  if (feeds.length === 0) throw unreadable(path, "It names no feed: an OPML file has outlines with an xmlUrl.");
  return feeds;
}

function unreadable(path: string, why: string): OperatorError {
  const what = visible(`${path} cannot be imported.`);
  return new OperatorError({ code: "OPML_UNUSABLE", what, why: visible(why), next: "Nothing was changed." });
}

/** `feed:` is what browsers once registered for; a space or a bracket would end the header of a section. */
function asFeed({ url: written, name, link, groups }: OpmlFeed): NewFeed {
  const rest = /^feed:(.*)$/is.exec(written)?.[1];
  const address = rest === undefined ? written : rest.startsWith("//") ? `http:${rest}` : rest;
  const url = /[\s\]]/.test(address) && URL.canParse(address) ? new URL(address).href.replaceAll("]", "%5D") : address;
  const values = {
    ...(isUsable(link) && { link }),
    ...(groups.length > 0 && { group: groups.map((group) => group.replaceAll(" / ", "/")).join(" / ") }),
  };
  return { url, ...(name !== "" && { name }), values };
}

const isUsable = (url: string): boolean => url.length <= URL_LENGTH && canStand(url);

function skippedLines(skipped: readonly NewFeed[]): string[] {
  const shown = skipped.slice(0, SKIPPED_SHOWN).map(({ url }) => {
    return `skipped: ${url.slice(0, 200).replace(/\/\/[^/]*@/, "//")} is no http or https URL`;
  });
  return skipped.length > SKIPPED_SHOWN ? [...shown, `skipped: ${skipped.length - SKIPPED_SHOWN} more`] : shown;
}

function hasPassword(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

/** The editor compares with what stands in the file; this one makes sure that the reader sees the feeds, and all the others. */
function refuseUnread(before: Uint8Array, after: Uint8Array, added: number): void {
  const count = (bytes: Uint8Array) => readPlanetIni(bytes).config?.feeds.length ?? 0;
  if (count(after) === count(before) + added) return;
  throw new OperatorError({
    code: "FEEDS_NOT_READ",
    what: `site/planet.ini would not have ${added} feeds more.`,
    why: "It may have 1 MB and 5,000 sections, and no errors that hide a feed.",
    next: "`npx planet feeds check` shows what is wrong. Nothing was changed.",
  });
}
