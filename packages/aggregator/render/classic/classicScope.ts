import { escapeXml } from "../../text/xml.ts";
import type { ChannelModel, ItemModel, Moment, PageModel } from "../types.ts";
import type { Scope, Value } from "./htmlTemplate.ts";

/** The variables of classic templates, by Venus' names. @param file What the template makes: `rss20.xml`. */
export function classicScope(page: PageModel, ownerEmail: string, file: string): Scope {
  return new Map<string, Value>([
    ["name", page.name],
    ["link", page.link],
    ["owner_name", page.owner_name],
    ["owner_email", ownerEmail],
    ["generator", page.generator],
    ["feed", page.feed],
    ["feedtype", "atom"],
    ["url", file],
    ["fullurl", page.link === "" ? file : new URL(file, page.link).href],
    ["pubsubhubbub_hub", page.hub],
    ...dates("date", page.last_updated),
    ["items", itemScopes(page.items, page)],
    ["channels", page.channels.map(channelScope)],
  ]);
}

/** `new_date` and `new_channel` are there only where they changed; a new day names the channel again. */
function itemScopes(items: readonly ItemModel[], page: PageModel): Scope[] {
  const dayText = new Map(page.days.map(({ iso, text }) => [iso, text]));
  return items.map((item, index) => {
    const before = items[index - 1];
    const newDay = before?.day !== item.day;
    const newChannel = newDay || before?.channel !== item.channel;
    return new Map<string, Value>([
      ...prefixed("channel_", channelScope(item.channel)),
      ["id", item.id],
      ["title", item.title_html],
      ["title_plain", item.title],
      ["link", item.link],
      ["content", item.content_html],
      ["summary", escapeXml(item.summary)],
      ["author", item.author],
      ["author_name", item.author],
      ["creator", item.author],
      ["category", item.categories.join(", ")],
      ["comments", item.comments],
      ["author_uri", item.author_uri],
      ...dates("date", item.date),
      ...dates("published", item.published),
      ...dates("updated", item.updated),
      ["new_date", newDay ? (dayText.get(item.day) ?? "") : ""],
      ["new_channel", newChannel ? item.channel.url : ""],
      ["title_language", item.language],
      ["content_language", item.language],
      ["summary_language", item.language],
      ["enclosure_href", item.enclosures[0]?.url ?? ""],
      ["enclosure_type", item.enclosures[0]?.type ?? ""],
      ["enclosure_length", String(item.enclosures[0]?.length ?? "")],
      ["rights", item.rights],
      ["guid_ispermalink", item.id === item.link ? "true" : "false"],
    ]);
  });
}

function channelScope(channel: ChannelModel): Scope {
  return new Map<string, Value>([
    // Free keys of planet.ini are plain text and must not take the names that are printed as HTML.
    ...Object.entries(channel.values).filter(([key]) => key !== "content" && key !== "summary"),
    ["name", channel.name],
    ["title", escapeXml(channel.title)],
    ["title_plain", channel.title],
    ["subtitle", channel.subtitle],
    ["link", channel.link],
    ["url", channel.url],
    ["uri", channel.url],
    ["id", channel.url],
    ["message", channel.message],
    // Old templates write images/<face> themselves.
    ["face", channel.face.replace(/^images\//, "")],
    ["facewidth", channel.face === "" ? "" : String(channel.face_width)],
    ["faceheight", channel.face === "" ? "" : String(channel.face_height)],
    ...dates("last_updated", channel.last_updated),
  ]);
}

function dates(name: string, moment: Moment | null): [string, Value][] {
  if (moment === null) return [];
  return [
    [name, moment.text],
    [`${name}_iso`, moment.iso],
    [`${name}_822`, moment.rfc822],
  ];
}

function prefixed(prefix: string, scope: Scope): [string, Value][] {
  return [...scope].map(([key, value]) => [`${prefix}${key}`, value]);
}
