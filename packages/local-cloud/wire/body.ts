import type { IncomingMessage, ServerResponse } from "node:http";
import { PipelineFault } from "./faults.ts";

/** @throws {PipelineFault} when there is more than `limitBytes`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyChunks(request)) {
    size += chunk.length;
    if (size > limitBytes) throw new PipelineFault(400, `HTTP content length exceeded ${limitBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Leaving the loop early must not destroy the request: its socket carries the refusal. */
export function bodyChunks(request: IncomingMessage): AsyncIterable<Buffer> {
  return {
    [Symbol.asyncIterator]() {
      awaitingContinue.get(request)?.writeContinue();
      awaitingContinue.delete(request);
      return request.iterator({ destroyOnReturn: false });
    },
  };
}

const awaitingContinue = new WeakMap<IncomingMessage, ServerResponse>();

/** Its client sends the body when it is told to go on: once somebody wants to read it, not to be refused afterwards. */
export function awaitContinue(request: IncomingMessage, response: ServerResponse): void {
  awaitingContinue.set(request, response);
}

/** Its client went before the body was whole: nobody waits for an answer. */
export function isAbandoned(request: IncomingMessage): boolean {
  return request.destroyed && !request.complete;
}

/** Reads what is left to nowhere: a client that is still sending would miss the answer when the connection closes. */
export function drain(request: IncomingMessage): void {
  request.on("error", () => undefined); // the client may go at any time, nobody waits for this body
  request.resume();
}
