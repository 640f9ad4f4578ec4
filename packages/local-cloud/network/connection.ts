import { connect, type Socket } from "node:net";

/** How long a target may take to accept; a machine that is gone does not answer at all. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Detects a peer whose machine was ended and which no longer sends anything. */
const KEEP_ALIVE_MS = 15_000;

/** A forwarded connection, both sides. */
export interface Connection {
  /** Resets both sides. */
  cut(): void;
}

/** Connects to the target and joins both; a target that does not accept in time is a reset of the client. */
export function forward(client: Socket, target: { host: string; port: number }, onEnd: () => void): Connection {
  const server = connect({ ...target, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  const { cut } = join(client, server, onEnd);
  const timer = setTimeout(cut, CONNECT_TIMEOUT_MS);
  for (const event of ["connect", "close"]) server.once(event, () => clearTimeout(timer));
  return { cut };
}

/**
 * Joins two connections as a router would: an end of one direction ends that direction only, a reset or refusal on
 * one side is a reset on the other, never an orderly end, which the peer could take for the end of a whole answer.
 */
export function join(client: Socket, server: Socket, onEnd: () => void): Connection {
  const cut = (): void => {
    reset(client);
    reset(server);
  };
  for (const side of [client, server]) {
    side.setNoDelay(true);
    side.on("error", cut);
    side.on("close", (failed) => {
      if (failed || !(client.readableEnded && server.readableEnded)) cut();
      if (client.destroyed && server.destroyed) onEnd();
    });
  }
  client.pipe(server).pipe(client);
  return { cut };
}

/**
 * Node loses the handle of a socket that cannot be reset, and then waits for it forever when the process ends: one that is not yet
 * connected, or is already being shut down (libuv: `uv_tcp_close_reset` is EINVAL during a shutdown).
 */
function reset(socket: Socket): void {
  const isEnding = socket.writableEnded && !socket.writableFinished;
  if (socket.connecting || isEnding) socket.destroy();
  else socket.resetAndDestroy();
}
