import { createServer, type Server, type Socket } from "node:net";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { addressPolicy } from "./addresses.ts";
import { fetchFeed } from "./fetchFeed.ts";
import { HostGate } from "./hostGate.ts";
import { DEFAULT_LIMITS, httpClient } from "./request.ts";
import { rssOf } from "./testing/feedServer.ts";

const FEED = rssOf("a");
const servers: Server[] = [];
const sockets: Socket[] = [];
const client = httpClient(addressPolicy(["127.0.0.1"]), { ...DEFAULT_LIMITS, firstByteMs: 500 });
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

type Answer = (path: string, socket: Socket, nth: number) => void;

/** A server that writes what a test wants, byte for byte; `nth` counts the requests of one connection. */
async function origin(answer: Answer): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    let nth = 0;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      nth += 1;
      answer(bytes.toString("latin1").split(" ")[1] ?? "", socket, nth);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const fetched = (url: string) =>
  fetchFeed({ url, userAgent: "test/1", timeoutMs: 1_000 }, client.send, new HostGate(0));

/** What is read of an answer that is written as given and then ends. */
async function read(head: readonly string[], body: string | Buffer = FEED, lineEnd = "\r\n") {
  const url = await origin((_path, socket) => {
    socket.write(`${head.join(lineEnd)}${lineEnd}${lineEnd}`, "latin1");
    socket.end(body);
  });
  const { body: bytes, error } = await fetched(url);
  return bytes?.toString() ?? error?.code;
}

describe("servers that browsers and curl understand (proves the reading; not what Node's parser refuses)", () => {
  const OK = "HTTP/1.1 200 OK";

  test("line ends without a carriage return", async () => {
    expect(await read([OK, "Connection: close"], FEED, "\n")).toBe(FEED);
  });

  test("a control character in a value", async () => {
    expect(await read([OK, "X-Note: a\u0001b", "Connection: close"])).toBe(FEED);
  });

  test("a length beside chunks", async () => {
    const chunked = `${FEED.length.toString(16)}\r\n${FEED}\r\n0\r\n\r\n`;
    expect(await read([OK, "Content-Length: 5", "Transfer-Encoding: chunked"], chunked)).toBe(FEED);
  });

  test.each([
    ["none", FEED],
    ["UTF-8", FEED],
    ["aws-chunked", FEED],
    ["utf-8", `\ufeff\n${FEED}`],
    ["gzip", FEED],
    ["", gzipSync(FEED)],
    ["deflate", deflateSync(FEED)],
    ["deflate", deflateRawSync(FEED)],
    ["gzip, gzip", gzipSync(gzipSync(FEED))],
    ["gzip", gzipSync(gzipSync(FEED))],
    ["aws-chunked, gzip", gzipSync(FEED)],
    ["gzip", Buffer.concat([gzipSync(FEED), Buffer.from("\0\0junk")])],
  ])("Content-Encoding %j", async (encoding, body) => {
    expect((await read([OK, `Content-Encoding: ${encoding}`], body))?.replace(/^\ufeff\n/, "")).toBe(FEED);
  });

  test.each([
    ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0])],
    ["gzip", Buffer.from([0x1f, 0x8b, 1, 2, 3])],
    ["deflate", Buffer.alloc(20, 0xff)],
  ])("Content-Encoding %j around something else is an error of its encoding", async (encoding, body) => {
    expect(await read([OK, `Content-Encoding: ${encoding}`], body)).toBe("encoding");
  });

  test.each([
    ["UTF-8", "/блог/straße.xml", "utf8"],
    ["Latin-1", "/straße.xml", "latin1"],
  ] as const)("a place to go to in %s", async (_, place, encoding) => {
    const url = await origin((path, socket) => {
      if (path === encodeURI(place)) return void socket.end(`${OK}\r\nConnection: close\r\n\r\n${FEED}`);
      socket.end(Buffer.from(`HTTP/1.1 301 Moved\r\nLocation: ${place}\r\nContent-Length: 0\r\n\r\n`, encoding));
    });
    expect((await fetched(url)).body?.toString()).toBe(FEED);
  });

  test("a kept connection that the server has closed costs one more request, no failure", async () => {
    const answers: Answer = (_path, socket, nth) => {
      if (nth > 1) socket.resetAndDestroy();
      else socket.write(`${OK}\r\nContent-Length: ${FEED.length}\r\n\r\n${FEED}`);
    };
    const url = await origin(answers);
    const kinds = [];
    for (const path of ["/1", "/2", "/3"]) kinds.push((await fetched(url + path)).kind);
    expect(kinds).toEqual(["document", "document", "document"]);
  });

  test("a server that cuts every connection is asked once", async () => {
    let connections = 0;
    const url = await origin((_path, socket) => {
      connections += 1;
      socket.resetAndDestroy();
    });
    expect([(await fetched(url)).error?.code, connections]).toEqual(["connect", 1]);
  });
});
