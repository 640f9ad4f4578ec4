import { Agent, createServer as createHttp, get, type Server as HttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { eventually } from "../../testing/testCloud.ts";
import type { ReportedState } from "../types.ts";
import type { WorkerSettings } from "../worker.ts";
import { BalancerProxy } from "./balancerProxy.ts";
import { NO_SERVER } from "./httpFrontend.ts";

/** A server that says its name; each has an address of its own and all have one port, as instances do. */
interface Backend {
  readonly name: string;
  readonly http: HttpServer;
  readonly seen: IncomingMessage[];
  isWell: boolean;
}

let proxy: BalancerProxy;
let states: ReadonlyMap<string, ReportedState>;
let backends: Backend[];
let port: number;
const listening = new Map<number, Server>();

beforeEach(async () => {
  states = new Map();
  proxy = new BalancerProxy({
    listen: (ports) => {
      for (const wanted of ports) {
        if (listening.has(wanted)) continue;
        listening.set(
          wanted,
          createServer({ allowHalfOpen: true }, (socket) => proxy.take(socket, wanted)).listen(0, "127.0.0.1"),
        );
      }
    },
    onStates: (next) => {
      states = next;
    },
  });
  backends = [await startBackend("a", "127.0.0.2", 0)];
  port = portOfServer(backends[0]?.http);
  backends.push(await startBackend("b", "127.0.0.3", port), await startBackend("c", "127.0.0.4", port));
});
afterEach(() => {
  proxy.close();
  for (const server of listening.values()) server.close();
  listening.clear();
  for (const { http } of backends) {
    http.closeAllConnections();
    http.close();
  }
});

function portOfServer(server: Server | undefined): number {
  const address = server?.address() as AddressInfo | null | undefined;
  if (!address) throw new Error("it does not listen");
  return address.port;
}

async function startBackend(name: string, host: string, at: number): Promise<Backend> {
  const seen: IncomingMessage[] = [];
  const http = createHttp((request, response) => {
    if (request.url === "/healthz") response.writeHead(backend.isWell ? 200 : 503).end();
    else {
      seen.push(request);
      response.setHeader("X-Server", name).end(request.method === "HEAD" ? undefined : name);
    }
  });
  const backend: Backend = { name, http, seen, isWell: true };
  await new Promise<void>((resolve) => http.listen(at, host, resolve));
  return backend;
}

function settings(names: string, more: Partial<WorkerSettings> = {}): WorkerSettings {
  const servers = [...names].map((name) => {
    const address = `127.0.0.${2 + "abc".indexOf(name)}`;
    return { instanceId: `i-${name}`, address, openPorts: [port] };
  });
  return {
    listeners: [
      { mode: "http", port: 80, instancePort: port },
      { mode: "tcp", port: 443, instancePort: port },
    ],
    servers,
    healthCheck: {
      target: `HTTP:${port}/healthz`,
      interval: 5,
      timeout: 1,
      unhealthyThreshold: 2,
      healthyThreshold: 2,
    },
    idleTimeout: 20,
    isCutOff: false,
    clockFactor: 50,
    ...more,
  };
}

const portOf = (listener: number): number => portOfServer(listening.get(listener));

/** Until the updater has taken what the checks said. */
async function serving(names: string, more: Partial<WorkerSettings> = {}): Promise<void> {
  proxy.apply(settings(names, more));
  await eventually(() => [...names].every((name) => states.get(`i-${name}`) === "InService"));
  await sleep(100);
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}
function ask(options: object = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: portOf(80), agent: false, ...options }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
    }).on("error", reject);
  });
}
const bodies = async (count: number): Promise<string> => {
  let text = "";
  for (let index = 0; index < count; index += 1) text += (await ask()).body;
  return text;
};

