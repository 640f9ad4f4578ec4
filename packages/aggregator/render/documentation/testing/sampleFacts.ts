import { readPlanetIni } from "@planet/content";
import { monthOf } from "../../../archive/months.ts";
import type { ParsedEntry } from "../../../parse/types.ts";
import { cleanEntry } from "../../../sanitize/cleanEntry.ts";
import { anchorOf } from "../../addresses.ts";
import type { FeedFacts } from "../../feeds.ts";
import { type ChannelFacts, channelModels, pageModel } from "../../model.ts";

const INI = `[Planet]
name = Planet of the Harbour
link = http://planet.example.org/
owner_name = The editors
date_format = %d %B %Y

[https://jane.example/atom.xml]
name = Jane & Son
link = https://jane.example/
face = jane.png
location = Pier 3

[https://bakery.example/rss.xml]
name = Corner Bakery
link = https://bakery.example/
`;

const html = (value: string) => ({ kind: "html", value }) as const;

const ENTRIES: readonly (readonly [channel: number, entry: Partial<ParsedEntry>])[] = [
  [
    0,
    {
      id: "tag:jane.example,2026:fog",
      link: "https://jane.example/fog",
      title: html("Fog, <em>again</em>"),
      content: html('<p onclick="alert(1)">We saw <a href="/nothing">nothing</a>.</p>'),
      published: Date.parse("2026-03-01T12:00:00Z"),
    },
  ],
  [
    1,
    {
      link: "https://bakery.example/rye",
      title: html("Rye is back"),
      content: html("<p>From Monday.</p>"),
      author: "Ben",
      published: Date.parse("2026-02-28T06:30:00Z"),
    },
  ],
];

/** A planet of two entries, as the templates of docs/theme.md see it. All dates of the classic scope are there. */
export function sampleFacts(): FeedFacts {
  const { config } = readPlanetIni(INI);
  if (config === undefined) throw new Error("the sample planet.ini cannot be read");
  const times = ENTRIES.map(([, { published }]) => published);
  const facts = config.feeds.map(
    (feed, index): ChannelFacts => ({
      config: feed,
      link: undefined,
      title: feed.name,
      subtitle: "",
      face: feed.face === undefined ? undefined : { file: `images/${feed.face}`, width: 48, height: 48 },
      message: "",
      state: "ok",
      newest: times[index],
    }),
  );
  const entries = ENTRIES.map(([index, given]) => {
    const parsed: ParsedEntry = { categories: [], enclosures: [], updated: given.published, ...given };
    const feed = config.feeds[index];
    if (feed === undefined) throw new Error("the sample planet.ini has no such feed");
    const channel = { config: feed, index, sourceUrl: feed.url };
    const clean = cleanEntry({ parsed, sourceUrl: feed.url, excerpt: 0 });
    const date = parsed.published;
    const id = `tag:planet.example,2026:${index}`;
    return {
      entry: { channel, parsed, id, recordId: id, date, order: date ?? 0, seen: 0, index, opening: "", alsoIn: [] },
      clean,
    };
  });
  const channels = channelModels(facts, config);
  const links = entries.map(
    ({ entry: { id, order } }) => [id, `archive/${monthOf(order)}.html#${anchorOf(id)}`] as const,
  );
  const archive = { permalinks: new Map(links), archived: entries.length };
  return {
    page: pageModel({ config, channels, entries, ...archive, lastUpdated: times[0], logo: "", texts: [] }),
    ownerEmail: "",
  };
}
