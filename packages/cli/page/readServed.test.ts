import { createServer, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TestAuthority } from "@planet/content/testing";
import { pageUrl, readServed } from "./readServed.ts";

const { key, chain } = new TestAuthority().issue({ names: ["planet.example.org"] });
const servers: Server[] = [];
let port: number;
let target = "";

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const page = createHttps({ key, cert: chain }, ({ headers }, response) => void response.end(headers.host));
  const httpsPort = await listening(page);
  target = `https://planet.example.org:${httpsPort}/`;
  const plain = createServer(({ url }, response) => {
    if (url === "/status.json") response.end(JSON.stringify({ release: "0a1b2c3d", state: "ok" }));
    else response.writeHead(301, { Location: target }).end();
  });
  port = await listening(plain);
});
afterAll(() => {
  for (const server of servers) server.close();
});

describe("readServed", () => {
  test("a planet is asked by its address, not by its name", () => {
    expect(pageUrl({ address: "192.0.2.9" })).toBe("http://192.0.2.9/");
  });

  test("one that sends on to https is asked there at the same address, whatever its name leads to", async () => {
    const served = await readServed(`http://127.0.0.1:${port}/`);
    expect(served).toMatchObject({ kind: "planet", status: { release: "0a1b2c3d" } });
  });

  test("what sends on to anything else is no planet", async () => {
    target = "https://elsewhere.example/a?b";
    expect(await readServed(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "other", http: 301 });
  });
});
