import http from "node:http";
import https from "node:https";
import { sha256Of } from "@planet/content";

/** What the bucket said about one object. Never thrown: a sync goes on without it. */
export type BucketAnswer =
  | BucketObject
  | { readonly state: "unchanged"; readonly date: Date | undefined }
  | {
      readonly state: "missing" | "forbidden" | "failed";
      readonly reason: string;
      /** The storage's own word for it, `NoSuchKey`: a proxy's 404 has none. */
      readonly code?: string | undefined;
      readonly date?: Date | undefined;
    };

interface BucketObject {
  readonly state: "ok";
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly etag: string | undefined;
  readonly modified: Date | undefined;
  /** The storage's clock at the time of the answer: the only one that `modified` may be compared with. */
  readonly date: Date | undefined;
}

/** Validators of an earlier answer, kept as they came. An ETag is opaque: MD5 only for simple uploads. */
interface Validators {
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
}

export interface Bucket {
  read(name: string, validators?: Validators): Promise<BucketAnswer>;
  close(): void;
}

const REQUEST_LIMIT_MS = 30_000;
/** A little above what may be published, so that "too large" is judged by the rules and not by the transport. */
const BODY_LIMIT_BYTES = 4_194_304;

/**
 * Anonymous reads of one bucket: fixed endpoint, private addresses allowed, no redirects, no proxy. Header names are
 * written in canonical case, since Eucalyptus' object storage answers lower-case conditions with a full 200.
 */
export function openBucket(url: string): Bucket {
  const { request, Agent } = url.startsWith("https:") ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  return {
    read: (name, validators = {}) =>
      new Promise((resolve) => {
        const headers = { "User-Agent": "planet-sync", Accept: "*/*", ...conditions(validators) };
        const call = request(`${url}/${name}`, { agent, headers });
        let clock: NodeJS.Timeout | undefined;
        const finish = (answer: BucketAnswer) => {
          clearTimeout(clock);
          resolve(answer);
        };
        // Waiting for one of the connections is not the storage's delay.
        call.on("socket", () => {
          clock = setTimeout(() => call.destroy(new Error("no answer in 30 s")), REQUEST_LIMIT_MS);
        });
        call.on("error", (error) => finish({ state: "failed", reason: error.message }));
        call.on("response", (response) => receive(response, finish));
        call.end();
      }),
    close: () => agent.destroy(),
  };
}

function conditions({ etag, modified }: Validators): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { "If-None-Match": etag }),
    ...(modified === undefined ? {} : { "If-Modified-Since": modified }),
  };
}

function receive(response: http.IncomingMessage, finish: (answer: BucketAnswer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) response.destroy(new Error(`larger than ${BODY_LIMIT_BYTES} bytes`));
    else chunks.push(chunk);
  });
  response.on("error", (error) => finish({ state: "failed", reason: error.message }));
  response.on("end", () => {
    if (!response.complete) finish({ state: "failed", reason: "the download was cut short" });
    else finish(answerOf(response, Buffer.concat(chunks)));
  });
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, bytes: Buffer): BucketAnswer {
  const date = timeOf(headers.date);
  if (statusCode === 304) return { state: "unchanged", date };
  if (statusCode === 404) return { state: "missing", reason: "http 404", code: storageCode(bytes), date };
  if (statusCode === 403) return { state: "forbidden", reason: "http 403: uploaded without public-read?" };
  if (statusCode !== 200) return { state: "failed", reason: `http ${statusCode}` };
  const modified = timeOf(headers["last-modified"]);
  return { state: "ok", bytes, sha256: sha256Of(bytes), etag: headers.etag, modified, date };
}

/** The code of an error of S3. */
export function storageCode(body: Uint8Array): string | undefined {
  const text = Buffer.from(body.subarray(0, 4_096)).toString("utf8");
  return /^\s*(?:<\?xml[^>]*>\s*)?<Error\b[^>]*>[\s\S]*?<Code>(\w{1,64})<\/Code>/.exec(text)?.[1];
}

function timeOf(header: string | undefined): Date | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : new Date(time);
}
