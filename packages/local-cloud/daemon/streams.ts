import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ConsoleTail } from "../machine/consoleTail.ts";
import type { RequestLog } from "../wire/requestLog.ts";

/** Between two looks at a console. */
const LOOK_MS = 250;
/** A client of the request log that lets so much lie is let go. */
const UNREAD_LIMIT_BYTES = 1024 * 1024;

/** Sends a console's end and what is appended, as fast as the client reads, until it goes. */
export async function streamConsole(file: string, response: ServerResponse): Promise<void> {
  const tail = new ConsoleTail(file);
  const gone = new AbortController();
  response.flushHeaders();
  response.once("close", () => gone.abort());
  try {
    while (!gone.signal.aborted) {
      const bytes = tail.next();
      if (bytes.length === 0) await delay(LOOK_MS, undefined, { signal: gone.signal });
      else if (!response.write(bytes)) await once(response, "drain", { signal: gone.signal });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** Sends the remembered requests, a JSON text a line; then those that come, when `follow` is set, until the client goes. */
export function streamRequests(
  requests: Pick<RequestLog, "entries" | "subscribe">,
  follow: boolean,
  response: ServerResponse,
): void {
  const line = (entry: unknown): string => `${JSON.stringify(entry)}\n`;
  response.write(requests.entries.map(line).join(""));
  if (!follow) {
    response.end();
    return;
  }
  const stop = requests.subscribe((entry) => {
    if (response.writableLength > UNREAD_LIMIT_BYTES) response.destroy();
    else response.write(line(entry));
  });
  response.once("close", stop);
}
