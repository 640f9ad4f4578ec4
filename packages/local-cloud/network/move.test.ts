import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Route } from "../machine/driver.ts";
import { createForwarder, type Forwarder } from "./forwarder.ts";

const PUBLIC = "127.66.251.20";
const OLD = "127.66.251.21";
const NEW = "127.66.251.22";
const MOVE_DELAY_MS = 200;

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Says its address; `/slow` takes longer than a move. */
async function instance(address: string, port: number): Promise<number> {
  const server: Server = createServer((request, response) => {
    setTimeout(() => response.end(address), request.url === "/slow" ? MOVE_DELAY_MS * 2 : 0);
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

interface Outcome {
  readonly begin: number;
  readonly end: number;
  /** The address that answered, or the error's code. */
  readonly said: string;
}

/** One request on a connection of its own. */
function ask(port: number, path: string): Promise<Outcome> {
  const begin = performance.now();
  return new Promise((resolve) => {
    const done = (said: string): void => resolve({ begin, end: performance.now(), said });
    get({ host: PUBLIC, port, path, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => done(text)).on("error", () => done("cut"));
    }).on("error", (error) => done("code" in error ? String(error.code) : error.message));
  });
}

/** Moves the address under a steady load and one slow request. */
async function moveUnderLoad(cutOnMove: boolean) {
  const port = await instance(OLD, 0);
  await instance(NEW, port);
  const network: Forwarder = createForwarder({ moveDelayMs: MOVE_DELAY_MS, cutOnMove }, () => {});
  open.push(() => network.close());
  const routeTo = (instanceId: string, privateAddress: string): Route[] => [
    { publicAddress: PUBLIC, instanceId, privateAddress, ports: [{ from: port, to: port, cidrs: ["0.0.0.0/0"] }] },
  ];
  network.apply(routeTo("i-old", OLD));
  await sleep(30);
  const slow = ask(port, "/slow");
  await sleep(30);
  const called = performance.now();
  network.apply(routeTo("i-new", NEW));
  const asked: Promise<Outcome>[] = [];
  while (performance.now() < called + MOVE_DELAY_MS * 2) {
    asked.push(ask(port, "/"));
    await sleep(5);
  }
  return { called, slow: await slow, outcomes: await Promise.all(asked) };
}

describe("a move under load (proves who loses an answer and when the new instance takes over, on loopback)", () => {
  test("by default nobody loses an answer, and the new instance answers after the delay", async () => {
    const { called, slow, outcomes } = await moveUnderLoad(false);
    expect(slow.said).toBe(OLD);
    expect(outcomes.filter(({ said }) => said !== OLD && said !== NEW)).toEqual([]);
    const firstNew = outcomes.find(({ said }) => said === NEW);
    expect((firstNew?.end ?? 0) - called).toBeGreaterThanOrEqual(MOVE_DELAY_MS - 5);
    expect(outcomes.at(-1)?.said).toBe(NEW);
  });

  test("with cutOnMove exactly the requests in flight at the cut fail", async () => {
    const { slow, outcomes } = await moveUnderLoad(true);
    expect(slow.said).toBe("ECONNRESET");
    const cut = slow.end;
    const failed = outcomes.filter(({ said }) => said !== OLD && said !== NEW);
    expect(failed.filter(({ begin, end }) => begin > cut + 5 || end < cut - 5)).toEqual([]); // 5 ms: one event loop for all
    expect(outcomes.filter(({ begin }) => begin > cut + 5).every(({ said }) => said === NEW)).toBe(true);
    expect(outcomes.filter(({ end }) => end < cut - 5).every(({ said }) => said === OLD)).toBe(true);
  });
});
