import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { checkCertificate, newPrivateKey } from "@planet/content";
import { FakeAuthority } from "../testing/fakeAuthority.ts";
import { retryAfterMs } from "./acmeClient.ts";
import { orderCertificate } from "./orderCertificate.ts";
import { send } from "./send.ts";

// Proves the steps and what is said of their failures; that a real authority takes them: tests/certificate.full.engine.test.ts.

const names = ["planet.example.org", "www.planet.example.org"];
const accountKey = newPrivateKey();

function world() {
  const answers = new Map<string, string>();
  const authority = new FakeAuthority(async (_name, token) => answers.get(token));
  const answer = async (token: string, text: string) => void answers.set(token, text);
  const order = (more: { replaces?: string; answer?: typeof answer } = {}) =>
    orderCertificate(
      { directory: authority.directory, contact: "", names, accountKey, replaces: more.replaces },
      { send: authority.send, answer: more.answer ?? answer, pause: async () => undefined },
    );
  return { authority, answers, order };
}
const problem = (status: number, type: string, detail: string, headers = {}) => ({
  ...{ status, headers },
  json: { type: `urn:ietf:params:acme:error:${type}`, detail },
});

test("an order proves each name and ends with a certificate that is good for all of them", async () => {
  const { authority, answers, order } = world();
  const pair = await order();
  expect(checkCertificate({ ...pair, names, now: new Date() })).toEqual([]);
  expect([...answers.values()]).toEqual(
    [...answers.keys()].map((token) => expect.stringMatching(`^${token}\\.[\\w-]{43}$`)),
  );
  expect(authority.orders).toMatchObject([{ names, replaces: undefined }]);
});

test("a renewal says what it replaces, and goes on without that where the authority minds", async () => {
  const { authority, order } = world();
  await order({ replaces: "a.b" });
  expect(authority.orders.at(-1)?.replaces).toBe("a.b");
  const [real, refusal] = [authority.send, problem(409, "alreadyReplaced", "already replaced")];
  const minds: typeof real = async (url, request) => {
    const { payload = "" } = JSON.parse(request.body ?? "{}");
    const isRefused = Buffer.from(payload, "base64url").includes("replaces");
    return isRefused ? { text: "", ...refusal, headers: { "replay-nonce": "n" } } : real(url, request);
  };
  const tools = { send: minds, answer: async () => undefined, pause: async () => undefined };
  authority.look = async (_name, token) => `${token}.x`;
  await orderCertificate({ directory: authority.directory, contact: "", names, accountKey, replaces: "a.b" }, tools);
  expect(authority.orders.at(-1)?.replaces).toBeUndefined();
});

describe("what ends an order is said in words", () => {
  test.each<[string, string, ReturnType<typeof problem> | "down", object]>([
    [
      "is down",
      "/dir",
      "down",
      { code: "ACME_UNREACHABLE", message: expect.stringMatching(/ca\.test is not reachable/) },
    ],
    [
      "fails",
      "/order",
      problem(503, "serverInternal", "down for maintenance"),
      { code: "ACME_UNREACHABLE", message: "ca.test answered http 503: down for maintenance" },
    ],
    [
      "answers with a web page",
      "/dir",
      { status: 200, headers: {}, json: { type: "", detail: "" } },
      { code: "ACME_REFUSED" },
    ],
    [
      "limits the rate",
      "/order",
      problem(429, "rateLimited", "too many certificates (5) already issued", { "retry-after": "3600" }),
      { code: "ACME_RATE_LIMITED", message: expect.stringMatching(/already issued/), retryAt: expect.any(Date) },
    ],
    [
      "refuses the account",
      "/account",
      problem(403, "unauthorized", "evil\nplanet: READY"),
      { code: "ACME_REFUSED", message: "ca.test answered http 403: evil planet: READY" },
    ],
    ["has no nonce", "/nonce", problem(404, "", "gone", { "replay-nonce": undefined }), { code: "ACME_REFUSED" }],
    ["refuses each nonce", "/account", problem(400, "badNonce", "old nonce"), { code: "ACME_REFUSED" }],
  ])("the authority %s", async (_, path, answer, error) => {
    const { authority, order } = world();
    authority.instead.set(path, answer);
    await expect(order()).rejects.toMatchObject(error);
  });

  test("the authority does not find the answer: what it saw", async () => {
    const { order } = world();
    await expect(order({ answer: async () => undefined })).rejects.toMatchObject({
      code: "ACME_CHALLENGE_FAILED",
      message: expect.stringMatching(/could not verify planet\.example\.org: Invalid response from http:.*: 404$/),
    });
  });

  test("the authority offers no challenge by http", async () => {
    const { authority, order } = world();
    const challenges = [{ type: "http-01", token: "../../etc", url: "https://ca.test/x" }];
    authority.instead.set("/authorization/0/0", {
      json: { status: "pending", identifier: { value: "a.test" }, challenges },
    });
    await expect(order()).rejects.toMatchObject({ code: "ACME_REFUSED", message: expect.stringMatching(/a\.test/) });
  });
});

test("a nonce that is refused is replaced by a new one", async () => {
  const { authority, order } = world();
  let left = 2;
  const real = authority.send;
  const send: typeof real = async (url, request) => {
    if (request.method === "POST" && left-- > 0)
      return { text: "", ...problem(400, "badNonce", ""), headers: { "replay-nonce": "m" } };
    return real(url, request);
  };
  Object.assign(authority, { send });
  await expect(order()).resolves.toMatchObject({ chain: expect.stringMatching("BEGIN CERTIFICATE") });
});

test.each([
  ["120", 120_000],
  ["Sun, 29 Nov 2026 18:01:00 GMT", 60_000],
  ["Sun, 29 Nov 2026 17:00:00 GMT", 0],
  ["soon", undefined],
])("Retry-After: %s", (value, expected) => {
  const answer = { status: 429, text: "", json: {}, headers: { "retry-after": value } };
  expect(retryAfterMs(answer, Date.parse("2026-11-29T18:00:00Z"))).toBe(expected);
});

describe("send", () => {
  test("reads an answer of bounded size, and says which host does not answer", async () => {
    const server = createServer((request, response) => {
      response.end(request.url === "/long" ? Buffer.alloc(200_000) : JSON.stringify({ method: request.method }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await send(`${url}/`, { method: "POST", body: "{}" })).toMatchObject({
        status: 200,
        json: { method: "POST" },
      });
      await expect(send(`${url}/long`, { method: "GET" })).rejects.toMatchObject({ code: "ACME_UNREACHABLE" });
    } finally {
      server.close();
    }
    const gone = { code: "ACME_UNREACHABLE", message: expect.stringMatching(/^127\.0\.0\.1:\d+ is not reachable: /) };
    await expect(send(url, { method: "GET" })).rejects.toMatchObject(gone);
    await expect(send("no address", { method: "GET" })).rejects.toMatchObject({ code: "ACME_UNREACHABLE" });
  });
});
