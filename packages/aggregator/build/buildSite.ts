import { type FeedConfig, type PlanetConfig, sameCategory } from "@planet/content";
import { ArchiveStore } from "../archive/archiveStore.ts";
import { feedArchive } from "../archive/feedArchive.ts";
import { permalinksOf, sortedMonths } from "../archive/parts.ts";
import { collectEntries } from "../entry/collect.ts";
import type { Channel, Entry } from "../entry/types.ts";
import { inOrder, selectWindow } from "../entry/window.ts";
import type { RememberedFeed } from "../memory/feedObject.ts";
import { isEntryForgotten, isFeedForgotten } from "../memory/forgotten.ts";
import type { Memory } from "../memory/memory.ts";
import { faceOf } from "../render/faces.ts";
import { TemplateError } from "../render/liquid.ts";
import { logoOf } from "../render/logo.ts";
import { type ChannelFacts, channelModels, pageModel } from "../render/model.ts";
import { type RenderPage, siteFiles } from "../render/siteFiles.ts";
import { textModels } from "../render/texts.ts";
import { titleText } from "../sanitize/titles.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { archivedFeeds, placesOf } from "./archivedFeeds.ts";
import { cleanTexts } from "./cleanTexts.ts";
import { withTexts } from "./entryTexts.ts";
import { type FeedReport, isWorthShowing, messageOf, reportOf } from "./feedHealth.ts";
import { type FeedRecord, FeedRecords, withoutTexts } from "./feedRecord.ts";
import { archivePages } from "./pages/archivePages.ts";
import { categoryPages } from "./pages/categoryPages.ts";
import { feedPages } from "./pages/feedPages.ts";
import { PageMaker } from "./pages/pageMaker.ts";
import { textPages, tryTexts } from "./pages/textPages.ts";
import { writePages } from "./pages/writePages.ts";
import { readingLists, withReadingLists } from "./readingLists.ts";
import { type FetchHooks, refreshFeeds } from "./refreshFeeds.ts";
import { ReaderPool } from "./worker/readerPool.ts";
import { SiteWriter } from "./writeSite.ts";

/** What to build, from what, and where to. */
export interface SiteRequest extends FetchHooks {
  readonly config: PlanetConfig;
  /** The content in effect, by published name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Last good copies, one file per feed. */
  readonly cacheDirectory: string;
  /** An empty folder to fill. */
  readonly outDirectory: string;
  /** What is served now: equal bytes keep their time. */
  readonly previousDirectory?: string | undefined;
  /** Host names, `*.suffix` or CIDRs that may be private. */
  readonly allowHosts: readonly string[];
  /** False: a trial from the cache alone. */
  readonly fetchFeeds: boolean;
  /** Between two new connections to one host; a test whose feeds are all on one host asks faster than is polite. */
  readonly spacingMs?: number | undefined;
  /** True: only what the content's own files decide, without the pages that the built-in theme draws of each feed. */
  readonly contentOnly?: boolean;
  /** So many months are archived, the present one included; 0, or absent: all. */
  readonly archiveMonths?: number | undefined;
  /** Feeds and entries that are to be forgotten: archive/keys.ts. */
  readonly forgotten?: ReadonlySet<string> | undefined;
  /** What servers before this one knew, and where this one leaves what it knows; absent: nowhere. */
  readonly memory?: Pick<Memory, "isFollowing" | "isMissed" | "recall" | "recallArchive" | "remember"> | undefined;
  readonly now: Date;
  readonly log: (line: string) => void;
}

/** The result of a build. */
export interface SiteReport {
  readonly feeds: FeedReport[];
  /** Entries on the page. */
  readonly entries: number;
  /** Whether any file differs from `previousDirectory`. */
  readonly changed: boolean;
  readonly warnings: string[];
}

/**
 * Fetches what is due and writes the whole site. A feed that fails costs only itself: its last good entries stay.
 * @throws {TemplateError} when a template of the content cannot be used; nothing is to be published then.
 */
