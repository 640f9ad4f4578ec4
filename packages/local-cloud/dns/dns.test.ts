import { Resolver } from "node:dns/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { answerTo, type Found } from "./message.ts";
import { type DnsServer, serveDns } from "./server.ts";

const NAMES: Readonly<Record<string, Found>> = {
  "planet-000000000042.lb.cloud.internal": { addresses: ["127.66.0.10"] },
  "example.org": "refused",
};
const find = (name: string): Found => NAMES[name] ?? "no such name";

let server: DnsServer;
const resolver = new Resolver({ timeout: 2_000, tries: 1 });
beforeAll(async () => {
  server = await serveDns("127.0.0.9", find);
  resolver.setServers([server.place]);
});
afterAll(() => server.close());

test("a name leads to its address, in any case, for 60 s", async () => {
  const found = await resolver.resolve4("Planet-000000000042.LB.cloud.internal", { ttl: true });
  expect(found).toEqual([{ address: "127.66.0.10", ttl: 60 }]);
});

test.each([
  ["planet-000000000042.lb.cloud.internal", "AAAA", "ENODATA"],
  ["nope.lb.cloud.internal", "A", "ENOTFOUND"],
  ["example.org", "A", "EREFUSED"],
])("%s %s is %s", async (name, type, code) => {
  await expect(resolver.resolve(name, type)).rejects.toMatchObject({ code });
});

test("what is no question gets no answer, a broken one says so", () => {
  const header = (flags: number, questions: number): Buffer =>
    Buffer.from([1, 2, flags >> 8, flags & 255, 0, questions, 0, 0, 0, 0, 0, 0]);
  expect(answerTo(Buffer.from("x"), find)).toBeUndefined();
  expect(answerTo(header(0x8000, 1), find)).toBeUndefined();
  const broken = [
    header(0, 0),
    Buffer.concat([header(0, 1), Buffer.from([63, 1])]),
    Buffer.concat([header(0, 1), Buffer.from([0xc0, 0])]),
  ];
  for (const message of broken) expect(answerTo(message, find)?.readUInt16BE(2)).toBe(0x8401);
});
