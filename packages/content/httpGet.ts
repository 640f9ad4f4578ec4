import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

export interface HttpLimits {
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

/** As much as any page of a planet needs; whoever has its address now may send without end. */
export const PAGE_LIMIT_BYTES = 2_000_000;

/**
 * One GET on a connection of its own, so that an address that has just moved is really asked; no redirects, no proxy.
 * @throws {Error} when the whole answer does not arrive in time.
 */
export function httpGet(url: string | URL, { timeoutMs, limitBytes }: HttpLimits): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const open = String(url).startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const request = open(url, { agent: false, signal, headers: { Connection: "close" } }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > limitBytes) request.destroy(new Error(`the answer is larger than ${limitBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headers: response.headers });
      });
    });
    request.on("error", fail);
    request.end();
  });
}
