import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Route } from "../machine/driver.ts";
import { eventually } from "../testing/testCloud.ts";
import { createForwarder, type Forwarder } from "./forwarder.ts";

const PUBLIC = "127.66.251.10";
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A stand-in for an instance: says its name and then everything it hears. Listens on its own loopback address. */
async function instance(address: string, port: number, answer?: (socket: Socket) => void): Promise<void> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    if (answer) answer(socket);
    else socket.write(`${address}\n`);
    if (!answer) socket.pipe(socket);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  open.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.66.251.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<unknown>((resolve) => server.close(resolve));
  return port;
}

function forwarder(settings: { moveDelayMs?: number; cutOnMove?: boolean } = {}, log: string[] = []): Forwarder {
  const made = createForwarder({ moveDelayMs: 0, cutOnMove: false, ...settings }, (line) => log.push(line));
  open.push(() => made.close());
  return made;
}

const route = (instanceId: string, privateAddress: string, port: number, cidrs = ["0.0.0.0/0"]): Route => ({
  publicAddress: PUBLIC,
  instanceId,
  privateAddress,
  ports: [{ from: port, to: port, cidrs }],
});

/** First bytes that come, or the error's code. */
function firstWords(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, PUBLIC);
    socket.once("data", (data) => {
      resolve(data.toString().trim());
      socket.destroy();
    });
    socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    socket.once("close", () => resolve("closed"));
  });
}

describe("forwarder (proves TCP behaviour on loopback; not the namespace, not nft)", () => {
  test("forwards an open port to the instance", async () => {
    const port = await freePort();
    await instance("127.66.251.2", port);
    forwarder().apply([route("i-a", "127.66.251.2", port)]);
    await sleep(30);
    expect(await firstWords(port)).toBe("127.66.251.2");
  });

  test("refuses a port that is closed again, an address that is taken away, and a source outside the rule", async () => {
    const port = await freePort();
    await instance("127.66.251.2", port);
    const network = forwarder();
    network.apply([route("i-a", "127.66.251.2", port, ["203.0.113.0/24"])]);
    await sleep(30);
    expect(await firstWords(port)).toBe("ECONNRESET");
    network.apply([route("i-a", "127.66.251.2", port + 1)]);
    await sleep(30);
    expect(await firstWords(port)).toBe("ECONNREFUSED");
    network.apply([]);
    await sleep(30);
    expect(await firstWords(port + 1)).toBe("ECONNREFUSED");
  });

  test("leads to the old instance until the move delay is over", async () => {
    const port = await freePort();
    await instance("127.66.251.2", port);
    await instance("127.66.251.3", port);
    const network = forwarder({ moveDelayMs: 2_000 });
    network.apply([route("i-a", "127.66.251.2", port)]);
    network.apply([route("i-b", "127.66.251.3", port)]);
    expect(await firstWords(port)).toBe("127.66.251.2");
    while ((await firstWords(port)) === "127.66.251.2") await sleep(100);
    expect(await firstWords(port)).toBe("127.66.251.3");
  });

  test.each([
    { cutOnMove: false, claim: "keeps open connections over a move", words: "127.66.251.2\nstill here" },
    { cutOnMove: true, claim: "resets open connections at a move if asked to", words: "ECONNRESET" },
  ])("$claim", async ({ cutOnMove, words }) => {
    const port = await freePort();
    await instance("127.66.251.2", port);
    await instance("127.66.251.3", port);
    const network = forwarder({ cutOnMove });
    network.apply([route("i-a", "127.66.251.2", port)]);
    await sleep(30);
    const socket = connect(port, PUBLIC);
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    socket.on("error", (error) => {
      heard = "code" in error ? String(error.code) : error.message;
    });
    await eventually(() => heard === "127.66.251.2\n");
    network.apply([route("i-b", "127.66.251.3", port)]);
    await sleep(30);
    socket.write("still here");
    await eventually(() => heard === words);
    socket.destroy();
  });

  test("passes on the end of one direction alone", async () => {
    const port = await freePort();
    await instance("127.66.251.2", port, (socket) => {
      let asked = "";
      socket.on("data", (data) => {
        asked += data.toString();
      });
      socket.on("end", () => socket.end(`heard ${asked}`));
    });
    forwarder().apply([route("i-a", "127.66.251.2", port)]);
    await sleep(30);
    const socket = connect({ port, host: PUBLIC, allowHalfOpen: true });
    socket.end("question");
    let answer = "";
    for await (const data of socket) answer += String(data);
    expect(answer).toBe("heard question");
  });

  test.each([
    { claim: "resets the client when the instance refuses", answer: undefined },
    { claim: "resets the client when the instance resets", answer: (socket: Socket) => void socket.resetAndDestroy() },
  ])("$claim", async ({ answer }) => {
    const port = await freePort();
    if (answer) await instance("127.66.251.2", port, answer);
    forwarder().apply([route("i-a", "127.66.251.2", port)]);
    await sleep(30);
    expect(await firstWords(port)).toBe("ECONNRESET");
  });

  test("says which ports of a large range it leaves out", async () => {
    const log: string[] = [];
    forwarder({}, log).apply([
      { ...route("i-a", "127.66.251.2", 1), ports: [{ from: 9000, to: 9999, cidrs: ["0.0.0.0/0"] }] },
    ]);
    expect(log).toEqual([expect.stringContaining("9000-9999 only none are forwarded")]);
  });
});
