import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { markOf } from "../machine/processes.ts";
import { childWorkers } from "./childWorkers.ts";
import type { BalancerWorker } from "./worker.ts";

const ADDRESS = "127.0.0.21";

let worker: BalancerWorker | undefined;
const server = createServer((_request, response) => response.end("here"));
afterEach(() => {
  worker?.end();
  server.close();
  server.closeAllConnections();
});

const text = (port: number): Promise<string> =>
  new Promise((resolve) => {
    get({ host: ADDRESS, port, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve(body));
    }).on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  });

async function becomes(port: number, wanted: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await text(port)) === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`it answers ${await text(port)}`);
}

test("a worker is a process that serves at its own address, as nobody, and leaves nothing", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  worker = childWorkers((line) => lines.push(line)).start("lb", ADDRESS);
  worker.apply({
    listeners: [{ mode: "http", port, instancePort: port }],
    servers: [{ instanceId: "i-1", address: "127.0.0.1", openPorts: [port] }],
    healthCheck: { target: `TCP:${port}`, interval: 5, timeout: 5, unhealthyThreshold: 2, healthyThreshold: 2 },
    ...{ idleTimeout: 20, isCutOff: false, clockFactor: 50 },
  });
  await becomes(port, "here");
  expect(worker.states()).toEqual(new Map([["i-1", "InService"]]));
  const pid = Number(/process (\d+)$/.exec(lines[0] ?? "")?.[1]);
  if (process.getuid?.() === 0) {
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(`/proc/${pid}/status`, "utf8")).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
  }
  worker.end();
  await becomes(port, "ECONNREFUSED");
  expect([worker.hasEnded, markOf(pid)]).toEqual([true, undefined]);
});
