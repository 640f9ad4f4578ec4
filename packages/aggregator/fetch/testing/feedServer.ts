import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request of a test. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on the loopback whose answers the test decides; it writes down what it was asked. */
export interface FeedServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly rawHeaders: readonly string[];
  }[];
  /** What to answer to a path from now on; without a handler it is 404. */
  on(path: string, handler: Handler): void;
  close(): Promise<void>;
}

export async function startFeedServer(): Promise<FeedServer> {
  const handlers = new Map<string, Handler>();
  const requests: FeedServer["requests"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push({ path, headers: request.headers, rawHeaders: request.rawHeaders });
    const handler = handlers.get(path);
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    on: (path, handler) => handlers.set(path, handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A small valid feed with one entry for each title. */
export function rssOf(...titles: string[]): string {
  const items = titles.map(
    (title) =>
      `<item><title>${title}</title><guid isPermaLink="false">${title}</guid><pubDate>Mon, 18 May 2026 10:00:00 GMT</pubDate><description>Text of ${title}</description></item>`,
  );
  return `<rss version="2.0"><channel><title>A feed</title><link>http://blog.test/</link>${items.join("")}</channel></rss>`;
}
