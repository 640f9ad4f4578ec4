import { htmlOfText } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";
import { isoDate } from "./dateFormat.ts";
import { firstWords } from "./firstWords.ts";
import type { ChannelModel, ItemModel, PageModel } from "./types.ts";
import { element, htmlElement, textElement, xmlDocument } from "./xml.ts";

const ATOM = "http://www.w3.org/2005/Atom";
const EPOCH = isoDate(0);

/** What only the feeds say. */
export interface FeedFacts {
  readonly page: PageModel;
  /** In the feeds only, and only when planet.ini says `emails = yes`. */
  readonly ownerEmail: string;
}

/** What an Atom feed is the feed of. */
interface AtomPlace {
  /** Its own address, and that of the page with the same entries: empty for the planet's. */
  readonly feed: string;
  readonly address: string;
  readonly title: string;
}

/**
 * atom.xml and the Atom feeds of other pages (RFC 4287). `updated` is the newest entry's date, not the time of the run, so
 * equal content gives equal bytes.
 */
export function atomFeed({ page, ownerEmail }: FeedFacts, place?: AtomPlace): string {
  const { feed, address, title } = place ?? { feed: "atom.xml", address: "", title: "" };
  const self = absolute(page, feed);
  return xmlDocument(
    element(
      "feed",
      { xmlns: ATOM, "xml:lang": page.language },
      lines([
        textElement("title", title === "" ? page.name : `${title} · ${page.name}`),
        textElement("id", self ?? nameWithoutAddress(page, place)),
        link("self", self ?? relativeSelf(feed), "application/atom+xml"),
        link("alternate", absolute(page, address), "text/html"),
        link("hub", page.hub),
        textElement("updated", newest(page.items) ?? EPOCH),
        element("author", {}, [textElement("name", page.owner_name || page.name), textElement("email", ownerEmail)]),
        textElement("generator", page.generator, { uri: page.generator_uri || undefined }),
        ...page.items.map(atomEntry),
      ]),
    ),
  );
}

/** A planet that does not know its address knows at least the names of its files. */
const relativeSelf = (feed: string): string => feed.split("/").at(-1) ?? feed;

/** Of a planet that does not know its address. */
const nameWithoutAddress = ({ name }: PageModel, place: AtomPlace | undefined): string =>
  `urn:x-planet:${[name, ...(place === undefined ? [] : [place.feed])].map(encodeURIComponent).join(":")}`;

function atomEntry(item: ItemModel): string {
  const { channel } = item;
  const updated = item.updated?.iso ?? item.published?.iso ?? item.date?.iso ?? EPOCH;
  return element(
    "entry",
    { "xml:lang": item.language || undefined },
    lines([
      htmlElement("title", item.title_html || htmlOfText(firstWords(item.summary)), { type: "html" }),
      link("alternate", item.link, "text/html"),
      textElement("id", item.id),
      textElement("published", item.published?.iso),
      textElement("updated", updated),
      ...item.authors.map((name, index) =>
        element("author", {}, [textElement("name", name), index === 0 ? textElement("uri", item.author_uri) : ""]),
      ),
      ...item.categories.map((term) => element("category", { term })),
      ...item.enclosures.map(({ url, type, length }) =>
        element("link", { rel: "enclosure", href: url, type: type || undefined, length: length || undefined }),
      ),
      textElement("rights", item.rights),
      element("content", { type: "html" }, escapeXml(item.content_html)),
      element(
        "source",
        {},
        lines([
          textElement("title", channel.title || channel.name),
          textElement("id", channel.url),
          link("self", channel.url),
          link("alternate", channel.link, "text/html"),
          textElement("updated", channel.last_updated?.iso ?? updated),
        ]),
      ),
    ]),
  );
}

/** rss20.xml; titles are `Name: title`, as planets always wrote them. */
export function rss20Feed({ page, ownerEmail }: FeedFacts): string {
  const self = absolute(page, "rss20.xml");
  const channel = element(
    "channel",
    {},
    lines([
      textElement("title", page.name),
      textElement("link", page.link || "index.html"),
      textElement("description", page.about),
      textElement("language", page.language),
      element("atom:link", { rel: "self", href: self ?? "rss20.xml", type: "application/rss+xml" }),
      textElement("managingEditor", mailbox(ownerEmail, page.owner_name)),
      textElement("generator", page.generator),
      ...page.items.map(rssItem),
    ]),
  );
  const namespaces = { "xmlns:atom": ATOM, "xmlns:dc": "http://purl.org/dc/elements/1.1/" };
  return xmlDocument(element("rss", { version: "2.0", ...namespaces }, ["\n", channel, "\n"]));
}

