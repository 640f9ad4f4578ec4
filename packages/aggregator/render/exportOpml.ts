import type { FeedConfig, PlanetConfig } from "@planet/content";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { element, textElement, xmlDocument } from "./xml.ts";

const SEPARATOR = " / ";

interface Group {
  readonly name: string;
  readonly feeds: FeedConfig[];
  readonly groups: Map<string, Group>;
}

/**
 * The subscriptions as OPML 2.0, in the order of planet.ini, for another program. Feeds with a `group` are inside outlines of
 * that name. Without passwords and e-mail addresses, since such files are handed on.
 */
export function exportOpml(config: PlanetConfig): string {
  const root: Group = { name: "", feeds: [], groups: new Map() };
  for (const feed of config.feeds) groupOf(root, feed).feeds.push(feed);
  const head = [textElement("title", config.name), textElement("ownerName", config.ownerName)];
  const lines = ["", ...outlines(root, ""), ""].join("\n");
  return xmlDocument(
    element("opml", { version: "2.0" }, ["\n", element("head", {}, head), "\n", element("body", {}, lines), "\n"]),
  );
}

function groupOf(root: Group, { values }: FeedConfig): Group {
  let group = root;
  for (const name of (values.get("group") ?? "").split(SEPARATOR).filter(Boolean).slice(0, 8)) {
    const next = group.groups.get(name) ?? { name, feeds: [], groups: new Map() };
    group.groups.set(name, next);
    group = next;
  }
  return group;
}

function outlines({ feeds, groups }: Group, indent: string): string[] {
  const inner = [...groups.values()].map((group) => {
    const lines = ["", ...outlines(group, `${indent}  `), indent].join("\n");
    return indent + element("outline", { text: group.name }, lines);
  });
  return [...feeds.map((feed) => indent + outline(feed)), ...inner];
}

/** A reading list is a list in this list. */
function outline({ url, name, link, readingList }: FeedConfig): string {
  const address = withoutPasswords(url);
  if (readingList) return element("outline", { type: "include", text: name, url: address });
  const htmlUrl = link === undefined ? undefined : withoutPasswords(link);
  return element("outline", { type: "rss", text: name, title: name, xmlUrl: address, htmlUrl });
}
