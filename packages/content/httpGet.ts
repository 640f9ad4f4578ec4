import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  /** Of https: SHA-256 of the server's certificate (DER), 64 hex digits. */
  readonly fingerprint?: string;
}

export interface HttpLimits {
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly limitBytes: number;
  /**
   * Address of the server that is asked, whatever the URL's name leads to. Its certificate may be anybody's: see
   * {@link HttpAnswer.fingerprint}.
   */
  readonly at?: string;
}

/** As much as any page of a planet needs; whoever has its address now may send without end. */
export const PAGE_LIMIT_BYTES = 2_000_000;

/**
 * One GET on a connection of its own, so that an address that has just moved is really asked; no redirects, no proxy.
 * @throws {Error} when the whole answer does not arrive in time.
 */
export function httpGet(url: string | URL, { timeoutMs, limitBytes, at }: HttpLimits): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const open = String(url).startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const options = {
      agent: false,
      signal,
      headers: { Connection: "close" },
      ...(at !== undefined && atServer(url, at)),
    };
    const request = open(url, options, (response) => {
      const fingerprint = fingerprintOf(response.socket);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > limitBytes) request.destroy(new Error(`the answer is larger than ${limitBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, body: Buffer.concat(chunks), headers, ...(fingerprint !== undefined && { fingerprint }) });
      });
    });
    request.on("error", fail);
    request.end();
  });
}

/** A company's authority, or a test's, is in no trust store. */
function atServer(url: string | URL, address: string) {
  const { host, hostname } = new URL(url);
  const headers = { Connection: "close", Host: host };
  return { hostname: address, servername: hostname, headers, rejectUnauthorized: false };
}

function fingerprintOf(socket: Socket): string | undefined {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate && createHash("sha256").update(certificate.raw).digest("hex");
}
