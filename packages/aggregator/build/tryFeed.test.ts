import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { tryFeed } from "./tryFeed.ts";

const RSS = `<rss version="2.0"><channel><title>A &lt;b&gt;blog&lt;/b&gt;</title><link>http://x.example/</link><description/>
<item><title>one</title><pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate><guid>1</guid></item></channel></rss>`;

/** Of many entries: whoever reads it is busy for a while. */
const SLOW = RSS.replace(
  "<item>",
  `${"<item><title>x</title><description>&lt;p&gt;y&lt;/p&gt;</description></item>".repeat(6_000)}<item>`,
);

let server: Server;
let port: number;
const hosts: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer(({ url, headers }, response) => {
    hosts.push(headers.host);
    if (url === "/old") response.writeHead(301, { Location: "/feed" }).end();
    else if (url === "/page") response.end("<html><body>no feed</body></html>");
    else if (url === "/gone") response.writeHead(410).end();
    else if (url === "/slow") response.end(SLOW);
    else response.end(RSS);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const attempt = (path: string, over: object = {}) =>
  tryFeed({
    url: `http://127.0.0.1:${port}${path}`,
    userAgent: "test/1.0",
    allowHosts: ["127.0.0.1"],
    timeoutMs: 5_000,
    now: new Date("2026-03-01T00:00:00Z"),
    ...over,
  });

describe("tryFeed", () => {
  test("says what kind of feed it is", async () => {
    const newest = new Date("2026-02-01T10:00:00Z");
    expect(await attempt("/feed")).toMatchObject({
      format: "rss",
      title: "A blog",
      entries: 1,
      newest,
      repaired: false,
    });
  });

  test("reads it in a thread of its own: whoever waits for it can do something else, or give up", async () => {
    const { idle, active } = performance.eventLoopUtilization();
    expect((await attempt("/slow")).entries).toBeGreaterThan(0);
    const after = performance.eventLoopUtilization();
    expect(after.active - active).toBeLessThan(after.idle - idle);
  });

  test("says where a feed has moved to for good", async () => {
    expect((await attempt("/old")).permanentUrl).toBe(`http://127.0.0.1:${port}/feed`);
  });

  test("asks an address of ours under the host's own name", async () => {
    const url = `http://blog.test:${port}/feed`;
    expect((await attempt("/", { url, addressOf: () => "127.0.0.1" })).entries).toBe(1);
    expect(hosts.at(-1)).toBe(`blog.test:${port}`);
  });

  test.each([
    ["/page", {}, "not-feed"],
    ["/gone", {}, "http"],
    ["/feed", { allowHosts: [] }, "blocked-address"],
  ])("%s %j is refused: %s", async (path, over, code) => {
    await expect(attempt(path, over)).rejects.toMatchObject({ code });
  });
});
