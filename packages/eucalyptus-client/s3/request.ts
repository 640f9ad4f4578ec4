import { S3_CALLS, type S3Operation } from "../calls.ts";
import type { Connection } from "../connection.ts";
import { ask, reading } from "../http/ask.ts";
import { type Endpoint, parseEndpoint } from "../http/endpoint.ts";
import type { HttpAnswer, HttpRequest } from "../http/exchange.ts";
import { ownStorageAnswer } from "../http/ownAnswer.ts";
import { type Question, repeated } from "../http/repeated.ts";
import { encode, sign, type Unsigned } from "../http/sign.ts";

interface S3Call {
  readonly operation: S3Operation;
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

/** Makes one call; `read` takes what is needed from a proven answer. */
export type S3Send = <T>(
  call: S3Call,
  read: (answer: HttpAnswer) => T,
  options?: { readonly anonymous?: boolean },
) => Promise<T>;

/** Whole objects may be long; everything else that is read is short. */
const OBJECT_TIMEOUT_MS = 60_000;

/** Path-style requests with canonical header names. */
export function createS3Send(url: string, connection: Connection): S3Send {
  const endpoint = parseEndpoint(url);
  return (call, read, { anonymous: isAnonymous = false } = {}) => {
    const { method, repetition, permission } = S3_CALLS[call.operation];
    const question: Question = {
      action: `${method} ${subjectOf(call)}`,
      url,
      repetition,
      ...(!isAnonymous && { permission }),
    };
    const patient = call.operation === "getObject" ? { timeoutMs: OBJECT_TIMEOUT_MS, ...connection } : connection;
    const unsigned = toRequest(endpoint, call);
    return repeated(patient, question, async (of) => {
      const request = isAnonymous ? anonymous(unsigned) : await sign(unsigned, connection, "s3");
      const prove = (answer: HttpAnswer) => ownStorageAnswer(answer, question, method === "HEAD");
      const { answer } = await ask(connection, question, of, request, prove);
      return reading(answer, question, () => read(answer));
    });
  };
}

function anonymous({ method, protocol, hostname, port, path, headers, body }: Unsigned): HttpRequest {
  return { method, protocol, hostname, port, target: path, headers, body };
}

function toRequest(endpoint: Endpoint, { operation, bucket, key, query, headers, body }: S3Call): Unsigned {
  const { method } = S3_CALLS[operation];
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

function subjectOf({ bucket, key, query = {} }: S3Call): string {
  const subject = "acl" in query ? "ACL of " : "";
  if (bucket === undefined) return "buckets";
  return key === undefined ? `${subject}bucket ${bucket}` : `${subject}object ${bucket}/${key}`;
}
