import type { Socket } from "node:net";
import { join } from "../../network/connection.ts";
import type { WorkerListener } from "../worker.ts";
import { connectServer } from "./connectServer.ts";
import type { Generation } from "./generation.ts";

/** Passes one connection on, byte for byte; without a server it is closed. */
export async function passOn(client: Socket, generation: Generation, listener: WorkerListener): Promise<void> {
  client.on("error", () => client.destroy());
  const place = generation.nextServer(listener);
  const server = place && (await connectServer(place).catch(() => undefined));
  if (!server || client.destroyed) {
    server?.destroy();
    client.destroy();
    return;
  }
  const { cut } = join(client, server, () => {});
  for (const side of [client, server]) side.setTimeout(generation.idleMs, cut);
}
