import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { type FeedServer, startFeedServer } from "../../fetch/testing/feedServer.ts";
import { buildSite, type SiteReport } from "../buildSite.ts";
import { configOf, NOON, temporaryFolder } from "./sampleSite.ts";

const WILD = new URL("../testdata/wild/", import.meta.url);

/** What a subscriber of atom.xml sees of one entry. */
interface ReadEntry {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly html: string;
  readonly author: string;
  readonly updated: string;
}

/** A planet after one run. */
export interface BuiltPlanet {
  readonly report: SiteReport;
  readonly log: readonly string[];
  /** In the order of the page. */
  readonly entries: readonly ReadEntry[];
  readonly file: (name: string) => Promise<string>;
}

interface RunOptions {
  /** After noon. */
  readonly minutes?: number;
  readonly planetKeys?: string;
  readonly feedKeys?: string;
  /** Of feeds that are not answered with 200. */
  readonly statuses?: Readonly<Record<string, number>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `name:password@` in the feeds' addresses. */
  readonly login?: string;
}

/** A planet whose feeds are files of testdata/wild, served by a real server on the loopback. */
export interface WildPlanet {
  readonly server: FeedServer;
  /** The next run of the same server. Feeds are named by their first key, and may change their file from run to run. */
  run(feeds: Readonly<Record<string, string | Uint8Array>>, options?: RunOptions): Promise<BuiltPlanet>;
  /** A new server: it knows nothing of the runs before. */
  forget(): void;
  close(): Promise<void>;
}

/** A value ending in .xml, .json, .html or .opml is a file of testdata/wild, any other is the document itself. */
export async function startWildPlanet(): Promise<WildPlanet> {
  const server = await startFeedServer();
  const folder = await temporaryFolder();
  let [runs, life] = [0, 0];
  return {
    server,
    async run(feeds, { minutes = 0, planetKeys = "", feedKeys = "", statuses = {}, headers = {}, login = "" } = {}) {
      for (const [name, feed] of Object.entries(feeds)) {
        const body = await bodyOf(feed);
        server.on(`/${name}`, (_request, response) => response.writeHead(statuses[name] ?? 200, headers).end(body));
      }
      runs += 1;
      const out = join(folder.path, `out-${runs}`);
      await mkdir(out);
      const origin = server.origin.replace("//", `//${login}`);
      const sections = Object.keys(feeds).map((name) => `[${origin}/${name}]\nname = ${name}\n${feedKeys}\n`);
      const log: string[] = [];
      const report = await buildSite({
        config: configOf(`[Planet]\nname = Wild\nlink = http://planet.test/\n${planetKeys}\n${sections.join("\n")}`),
        files: new Map(),
        cacheDirectory: join(folder.path, `cache-${life}`),
        outDirectory: out,
        allowHosts: ["127.0.0.0/8"],
        fetchFeeds: true,
        spacingMs: 0,
        now: new Date(NOON.getTime() + minutes * 60_000),
        log: (line) => log.push(line),
      });
      const file = (name: string) => readFile(join(out, name), "utf8");
      return { report, log, entries: entriesOf(await file("atom.xml")), file };
    },
    forget() {
      life += 1;
    },
    async close() {
      await server.close();
      await folder.clean();
    },
  };
}

const bodyOf = async (feed: string | Uint8Array): Promise<string | Uint8Array> =>
  typeof feed === "string" && /^[\w.-]+\.(?:xml|json|html|opml)$/.test(feed) ? readFile(new URL(feed, WILD)) : feed;

function entriesOf(atom: string): ReadEntry[] {
  const list = new Set(["entry", "link", "author"]);
  const options = {
    ignoreAttributes: false,
    parseTagValue: false,
    trimValues: false,
    isArray: (n: string) => list.has(n),
  };
  const { feed } = new XMLParser(options).parse(atom);
  return (feed.entry ?? []).map((entry: Readonly<Record<string, never>>) => read(entry));
}

/** The library's shape: an element with attributes is an object, its text under `#text`. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the library read
function read(entry: Readonly<Record<string, any>>): ReadEntry {
  const text = (value: unknown): string =>
    typeof value === "object" && value !== null ? text((value as { "#text"?: string })["#text"]) : String(value ?? "");
  const unescaped = (value: unknown) => text(value).replace(/&amp;/g, "&");
  return {
    id: text(entry.id),
    title: unescaped(entry.title),
    link: entry.link?.find((each: Record<string, string>) => each["@_rel"] === "alternate")?.["@_href"] ?? "",
    html: text(entry.content),
    author: (entry.author ?? []).map(({ name }: { name: string }) => name).join(", "),
    updated: text(entry.updated),
  };
}