/** As RSS 2.0 writes people: `mail (Name)`. */
const mailbox = (email: string, name: string) => (email === "" || name === "" ? email : `${email} (${name})`);

function rssItem(item: ItemModel): string {
  return element(
    "item",
    {},
    lines([
      textElement("title", rssTitle(item)),
      textElement("link", item.link),
      textElement("guid", item.id, { isPermaLink: item.id === item.link ? "true" : "false" }),
      textElement("pubDate", item.date?.rfc822),
      textElement("dc:creator", item.author),
      ...item.categories.map((name) => textElement("category", name)),
      ...item.enclosures
        .slice(0, 1)
        .map(({ url, type, length }) =>
          element("enclosure", { url, type: type || "application/octet-stream", length }),
        ),
      textElement("comments", item.comments),
      textElement("source", item.channel.title || item.channel.name, { url: item.channel.url }),
      htmlElement("description", item.content_html || htmlOfText(item.summary)),
    ]),
  );
}

/** rss10.xml: RDF, for old feed readers. */
export function rss10Feed({ page }: FeedFacts): string {
  const about = absolute(page, "rss10.xml") ?? "rss10.xml";
  // Several entries may have one link, and each needs a name of its own here.
  const listed = page.items.map((item) => element("rdf:li", { "rdf:resource": item.id }));
  const channel = element(
    "channel",
    { "rdf:about": about },
    lines([
      textElement("title", page.name),
      textElement("link", page.link || "index.html"),
      element("description", {}, escapeXml(page.name)),
      element("items", {}, element("rdf:Seq", {}, listed)),
    ]),
  );
  const items = page.items.map((item) =>
    element(
      "item",
      { "rdf:about": item.id },
      lines([
        textElement("title", rssTitle(item)),
        textElement("link", item.link || item.id),
        textElement("dc:creator", item.author),
        textElement("dc:date", item.date?.iso),
        htmlElement("content:encoded", item.content_html),
      ]),
    ),
  );
  const namespaces = {
    xmlns: "http://purl.org/rss/1.0/",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
  };
  return xmlDocument(element("rdf:RDF", namespaces, lines([channel, ...items])));
}

/** opml.xml: the subscriptions, to take along into a feed reader. */
export function opmlList(page: PageModel): string {
  const outline = (channel: ChannelModel) =>
    element("outline", {
      type: "rss",
      text: channel.name,
      title: channel.title || channel.name,
      xmlUrl: channel.url,
      htmlUrl: channel.link || undefined,
    });
  return xmlDocument(
    element(
      "opml",
      { version: "2.0" },
      lines([
        element("head", {}, [textElement("title", page.name), textElement("ownerName", page.owner_name)]),
        element("body", {}, lines(page.channels.map(outline))),
      ]),
    ),
  );
}

/** foafroll.xml: the same as a group of people, which planets published before OPML was common. */
export function foafRoll(page: PageModel): string {
  const member = (channel: ChannelModel) => {
    const feed = element("rss:channel", { "rdf:about": channel.url });
    const blog = element("foaf:Document", { "rdf:about": channel.link || channel.url }, [
      textElement("dc:title", channel.title || channel.name),
      element("rdfs:seeAlso", {}, feed),
    ]);
    return element(
      "foaf:member",
      {},
      element("foaf:Agent", {}, [textElement("foaf:name", channel.name), element("foaf:weblog", {}, blog)]),
    );
  };
  const namespaces = {
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xmlns:foaf": "http://xmlns.com/foaf/0.1/",
    "xmlns:rss": "http://purl.org/rss/1.0/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
  };
  const group = element(
    "foaf:Group",
    {},
    lines([
      textElement("foaf:name", page.name),
      element("foaf:homepage", { "rdf:resource": page.link || "index.html" }),
      ...page.channels.map(member),
    ]),
  );
  return xmlDocument(element("rdf:RDF", namespaces, ["\n", group, "\n"]));
}

const lines = (parts: readonly string[]) => ["\n", parts.filter((part) => part !== "").join("\n"), "\n"];

const link = (rel: string, href: string | undefined, type?: string) =>
  href === undefined || href === "" ? "" : element("link", { rel, type, href });

const absolute = (page: PageModel, name: string) => (page.link === "" ? undefined : new URL(name, page.link).href);

const rssTitle = (item: ItemModel) => `${item.channel.name}: ${item.title || firstWords(item.summary) || item.author}`;

function newest(items: readonly ItemModel[]): string | undefined {
  // RFC 3339 in UTC sorts as text.
  return items
    .map((item) => item.updated?.iso ?? item.date?.iso ?? "")
    .filter((iso) => iso !== "")
    .sort()
    .pop();
}
