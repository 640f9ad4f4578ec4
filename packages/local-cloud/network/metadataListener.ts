import { spawn } from "node:child_process";
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server } from "node:net";
import { fileURLToPath } from "node:url";
import { inside, METADATA_ADDRESS } from "./plan.ts";

type MetadataHandler = (sourceAddress: string, request: IncomingMessage, response: ServerResponse) => void;

/** Serves the metadata address inside a cloud's namespace from this process; see listenInside.ts. */
export async function serveMetadata(namespace: string, handle: MetadataHandler): Promise<HttpServer> {
  const socket = await socketInside(namespace);
  const server = createServer((request, response) => handle(request.socket.remoteAddress ?? "", request, response));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}

function socketInside(namespace: string): Promise<Server> {
  const script = fileURLToPath(new URL("listenInside.ts", import.meta.url));
  const [program, ...args] = inside(namespace, [process.execPath, script, METADATA_ADDRESS, "80"]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(new Error(`cannot listen on ${METADATA_ADDRESS} in network namespace ${namespace}: ${reason}`));
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`the helper process ended with ${code}`));
    child.once("message", (message: { error?: string }, handle) => {
      if (handle && "listen" in handle) resolve(handle);
      else fail(message.error ?? "no socket came back");
      child.disconnect();
    });
  });
}