export async function buildSite(request: SiteRequest): Promise<SiteReport> {
  const now = request.now.getTime();
  const records = new FeedRecords(request.cacheDirectory);
  const readers = new ReaderPool();
  const obtain = async (config: PlanetConfig): Promise<Obtained> => {
    const categories = new Set(config.categories.map(sameCategory));
    const load = ({ url }: FeedConfig) => withoutTexts(records.load(url), categories);
    const known = config.feeds.map(load);
    if (!request.fetchFeeds) return { config, current: known };
    const onlyUnknown = request.memory?.isFollowing === true;
    const isWanted = ({ url }: FeedConfig, index: number) =>
      onlyUnknown || known[index]?.lastTry === undefined || request.memory?.isMissed(url) === true;
    const wanted = config.feeds.filter(isWanted);
    await request.memory?.recall({ ...config, feeds: wanted }, { records, readers });
    for (const feed of wanted) known[config.feeds.indexOf(feed)] = load(feed);
    return { config, current: await refreshFeeds({ ...request, config, records, readers, now, onlyUnknown }, known) };
  };
  try {
    const lists = await obtain(readingLists(request.config));
    const obtained = await obtain(withReadingLists(request.config, lists.current));
    if (request.fetchFeeds) await request.memory?.recallArchive(request.cacheDirectory, readers);
    return await publish({ ...request, config: obtained.config }, obtained, lists, { records, readers });
  } finally {
    await readers.close();
  }
}

/** Where texts are, and who reads them. */
interface Sources {
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
}

/** Feeds with what is known of them now, without texts. */
interface Obtained {
  readonly config: PlanetConfig;
  readonly current: readonly FeedRecord[];
}

async function publish(
  request: SiteRequest,
  obtained: Obtained,
  lists: Obtained,
  sources: Sources,
): Promise<SiteReport> {
  const { config } = request;
  const { current } = obtained;
  const now = request.now.getTime();
  const warnings = skippedSubscriptions(lists);
  const all = channelsOf(config, current, now);
  const undecided = new Set(all.filter(({ feed }) => feed === undefined));
  const collected = await collectAll(all, { ...sources, ...request }, now, { warnings, undecided });
  request.memory?.remember([
    ...lists.config.feeds.map((_, index) => remembered(lists, index, [], true)),
    ...all.map((channel, index) => remembered(obtained, index, collected[index] ?? [], !undecided.has(channel))),
  ]);
  const cleaning = { directory: request.cacheDirectory, isTrial: !request.fetchFeeds };
  const sorted = inOrder(collected.flat());
  const archive = await ArchiveStore.open(request.cacheDirectory, request.forgotten);
  if (request.contentOnly !== true) {
    const feeds = archivedFeeds({ configs: config.feeds, current, collected }, sorted, { ...sources, now });
    await feedArchive(archive, feeds, { archiveMonths: request.archiveMonths ?? 0, now });
  }
  const sortedMonth = sortedMonths(archive, placesOf(config));
  const permalinks = await permalinksOf(sorted, archive.months, sortedMonth);
  const window = withTexts(selectWindow(sorted, config), sources.records, now);
  const shown = await cleanTexts(window, sources.readers, cleaning);
  const newest = collected.map(newestDate);
  const channels = channelModels(channelFacts(request, current, newest, warnings), config);
  const page = pageModel({
    config,
    channels,
    permalinks,
    entries: shown,
    archived: [...archive.months.values()].reduce((sum, { count }) => sum + count, 0),
    lastUpdated: latest(current.map(({ changedAt }) => changedAt)),
    logo: logoOf(request.files),
    texts: textModels(request.files),
  });
  const ownerEmail = config.values.get("emails") === "yes" ? config.ownerEmail : "";
  const files = await siteFiles({ page, ownerEmail }, request.files, renderIn(sources.readers));
  const { previousDirectory } = request;
  const writer = new SiteWriter({ ...request, previousDirectory });
  for (const [name, bytes] of files) writer.write(name, bytes);
  if (request.contentOnly === true) await tryTexts(request.files, sources.readers);
  else {
    const entries = { collected, sorted, archive, sortedMonth, permalinks };
    const maker = new PageMaker({ ...sources, ...entries, config, front: page, channels, current, ownerEmail, now });
    await writePages(
      [textPages(maker, request.files), archivePages(maker), feedPages(maker), categoryPages(maker)],
      writer,
      previousDirectory,
    );
  }
  const facts = channels.map(({ page: address }, index) => ({ page: address, newest: newest[index] }));
  const feeds = [...reports(lists, [], now), ...reports(obtained, facts, now)];
  return { feeds, entries: shown.length, changed: writer.changed, warnings: warnings.map(withoutPasswords) };
}