describe("HTTP through a worker, as observed on HAProxy 1.5.18 (habits and bytes; not its speed)", () => {
  test("fresh connections go to the servers strictly in turn", async () => {
    await serving("ab");
    expect(await bodies(6)).toMatch(/^(?:ababab|bababa)$/);
  });

  test("a server learns who asked, and headers keep their spelling", async () => {
    await serving("a");
    const reply = await ask({ path: "/x?y=1", headers: { "X-cUSTOM": "1", Host: "planet.example" } });
    expect(reply.headers["x-server"]).toBe("a");
    const [{ url, rawHeaders = [] } = {}] = backends[0]?.seen ?? [];
    expect(url).toBe("/x?y=1");
    const headers = Object.fromEntries(
      rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]]] : [])),
    );
    expect(headers).toMatchObject({
      ...{ "X-cUSTOM": "1", Host: "planet.example" },
      ...{ "X-Forwarded-Proto": "http", "X-Forwarded-Port": "80", "X-Forwarded-For": "127.0.0.1" },
    });
  });

  test("without a server, the 503 is these bytes and the end, which Node's client refuses", async () => {
    proxy.apply(settings(""));
    await eventually(() => listening.get(80)?.listening === true);
    const text = await new Promise<string>((resolve) => {
      let all = "";
      const socket = connect(portOf(80), "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.setEncoding("utf8").on("data", (part: string) => {
        all += part;
      });
      socket.once("end", () => resolve(all));
    });
    expect(text).toBe(NO_SERVER);
    expect(text).toBe("HTTP/1.1 503 Service Unavailable\nContent-Length: 0\nConnection: close\n");
    await expect(ask()).rejects.toMatchObject({ code: "HPE_CR_EXPECTED" });
  });

  test("a server that refuses costs every second request 3 s and a 503, until the checks have removed it", async () => {
    await serving("ab", {
      healthCheck: { ...settings("").healthCheck, target: `TCP:${port}`, interval: 120 } as never,
    });
    backends[1]?.http.close();
    backends[1]?.http.closeAllConnections();
    const begin = performance.now();
    const replies = await Promise.allSettled([ask(), ask()]);
    expect(replies.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const took = performance.now() - begin;
    expect([took > 2_900, took < 4_500]).toEqual([true, true]);
  });

  test("a connection that was open over a reload gets one more answer, from an old server, and is closed", async () => {
    await serving("a");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask({ agent })).headers.connection).not.toBe("close");
    await serving("b");
    expect(await ask()).toMatchObject({ body: "b" });
    const last = await ask({ agent });
    expect([last.body, last.headers.connection]).toEqual(["a", "close"]);
    expect(await ask({ agent })).toMatchObject({ body: "b" });
    agent.destroy();
  });

  test("fresh connections over many reloads all get their answer", async () => {
    await serving("ab");
    const end = performance.now() + 600;
    let failures = 0;
    const clients = Array.from({ length: 4 }, async () => {
      while (performance.now() < end) await ask().catch(() => (failures += 1));
    });
    for (const names of ["a", "abc", "bc", "b", "ab"]) {
      proxy.apply(settings(names));
      await sleep(100);
    }
    await Promise.all(clients);
    expect(failures).toBe(0);
  });

  test("a connection without a word is closed after the idle timeout", async () => {
    await serving("a", { idleTimeout: 1 });
    const socket = connect(portOf(80), "127.0.0.1");
    const begin = performance.now();
    await new Promise((resolve) => socket.resume().once("close", resolve));
    expect(performance.now() - begin).toBeGreaterThan(900);
  });

  test("a server that takes the connection and never answers is a 504 after the idle timeout", async () => {
    await serving("a", { idleTimeout: 1 });
    backends[0]?.http.removeAllListeners("request");
    backends[0]?.http.on("request", () => {});
    expect((await ask()).status).toBe(504);
  });

  test("a HEAD, and an answer of a megabyte in chunks, pass as they are", async () => {
    await serving("a");
    expect(await ask({ method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    backends[0]?.http.removeAllListeners("request");
    backends[0]?.http.on("request", (_request, response) => {
      response.write("x".repeat(500_000));
      response.end("y".repeat(500_000));
    });
    const reply = await ask();
    expect([reply.body.length, reply.headers["transfer-encoding"], reply.headers.date !== undefined]).toEqual([
      ...[1_000_000, "chunked", true],
    ]);
  });
});

describe("checks", () => {
  test("a server that is not well leaves, and comes back", async () => {
    await serving("ab");
    const [, b] = backends;
    if (b) b.isWell = false;
    await eventually(() => states.get("i-b") === "OutOfService");
    await eventually(async () => (await bodies(3)) === "aaa");
    if (b) b.isWell = true;
    await eventually(() => states.get("i-b") === "InService");
  });

  test("a server whose groups let nobody in is out of service", async () => {
    const closed = settings("a").servers.map((server) => ({ ...server, openPorts: [] }));
    proxy.apply(settings("a", { servers: closed }));
    await eventually(() => states.get("i-a") === "OutOfService");
  });

  test("in a lost network all are out of service", async () => {
    await serving("ab");
    proxy.apply(settings("ab", { isCutOff: true }));
    await eventually(() => [...states.values()].join() === "OutOfService,OutOfService");
  });

  test("another check drops every server until it has succeeded once", async () => {
    await serving("a");
    const check = {
      target: `HTTP:${port}/healthz`,
      interval: 5,
      timeout: 1,
      unhealthyThreshold: 2,
      healthyThreshold: 3,
    };
    backends[0]?.http.removeAllListeners("request");
    backends[0]?.http.on("request", (_request, response) => void setTimeout(() => response.end("late"), 300));
    proxy.apply(settings("a", { healthCheck: check }));
    await sleep(100);
    await expect(ask()).rejects.toMatchObject({ code: "HPE_CR_EXPECTED" });
    await eventually(async () => (await ask().catch(() => undefined))?.body === "late");
  });
});

describe("TCP through a worker", () => {
  test("passes bytes on, to the servers in turn", async () => {
    await serving("ab");
    const replies = [await ask({ port: portOf(443) }), await ask({ port: portOf(443) })];
    expect(replies.map(({ body }) => body).sort()).toEqual(["a", "b"]);
  });

  test("without a server a connection is closed", async () => {
    proxy.apply(settings(""));
    await eventually(() => listening.get(443)?.listening === true);
    await expect(ask({ port: portOf(443) })).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});
