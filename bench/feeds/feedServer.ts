import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Feeds on the loopback, each on a host of its own, as blogs are: readers take turns by host. */
export interface FeedFarm {
  readonly urls: readonly string[];
  /** So many of the feeds get a new entry. */
  publish(feeds: number): void;
  close(): void;
}

/** Within a day of each other, so that every feed has its part in the page. */
const NEWEST = Date.now();
const WORDS =
  "a planet merges the feeds of many blogs into one page and shows who wrote what and when it was written".split(" ");

export async function startFeedFarm(feeds: number): Promise<FeedFarm> {
  const servers: Server[] = [];
  const urls: string[] = [];
  const bodies: Buffer[] = [];
  let [port, published] = [0, 0];
  for (let index = 0; index < feeds; index += 1) {
    bodies.push(Buffer.from(feedOf(index)));
    const server = createServer((request, response) => answer(request, response, bodies[index] ?? Buffer.of()));
    const host = `127.${1 + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${1 + (index % 250)}`;
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, 64, resolve));
    port ||= (server.address() as AddressInfo).port;
    servers.push(server);
    urls.push(`http://${host}:${port}/feed.xml`);
  }
  return {
    urls,
    publish(feeds) {
      published += 1;
      for (const [index, body] of bodies.slice(0, feeds).entries()) {
        const page = `http://blog-${index}.test/new-${published}`;
        const item = `<item><title>News ${published}</title><link>${page}</link><guid>${page}</guid>
          <pubDate>${new Date().toUTCString()}</pubDate><description>Short.</description></item>`;
        bodies[index] = Buffer.from(body.toString().replace("<item>", `${item}<item>`));
      }
    },
    close() {
      for (const server of servers) server.closeAllConnections();
      for (const server of servers) server.close();
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  response.setHeader("ETag", etag);
  if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
  else response.writeHead(200, { "Content-Type": "application/rss+xml" }).end(body);
}

/** Ten to thirty entries of one to six kilobytes: some 70 KB, the middle of the public planets' feeds. */
function feedOf(index: number): string {
  const random = pseudoRandom(index + 1);
  const items = Array.from({ length: 10 + Math.floor(random() * 20) }, (_, item) => {
    const date = new Date(NEWEST - index * 10_000 - item * 36 * 3_600_000).toUTCString();
    const page = `http://blog-${index}.test/${item}`;
    const paragraphs = Array.from({ length: 2 + Math.floor(random() * 8) }, () => paragraph(random, page)).join("");
    return `<item><title>Entry ${item} of blog ${index}</title><link>${page}</link><guid>${page}</guid>
      <pubDate>${date}</pubDate><category>${WORDS[index % WORDS.length]}</category>
      <description><![CDATA[${paragraphs}]]></description></item>`;
  });
  const home = `http://blog-${index}.test/`;
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Blog ${index}</title><link>${home}</link>
    <description>One of many</description>${items.join("\n")}</channel></rss>`;
}

function paragraph(random: () => number, page: string): string {
  const words = Array.from(
    { length: 60 + Math.floor(random() * 60) },
    () => WORDS[Math.floor(random() * WORDS.length)],
  );
  const picture = random() < 0.2 ? `<img src="${page}/picture.jpg" alt="one" width="640" height="480">` : "";
  return `<p>${words.join(" ")} <a href="${page}#more"><em>more</em></a>.${picture}</p>\n`;
}

/** The same in each run. Mulberry32. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
