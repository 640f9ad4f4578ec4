import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { addressPolicy } from "./addresses.ts";
import { type Fetched, fetchFeed, type Validators } from "./fetchFeed.ts";
import { HostGate } from "./hostGate.ts";
import { DEFAULT_LIMITS, httpClient } from "./request.ts";
import { type FeedServer, rssOf, startFeedServer } from "./testing/feedServer.ts";

let server: FeedServer;
let client: ReturnType<typeof httpClient> | undefined;
beforeAll(async () => {
  server = await startFeedServer();
});
afterEach(() => client?.close());
afterAll(() => server.close());

interface Options {
  readonly validators?: Validators;
  readonly allow?: readonly string[];
  readonly timeoutMs?: number;
}

function fetched(
  path: string,
  { validators, allow = ["127.0.0.1"], timeoutMs = 10_000 }: Options = {},
): Promise<Fetched> {
  client = httpClient(addressPolicy(allow), {
    ...DEFAULT_LIMITS,
    firstByteMs: 2_000,
    compressedBytes: 50_000,
    decompressedBytes: 100_000,
  });
  const url = path.startsWith("http") ? path : server.origin + path;
  return fetchFeed({ url, userAgent: "test/1", validators, timeoutMs }, client.send, new HostGate(0));
}

const failure = async (path: string, options?: Options) => (await fetched(path, options)).error?.code;

describe("what a server may do", () => {
  test("a document comes with its validators", async () => {
    server.on("/ok", (_request, response) =>
      response.writeHead(200, { ETag: 'W/"1"', "Last-Modified": "x", "Cache-Control": "max-age=60" }).end(rssOf("a")),
    );
    const result = await fetched("/ok");
    expect(result).toMatchObject({
      kind: "document",
      status: 200,
      maxAgeMs: 60_000,
      validators: { url: `${server.origin}/ok`, etag: 'W/"1"', lastModified: "x" },
    });
    expect(result.body?.toString()).toBe(rssOf("a"));
  });

  test("validators go out as they came, in canonical case, and 304 is a success", async () => {
    server.on("/same", (request, response) =>
      response.writeHead(request.headers["if-none-match"] === 'W/"1"' ? 304 : 500).end(),
    );
    const url = `${server.origin}/same`;
    expect(await fetched("/same", { validators: { url, etag: 'W/"1"', lastModified: "yesterday" } })).toMatchObject({
      kind: "unchanged",
      status: 304,
    });
    const last = server.requests[server.requests.length - 1];
    expect(last?.rawHeaders).toEqual(
      expect.arrayContaining(["If-None-Match", "If-Modified-Since", "User-Agent", "Accept-Encoding"]),
    );
  });

  test("validators of another address stay at home", async () => {
    server.on("/moved-validators", (request, response) =>
      response.writeHead(request.headers["if-none-match"] === undefined ? 200 : 304).end("x"),
    );
    const validators = { url: "http://else.test/", etag: '"1"' };
    expect(await fetched("/moved-validators", { validators })).toMatchObject({ kind: "document" });
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("%s is undone", async (encoding, compress) => {
    server.on(`/${encoding}`, (_request, response) =>
      response.writeHead(200, { "Content-Encoding": encoding }).end(compress(Buffer.from(rssOf("a")))),
    );
    expect((await fetched(`/${encoding}`)).body?.toString()).toBe(rssOf("a"));
  });

  test("gzip without its trailer is read as far as it goes", async () => {
    server.on("/cut-gzip", (_request, response) =>
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(Buffer.from(rssOf("a"))).subarray(0, -8)),
    );
    expect((await fetched("/cut-gzip")).body?.toString()).toBe(rssOf("a"));
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("a %s bomb is too big", async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(10_000_000));
    server.on(`/bomb-${encoding}`, (_request, response) =>
      response.writeHead(200, { "Content-Encoding": encoding }).end(bomb),
    );
    expect(await failure(`/bomb-${encoding}`)).toBe("too-big");
  });

  test("a document without end is too big", async () => {
    server.on("/endless", (_request, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(200_000, 97)), 1);
      response.on("close", () => clearInterval(timer));
    });
    expect(await failure("/endless")).toBe("too-big");
  });

  test("dripping bytes do not outwit the clock", async () => {
    server.on("/drip", (_request, response) => {
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await failure("/drip", { timeoutMs: 300 })).toBe("timeout");
  });

  test("a server that never answers is given up", async () => {
    server.on("/stall", () => undefined);
    expect(await failure("/stall", { timeoutMs: 5_000 })).toBe("timeout");
  });

  test("a connection cut in the middle is a failure, not a short feed", async () => {
    server.on("/cut", (_request, response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("<rss>", () => response.destroy());
    });
    expect(await failure("/cut")).toBe("connect");
  });

  test("headers without end are refused", async () => {
    server.on("/headers", (_request, response) => response.writeHead(200, { "X-Long": "x".repeat(70_000) }).end("x"));
    expect(await failure("/headers")).toBe("too-big");
  });

  test("an empty answer is not a feed", async () => {
    server.on("/empty", (_request, response) => response.end());
    expect(await failure("/empty")).toBe("not-feed");
  });

  test.each([404, 410, 500])("%d is a failure with its status", async (status) => {
    server.on(`/status-${status}`, (_request, response) => response.writeHead(status).end());
    expect(await fetched(`/status-${status}`)).toMatchObject({ kind: "failed", status, error: { code: "http" } });
  });

  test("429 says how long to wait", async () => {
    server.on("/busy", (_request, response) => response.writeHead(429, { "Retry-After": "3600" }).end());
    expect(await fetched("/busy")).toMatchObject({ kind: "failed", retryAfterMs: 3_600_000 });
  });
});

