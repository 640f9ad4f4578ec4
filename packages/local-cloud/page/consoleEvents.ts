import type { ServerResponse } from "node:http";
import { StringDecoder } from "node:string_decoder";
import { ConsoleTail } from "../machine/consoleTail.ts";
import { type EventClients, sendEvent } from "./eventClients.ts";

const LOOK_MS = 250;

/** Sends a console's end and what is appended. @param clean takes out what nobody is to see */
export function sendConsole(
  file: string,
  response: ServerResponse,
  clients: EventClients,
  { headers, clean }: { headers: Readonly<Record<string, string>>; clean: (text: string) => string },
): void {
  const tail = new ConsoleTail(file);
  const decoder = new StringDecoder("utf8");
  const look = (): void => {
    if (response.writableLength > 0) return; // it has not read what it has
    const text = decoder.write(tail.next());
    if (text !== "") sendEvent(response, "console", JSON.stringify(clean(text)));
  };
  clients.add(response, headers);
  look();
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  response.once("close", () => clearInterval(timer));
}
