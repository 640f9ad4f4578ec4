import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { machineAhead } from "./machineAhead.ts";

let status = 403;
const server = createServer((_request, response) =>
  response.writeHead(status, { date: new Date(Date.now() - 60_000).toUTCString() }).end("x"),
);
let endpoint = "";

beforeEach(async () => {
  status = 403;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test("the difference of the clocks comes from any answer's date, without keys", async () => {
  const ahead = await machineAhead(endpoint, { timeoutMs: 5_000 });
  expect(ahead).toBeGreaterThan(55_000);
  expect(ahead).toBeLessThan(65_000);
});

test("a server without an object storage is not a cloud", async () => {
  status = 404;
  await expect(machineAhead(endpoint, { timeoutMs: 5_000 })).rejects.toMatchObject({ code: "HTTP 404" });
});

test("https where http is spoken is explained in our words", async () => {
  const wrong = endpoint.replace("http:", "https:");
  await expect(machineAhead(wrong, { timeoutMs: 5_000 })).rejects.toMatchObject({
    code: "Unreachable",
    detail: expect.stringMatching(/does not speak TLS/),
    next: expect.stringMatching(/http:\/\/ endpoint/),
  });
});