describe("redirects", () => {
  const redirect = (from: string, to: string, status = 302) =>
    server.on(from, (_request, response) => response.writeHead(status, { Location: to }).end());

  test("permanent ones in an unbroken chain are remembered", async () => {
    server.on("/target", (_request, response) => response.end(rssOf("a")));
    redirect("/a", "/b", 301);
    redirect("/b", "/target", 308);
    expect(await fetched("/a")).toMatchObject({
      kind: "document",
      permanentUrl: `${server.origin}/target`,
      finalUrl: `${server.origin}/target`,
    });
  });

  test("what follows a temporary one is not", async () => {
    redirect("/c", "/a", 302);
    const result = await fetched("/c");
    expect(result.kind).toBe("document");
    expect(result.permanentUrl).toBeUndefined();
  });

  test("a loop ends", async () => {
    redirect("/loop", "/loop");
    expect(await failure("/loop")).toBe("redirects");
  });

  test.each([
    ["to the metadata service", "http://169.254.169.254/latest/user-data"],
    ["to its IPv6 spelling", "http://[::ffff:a9fe:a9fe]/"],
    ["to another port", "http://127.0.0.1:22/"],
  ])("%s are refused although the network is allowed", async (_claim, target) => {
    redirect("/evil", target);
    expect(await failure("/evil", { allow: ["127.0.0.0/8", "169.254.0.0/16"] })).toBe("blocked-address");
  });

  test("a feed of a reading list has a usual port, or that of its list; also where it redirects to", async () => {
    const own = `${server.origin}/ok`;
    const asked = (url: string, listedIn?: string) => {
      const request = { url, listedIn, userAgent: "t", timeoutMs: 5_000 };
      const client = httpClient(addressPolicy(["127.0.0.0/8"]));
      return fetchFeed(request, client.send, new HostGate()).finally(() => client.close());
    };
    server.on("/ok", (_, response) => response.end(rssOf("a")));
    expect(await asked(own)).toMatchObject({ kind: "document" });
    expect(await asked(own, `${server.origin}/list`)).toMatchObject({ kind: "document" });
    const refused = {
      error: { code: "blocked-address", message: expect.stringContaining("a reading list leads to port") },
    };
    expect(await asked(own, "http://lists.test/all.opml")).toMatchObject(refused);
  });

  test("to a file are refused", async () => {
    redirect("/file", "file:///etc/passwd");
    expect(await failure("/file")).toBe("bad-url");
  });
});

describe("addresses", () => {
  test("a literal is refused unless it is allowed", async () => {
    expect(await failure("/ok", { allow: [] })).toBe("blocked-address");
  });

  test("a name that leads to this machine is refused, also when the name is allowed, and served when its address is", async () => {
    const url = `http://localhost:${server.port}/ok`;
    expect(await failure(url, { allow: [] })).toBe("blocked-address");
    expect(await failure(url, { allow: ["localhost"] })).toBe("blocked-address");
    expect(await failure(url, { allow: ["127.0.0.1", "::1"] })).toBeUndefined();
  });

  test("a name that does not exist is a DNS failure", async () => {
    expect(await failure("http://nowhere.invalid/")).toBe("dns");
  });
});
