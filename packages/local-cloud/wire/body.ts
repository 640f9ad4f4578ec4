import type { IncomingMessage } from "node:http";
import { PipelineFault } from "./faults.ts";

/** Milliseconds without the whole body after which the cloud gives up. */
const READ_TIMEOUT_MS = 60_000;

/** @throws {PipelineFault} when there is more than `limitBytes`, or it does not come. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => request.destroy(new PipelineFault(408, "Timeout reading request")), READ_TIMEOUT_MS);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) throw new PipelineFault(400, `HTTP content length exceeded ${limitBytes} bytes.`);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
