import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** HAProxy 1.5 as its worker configures it: `timeout connect 5s`, three retries of the same server, a second after a refusal. */
const CONNECT_MS = 5_000;
const TRIES = 4;
const AFTER_REFUSAL_MS = 1_000;

/** The server did not take a connection, or the balancer is not let in. */
export class NoConnection extends Error {}

export interface ServerPlace {
  readonly address: string;
  readonly port: number;
  /** Whether its security groups let the balancer in; else nothing answers. */
  readonly isOpen: boolean;
}

/**
 * A refusal costs 3 s, a server that does not answer 20 s (observed on HAProxy 1.5.18, 2026-11-28); no other server is tried.
 * @throws {NoConnection}
 */
export async function connectServer({ address, port, isOpen }: ServerPlace): Promise<Socket> {
  for (let tries = 1; ; tries += 1) {
    const begin = performance.now();
    const socket = isOpen ? await tried(address, port) : await delay(CONNECT_MS).then(() => undefined);
    if (socket) return socket;
    if (tries === TRIES) throw new NoConnection(`${address}:${port} does not accept connections`);
    const hasTimedOut = performance.now() - begin >= CONNECT_MS - 1;
    if (!hasTimedOut) await delay(AFTER_REFUSAL_MS);
  }
}

function tried(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => fail(), CONNECT_MS);
    const fail = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(undefined);
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
