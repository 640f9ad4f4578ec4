import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { publicReader } from "./index.ts";

let server: Server;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const fault = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
    response.setHeader("x-amz-request-id", "1");
    if (request.url === "/planet/images/a%20b.png") {
      response.writeHead(200, { "Last-Modified": "Thu, 01 Jan 2026 10:00:00 GMT", ETag: '"1"' }).end("png");
    } else if (request.url === "/planet/closed.css") response.writeHead(403).end(fault("AccessDenied"));
    else response.writeHead(404).end(fault("NoSuchKey"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe("publicReader (the client's tests prove that a web page is not an answer)", () => {
  test("separates an object, one that is missing, and one that is not public", async () => {
    const read = publicReader(`${origin}/planet`);
    const modified = new Date("2026-01-01T10:00:00Z");
    expect(await read("images/a b.png")).toEqual({ state: "present", bytes: Buffer.from("png"), modified });
    expect(await read("closed.css")).toEqual({ state: "forbidden" });
    expect(await read("none.css")).toEqual({ state: "missing" });
  });
});
