import type { Connection } from "../connection.ts";
import { CloudError, parseFault } from "../errors.ts";
import { attempts } from "../http/attempts.ts";
import { type Endpoint, parseEndpoint } from "../http/endpoint.ts";
import { exchange, type HttpAnswer, type HttpRequest } from "../http/exchange.ts";
import { dateHeader } from "../http/headers.ts";
import { encode, sign, type Unsigned } from "../http/sign.ts";

export interface S3Call {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Absent: the service itself (list of buckets). */
  readonly bucket?: string;
  readonly key?: string;
  /**
   * Only `acl` and the listing's words. Any other query on a PUT sends the body through a 300 KiB path, and unknown
   * words turn into other operations: `?tagging` on an object overwrites or deletes it.
   */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export type S3Send = (call: S3Call, options?: { readonly anonymous?: boolean }) => Promise<HttpAnswer>;

const DEFAULT_TIMEOUT_MS = 60_000;

/** Path-style requests with canonical header names. */
export function createS3Send(url: string, connection: Connection): S3Send {
  const endpoint = parseEndpoint(url);
  return (call, { anonymous: isAnonymous = false } = {}) => {
    const action = `${call.method} ${actionName(call)}`;
    const timeoutMs = connection.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const unsigned = toRequest(endpoint, call);
    return attempts(connection, { repeatable: call.method !== "DELETE" }, async () => {
      const request = isAnonymous ? anonymous(unsigned) : await sign(unsigned, connection, "s3");
      const answer = await exchange(request, { action, timeoutMs, cancelled: connection.cancelled });
      return refuseFaults(answer, action, call.method === "HEAD" ? faultOfHead : faultInBody);
    });
  };
}

/** @throws {CloudError} for every status from 400 on. */
export function refuseFaults(answer: HttpAnswer, action: string, faultOf = faultInBody): HttpAnswer {
  const { status, headers } = answer;
  if (status < 400) return answer;
  throw new CloudError({ ...faultOf(answer), status, action, date: dateHeader(headers, "date") });
}

type Fault = ReturnType<typeof parseFault>;

const faultInBody = ({ status, body }: HttpAnswer): Fault => parseFault(body.toString("utf8"), status);

/** A HEAD has no body, so its code follows from the status. */
function faultOfHead({ status }: HttpAnswer): Fault {
  if (status === 404) return { code: "NotFound", message: "does not exist" };
  if (status === 403) return { code: "AccessDenied", message: "access is not allowed" };
  return { code: `HTTP ${status}`, message: "refused without a text" };
}

function anonymous({ method, protocol, hostname, port, path, headers, body }: Unsigned): HttpRequest {
  return { method, protocol, hostname, port, target: path, headers, body };
}

function toRequest(endpoint: Endpoint, { method, bucket, key, query, headers, body }: S3Call): Unsigned {
  const place = key === undefined ? `/${bucket ?? ""}` : `/${bucket}/${key.split("/").map(encode).join("/")}`;
  const length = body ?? (method === "PUT" ? new Uint8Array() : undefined);
  return {
    method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: endpoint.port,
    path: `${endpoint.path}${place}`,
    query,
    headers: { ...headers, ...(length && { "Content-Length": String(length.length) }) },
    body: length,
  };
}

function actionName({ bucket, key, query = {} }: S3Call): string {
  const subject = "acl" in query ? "ACL of " : "";
  if (bucket === undefined) return "buckets";
  return key === undefined ? `${subject}bucket ${bucket}` : `${subject}object ${bucket}/${key}`;
}
