import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** `x-amz-request-id`, which every answer of the object storage has; "" in those of anything else. */
  readonly storageRequest: string;
  /** `Last-Modified`, when the server sends a date that can be read. */
  readonly modified: Date | undefined;
}

export interface HttpLimits {
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

/**
 * One GET on a connection of its own, so that an address that has just moved is really asked; no redirects, no proxy.
 * @throws {Error} when there is no whole answer in time.
 */
export function httpGet(url: string, { timeoutMs, limitBytes }: HttpLimits): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const open = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const request = open(url, { agent: false, signal, headers: { Connection: "close" } }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > limitBytes) request.destroy(new Error(`answer is longer than ${limitBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        const modified = new Date(response.headers["last-modified"] ?? "");
        const isDate = !Number.isNaN(modified.getTime());
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
          storageRequest: String(response.headers["x-amz-request-id"] ?? ""),
          modified: isDate ? modified : undefined,
        });
      });
    });
    request.on("error", fail);
    request.end();
  });
}
