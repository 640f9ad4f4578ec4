import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startMachinelessCloud } from "@planet/local-cloud/testing";
import { callName } from "./callName.ts";

/** A local cloud without machines; every call to it is noted by the name that the cloud has for it. */
export interface RecordingCloud {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What was called since the last time that this was asked. */
  taken(): string[];
  stop(): Promise<void>;
}

export async function startRecordingCloud(mode: "edge" | "vpc", clockFactor: number): Promise<RecordingCloud> {
  const folder = await mkdtemp(path.join(tmpdir(), "planet-compatibility-"));
  const cloud = await startMachinelessCloud("compatibility", mode, folder, clockFactor);
  const behind = createServer((incoming, response) => cloud.handle(incoming, response));
  const port = await listen(behind);
  let calls: string[] = [];
  const front = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(callName(incoming.method ?? "", incoming.url ?? "", body.toString("utf8")));
      forward(incoming, body, port, response);
    });
  });
  return {
    endpoint: `http://127.0.0.1:${await listen(front)}`,
    credentials: cloud.credentials,
    taken() {
      const taken = calls;
      calls = [];
      return taken;
    },
    async stop() {
      for (const server of [front, behind]) {
        server.closeAllConnections();
        server.close();
      }
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
}

/** As it came, names of headers included: the signature covers them. */
function forward({ method, url, rawHeaders }: IncomingMessage, body: Buffer, port: number, response: ServerResponse) {
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index) =>
    rawHeaders.slice(2 * index, 2 * index + 2),
  );
  request({ host: "127.0.0.1", port, method, path: url, headers: Object.fromEntries(headers), agent: false })
    .on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      answer.pipe(response);
    })
    .on("error", () => response.destroy())
    .end(body);
}
