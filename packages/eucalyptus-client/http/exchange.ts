import { type ClientRequest, type IncomingHttpHeaders, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { transportError } from "./transportError.ts";

export interface HttpRequest {
  readonly method: string;
  /** `http:` or `https:` */
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  /** Path and query as they go on the wire: never parsed or normalised here, the signature covers these bytes. */
  readonly target: string;
  /** Sent in exactly this spelling: Eucalyptus loses `content-type` where it would keep `Content-Type`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ExchangeOptions {
  /** Names the call and the service in an error. */
  readonly action: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/** Answers are small (listings, page files); this only stops an endpoint that never ends. */
const ANSWER_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * One request on a connection of its own. Not kept alive on purpose: the cloud closes idle connections and those that
 * served 100 requests, and a changing call that meets such an end may not be repeated blindly.
 * @throws {CloudError} with status 0 when no whole answer came.
 */
export function exchange(request: HttpRequest, options: ExchangeOptions): Promise<HttpAnswer> {
  const { action, url, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    let isUnsent = true;
    const fail = (cause: Error) => {
      const timedOut = deadline.aborted ? { timedOutAfterMs: timeoutMs } : {};
      reject(transportError({ action, url, ...timedOut, isUnsent }, cause));
    };
    open(request, deadline)
      .on("error", fail)
      .on("socket", (socket) => {
        // Node writes when the connection stands, not before.
        socket.once(request.protocol === "https:" ? "secureConnect" : "connect", () => {
          isUnsent = false;
        });
      })
      .on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_LIMIT_BYTES) response.destroy(new Error("the answer does not end"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
      .end(request.body);
  });
}

function open(request: HttpRequest, signal: AbortSignal): ClientRequest {
  const { method, protocol, hostname, port, target: path, headers } = request;
  const send = protocol === "https:" ? requestTls : requestPlain;
  // A bracketed IPv6 address is for URLs; the socket wants it bare.
  return send({ method, hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port, path, headers, signal, agent: false });
}
