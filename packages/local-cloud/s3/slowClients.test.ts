import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type CloudProcess, startCloudProcess } from "../testing/cloudProcess.ts";
import { exchange, type Sent, signedV4 } from "../testing/s3Client.ts";
import { eventually } from "../testing/testCloud.ts";

const SLOW = 60;
const MIB = 1024 * 1024;

let folder: string;
let cloud: CloudProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slow-"));
  cloud = await startCloudProcess(folder);
}, 30_000);
afterAll(async () => {
  await cloud.kill();
  rmSync(folder, { recursive: true });
});

const signed = (method: string, path: string, extra: Partial<Sent> = {}): Sent =>
  signedV4({ method, url: `${cloud.endpoint}/services/objectstorage${path}`, ...extra }, cloud.credentials).signed;

test("clients that send and read slowly hold nobody, and leave nothing when they go", async () => {
  await exchange(signed("PUT", "/bucket"));
  await exchange(signed("PUT", "/bucket/large", { body: "x".repeat(8 * MIB) }));
  const before = readdirSync(join(folder, "objects"));
  const halfHead = headOf(signed("GET", "/bucket")).slice(0, 80);
  const halfBody = `${headOf(signed("PUT", "/bucket/slow", { body: "never sent" }), 50)}never`;
  const unread = headOf(signed("GET", "/bucket/large"));
  const slow = await Promise.all(
    Array.from({ length: SLOW }, (_, index) => stalled([halfHead, halfBody, unread][index % 3] ?? "")),
  );
  await eventually(() => readdirSync(join(folder, "objects")).length === before.length + SLOW / 3);
  for (let key = 0; key < 20; key += 1) {
    expect((await exchange(signed("PUT", `/bucket/quick${key}`, { body: "x" }))).status).toBe(200);
    expect((await exchange(signed("DELETE", `/bucket/quick${key}`))).status).toBe(204);
  }
  for (const socket of slow) socket.destroy();
  await eventually(() => readdirSync(join(folder, "objects")).join() === before.join());
}, 30_000);

function headOf({ method, url, headers = {} }: Sent, length?: number): string {
  const { host, pathname } = new URL(url);
  const given = { ...headers, Host: host, ...(length !== undefined && { "Content-Length": String(length) }) };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Sends this, and then neither sends nor reads. */
function stalled(text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(cloud.endpoint);
    const socket = connect(Number(port), hostname, () => {
      socket.pause();
      socket.write(text, () => resolve(socket));
    });
    socket.on("error", reject);
  });
}
