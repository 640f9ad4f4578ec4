import { createHash, X509Certificate } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { httpGet } from "./httpGet.ts";
import { TestAuthority } from "./testing/index.ts";

const LIMITS = { timeoutMs: 5_000, limitBytes: 1_000 };
const names = ["planet.example.org"];
const { key, chain } = new TestAuthority().issue({ names });
let server: Server;
let port: number;

beforeAll(async () => {
  const echo: RequestListener = ({ headers, url, socket }, response) => {
    response.end(JSON.stringify({ host: headers.host, url, name: (socket as { servername?: string }).servername }));
  };
  server = createServer({ key, cert: chain }, echo);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

describe("httpGet at a server's own address", () => {
  test("asks it for the host, and says which certificate it has shown, whoever has signed that", async () => {
    const url = `https://planet.example.org:${port}/status.json`;
    const { status, body, fingerprint } = await httpGet(url, { ...LIMITS, at: "127.0.0.1" });
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      { host: `planet.example.org:${port}`, url: "/status.json", name: "planet.example.org" },
    ]);
    const { raw } = new X509Certificate(chain);
    expect(fingerprint).toBe(createHash("sha256").update(raw).digest("hex"));
  });

  test("without it a certificate of an authority that nobody knows is refused", async () => {
    await expect(httpGet(`https://127.0.0.1:${port}/`, LIMITS)).rejects.toThrow(/certificate/);
  });
});
