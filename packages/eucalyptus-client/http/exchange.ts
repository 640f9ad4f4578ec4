import { type ClientRequest, type IncomingHttpHeaders, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { CloudError } from "../errors.ts";

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
  /** Names the call in an error. */
  readonly action: string;
  readonly timeoutMs: number;
  readonly cancelled?: AbortSignal | undefined;
}

/** Answers are small (listings, page files); this only stops an endpoint that never ends. */
const ANSWER_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * One request on a connection of its own. Not kept alive on purpose: the cloud closes idle connections and those that
 * served 100 requests, and a changing call that meets such an end may not be repeated blindly.
 * @throws {CloudError} with status 0 when no whole answer came.
 */
export function exchange(request: HttpRequest, options: ExchangeOptions): Promise<HttpAnswer> {
  const { action, timeoutMs, cancelled } = options;
  const where = `${request.protocol}//${request.hostname}${request.port ? `:${request.port}` : ""}`;

  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = cancelled ? AbortSignal.any([deadline, cancelled]) : deadline;
    const fail = (cause: Error) => {
      if (cancelled?.aborted) reject(transportError("Cancelled", `the call to ${where} was given up`, action, cause));
      else if (deadline.aborted) {
        reject(transportError("Timeout", `${where} gave no whole answer in ${timeoutMs / 1000} s`, action, cause));
      } else reject(transportError("Unreachable", `cannot reach ${where}: ${reasonOf(cause)}`, action, cause));
    };
    open(request, signal)
      .on("error", fail)
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

function transportError(code: string, message: string, action: string, cause: Error): CloudError {
  return new CloudError({ code, status: 0, message, action }, { cause });
}

function reasonOf(cause: Error & { code?: string }): string {
  return cause.message === "" ? (cause.code ?? cause.name) : cause.message;
}