/** A template that takes too long is a template that cannot be used, by its name. */
const renderIn =
  (readers: ReaderPool): RenderPage =>
  async (page) => {
    const rendered = await readers.run<"render">({ kind: "render", page }).catch((error: unknown) => {
      throw new TemplateError(page.template, "takes too long or too much memory to render", { cause: error });
    });
    if (typeof rendered !== "string") throw new TemplateError(rendered.template, rendered.problem);
    return rendered;
  };

function skippedSubscriptions({ current }: Obtained): string[] {
  return current.flatMap(({ url, feed }) => {
    const count = feed?.skipped ?? 0;
    return count === 0 ? [] : [`${url}: ${count} subscriptions left out (no http address, or too many)`];
  });
}

function reports(
  { config, current }: Obtained,
  facts: readonly { readonly page: string; readonly newest: number | undefined }[],
  now: number,
): FeedReport[] {
  return config.feeds.map((feed, index) => {
    const record = current[index] as FeedRecord;
    return reportOf({ feed, record, newest: facts[index]?.newest, page: facts[index]?.page, config, now });
  });
}

function channelsOf(config: PlanetConfig, records: readonly FeedRecord[], now: number): Channel[] {
  return config.feeds.map((feed, index) => {
    const record = records[index] as FeedRecord;
    return {
      config: feed,
      index,
      feed: isWorthShowing(record, feed, now) ? record.feed : undefined,
      sourceUrl: record.sourceUrl,
    };
  });
}

/** What the memory may store of a feed. */
function remembered(
  { config, current }: Obtained,
  index: number,
  entries: readonly Entry[],
  isJudged: boolean,
): RememberedFeed {
  const [feed, record] = [config.feeds[index] as FeedConfig, current[index] as FeedRecord];
  const shown = new Set(entries.map(({ recordId }) => recordId));
  return { config: feed, keep: config.itemsPerPage + feed.cacheKeepEntries, record, shown, isJudged };
}

/** What is found out beside the entries: feeds are undecided while nobody knows which of theirs may be shown. */
interface Findings {
  readonly warnings: string[];
  readonly undecided: Set<Channel>;
}

/** The entries of every feed, `filter` and `exclude` applied, without what is to be forgotten. */
async function collectAll(
  channels: readonly Channel[],
  { records, readers, forgotten = new Set() }: Sources & Pick<SiteRequest, "forgotten">,
  now: number,
  { warnings, undecided }: Findings,
): Promise<Entry[][]> {
  const collected: Entry[][] = [];
  for (const channel of channels) {
    const isForgotten = isFeedForgotten(forgotten, channel.config.url);
    const entries = isForgotten
      ? []
      : collectEntries(channel, now).filter(({ id, parsed }) => !isEntryForgotten(forgotten, id, parsed));
    const { filter, exclude } = channel.config;
    collected.push(entries);
    if ((filter === undefined && exclude === undefined) || entries.length === 0) continue;
    const texts = withTexts(entries, records, now).map(({ parsed }) => parsed);
    // A pattern that does not end shows nothing, rather than what it should have held back.
    const keep = await readers.run<"match">({ kind: "match", rules: { filter, exclude, entries: texts } }).catch(() => {
      warnings.push(`${channel.config.name}: filter or exclude does not come to an end, its entries are held back`);
      undecided.add(channel);
      return [];
    });
    collected[collected.length - 1] = entries.filter((_entry, index) => keep[index] === true);
  }
  return collected;
}

function channelFacts(
  request: SiteRequest,
  records: readonly FeedRecord[],
  newest: readonly (number | undefined)[],
  warnings: string[],
): ChannelFacts[] {
  return request.config.feeds.map((config, index) => {
    const record = records[index] as FeedRecord;
    const face = faceOf(config, request.files);
    if (typeof face === "string") warnings.push(face);
    if (record.doubtful === true)
      warnings.push(`${config.name}: parts of the feed are not valid ${record.encoding ?? "text"}`);
    return {
      config,
      link: record.feed?.link,
      title: titleText(record.feed?.title),
      subtitle: titleText(record.feed?.subtitle),
      face: typeof face === "string" ? undefined : face,
      newest: newest[index],
      ...messageOf(record, newest[index], request.config, request.now.getTime()),
    };
  });
}

function newestDate(entries: readonly Entry[]): number | undefined {
  // A date in the future says nothing about how active a feed is.
  return latest(entries.map(({ date, order }) => (date === undefined || date <= order ? date : undefined)));
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce(
    (best, time) => (time !== undefined && (best === undefined || time > best) ? time : best),
    undefined,
  );
}
