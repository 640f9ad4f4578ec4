import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AnswerFaultName } from "@planet/local-cloud/testing";
import { FaultProxy } from "./faultProxy.ts";
import { FAULT_NAMES, falsify, isMetOnce } from "./faults.ts";

const CALL = { name: "AssociateAddress", nth: 1 };
const ANSWER = "<AssociateAddressResponse><return>true</return></AssociateAddressResponse>";

let cloud: Server;
let proxy: FaultProxy;
/** What the cloud acted on. */
let acted: IncomingMessage[];

beforeEach(async () => {
  acted = [];
  cloud = createServer((request, response) => {
    acted.push(request);
    response.writeHead(200, { "X-Amz-Request-Id": "7", "Content-Type": "application/xml" }).end(ANSWER);
  });
  await new Promise<void>((resolve) => cloud.listen(0, "127.0.0.1", resolve));
  proxy = await FaultProxy.start();
  proxy.cloud = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
});
afterEach(() => {
  proxy.stop();
  cloud.closeAllConnections();
  cloud.close();
});

async function associate(): Promise<{ status: number; text: string; isWhole: boolean }> {
  const body = "Action=AssociateAddress&Version=2016-11-15";
  const answer = await fetch(`${proxy.endpoint}/services/compute/`, { method: "POST", body });
  let [text, isWhole] = ["", true];
  try {
    for await (const part of answer.body ?? []) text += Buffer.from(part).toString();
  } catch {
    isWhole = false; // its connection broke
  }
  return { status: answer.status, text, isWhole };
}

describe("a proxy without instructions", () => {
  test("passes a call on with the client's own Host, so that its signature stays right", async () => {
    expect(await associate()).toEqual({ status: 200, text: ANSWER, isWhole: true });
    expect(acted[0]?.headers.host).toBe(new URL(proxy.endpoint).host);
  });

  test("counts by name, from 1 again at each beginning", async () => {
    await associate();
    await associate();
    expect(proxy.calls.map(({ name, nth }) => [name, nth])).toEqual([
      ["AssociateAddress", 1],
      ["AssociateAddress", 2],
    ]);
    proxy.begin();
    await associate();
    expect(proxy.calls).toMatchObject([CALL]);
  });
});

describe("a fault", () => {
  test.each<[AnswerFaultName, { isDone: boolean; status?: number; text?: RegExp }]>([
    ["empty-answer", { isDone: true, status: 200, text: /^$/ }],
    ["web-page", { isDone: false, status: 200, text: /<html>/ }],
    ["foreign-xml", { isDone: false, status: 200, text: /<rss/ }],
    ["cut-answer", { isDone: true, status: 200, text: /^<AssociateAddressResponse>[^/]*$/ }],
    ["web-page-404", { isDone: false, status: 404, text: /<html>/ }],
    ["internal-error", { isDone: true, status: 500, text: /<Code>InternalFailure/ }],
    ["web-page-503", { isDone: false, status: 503, text: /<html>/ }],
    ["throttling", { isDone: false, status: 503, text: /<Code>RequestLimitExceeded/ }],
    ["lost-request", { isDone: false }],
    ["lost-answer", { isDone: true }],
  ])("%s is that and nothing else", async (fault, { isDone, status, text }) => {
    proxy.begin(falsify({ call: CALL, fault, isForEver: false }));
    const answer = await associate().catch(() => undefined);
    expect(answer?.status).toBe(status);
    expect(answer?.isWhole ?? false).toBe(status !== undefined && fault !== "cut-answer");
    if (text) expect(answer?.text).toMatch(text);
    expect(acted).toHaveLength(isDone ? 1 : 0);
  });

  test("no-answer means that none comes, although the cloud has acted", async () => {
    proxy.begin(falsify({ call: CALL, fault: "no-answer", isForEver: false }));
    const asked = associate().catch(() => "broken");
    while (acted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.begin();
    expect(await asked).toBe("broken");
  });

  test.each(FAULT_NAMES.filter((name) => !/no-answer|slow|lost|cut/.test(name)))(
    "%s ends after its time, or never",
    async (fault) => {
      for (const [isForEver, last] of [
        [false, 200],
        [true, undefined],
      ] as const) {
        proxy.begin(falsify({ call: CALL, fault, isForEver }));
        const answers = [await associate(), await associate(), await associate()];
        expect(answers.filter(({ text }) => text === ANSWER).length > 0).toBe(last === 200);
        expect(answers[0]?.text).not.toBe(ANSWER);
      }
    },
  );
});

test.each([
  ["empty-answer", 1, true],
  ["empty-answer", 2, false],
  ["throttling", 2, true],
  ["throttling", 3, false],
] as const)("%s for ever that has met %i calls was one that is meant once: %s", (fault, times, isOnce) => {
  const calls = [...Array(times).keys()].map((index) => ({
    ...CALL,
    nth: CALL.nth + index,
    isRead: true,
    service: "ec2" as const,
  }));
  const earlier = { name: CALL.name, nth: CALL.nth - 1, isRead: true, service: "ec2" as const };
  const other = { name: "Other", nth: 9, isRead: true, service: "ec2" as const };
  expect(isMetOnce({ call: CALL, fault }, [earlier, other, ...calls])).toBe(isOnce);
});
