import type { ServerResponse } from "node:http";

/** Streams that are open at once, consoles among them: tabs of one user. */
const MOST_CLIENTS = 16;
/** A client that lets so much lie is let go; it comes again and gets the whole picture. */
const UNREAD_LIMIT_BYTES = 1024 * 1024;
/** Less than what proxies and browsers take for a dead connection. */
const BEAT_MS = 15_000;

/**
 * Clients of server-sent events. A slow one holds nobody: what it has not read is bounded, then its connection ends.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventClients {
  readonly #open = new Set<ServerResponse>();

  get isFull(): boolean {
    return this.#open.size >= MOST_CLIENTS;
  }

  add(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" });
    response.flushHeaders();
    const beat = setInterval(() => response.write(":\n\n"), BEAT_MS);
    beat.unref();
    this.#open.add(response);
    response.once("close", () => {
      clearInterval(beat);
      this.#open.delete(response);
    });
  }
}

/** @param json one line */
export function sendEvent(response: ServerResponse, name: string, json: string): void {
  if (response.writableLength > UNREAD_LIMIT_BYTES) response.destroy();
  else response.write(`event: ${name}\ndata: ${json}\n\n`);
}
