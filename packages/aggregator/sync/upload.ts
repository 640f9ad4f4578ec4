import http from "node:http";
import https from "node:https";
import { type Permit, policyField, policyOf, scopeOf, sha256Of } from "@planet/content";
import { storageCode } from "./bucket.ts";

/** All of one upload. Whoever reads later than that sees it, or nobody ever will: keepObject.ts counts on it. */
export const UPLOAD_LIMIT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;

type UploadCode = "REFUSED" | "FAILED";

/** `REFUSED`: the permit is not, or no longer, good for this; `FAILED`: it may succeed the next time. */
export class UploadError extends Error {
  readonly code: UploadCode;

  /** @param message holds nothing that the storage has repeated of the request: its signature is secret. */
  constructor(code: UploadCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface UploadOptions {
  /** Of the object. */
  readonly type?: "application/json" | "text/plain";
  readonly limitMs?: number;
}

/**
 * Writes one object with a permit, as a web page's form would. The header's name is in exactly this case: under another one
 * Eucalyptus takes the request for something else. @throws {UploadError}
 */
export async function upload(
  permit: Permit,
  name: string,
  file: Uint8Array,
  { type = "application/json", limitMs = UPLOAD_LIMIT_MS }: UploadOptions = {},
): Promise<void> {
  const boundary = `planet-${sha256Of(file)}`;
  const body = formOf(permit, { name, file, type }, boundary);
  const headers = {
    "User-Agent": "planet-sync",
    "Content-Type": `multipart/form-data; boundary=${boundary}`,
    "Content-Length": body.length,
  };
  const { status, answer } = await post(permit.bucketUrl, headers, body, limitMs);
  if (status === 204 || status === 200) return;
  const what = `http ${status} ${storageCode(answer) ?? ""}`.trim();
  throw new UploadError(status === 400 || status === 403 ? "REFUSED" : "FAILED", what);
}

/** The file comes last; the object gets the type of its part. */
function formOf(
  permit: Permit,
  { name, file, type }: { readonly name: string; readonly file: Uint8Array; readonly type: string },
  boundary: string,
): Buffer {
  const scope = scopeOf(permit);
  const fields = {
    key: `${permit.prefix}${name}`,
    bucket: permit.bucket,
    AWSAccessKeyId: permit.accessKeyId,
    acl: scope.acl,
    "Content-Type": type,
    Policy: policyField(policyOf(scope)),
    Signature: permit.signature,
  };
  const parts = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="object"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(`${parts.join("")}${head}`), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

interface Answer {
  readonly status: number;
  readonly answer: Buffer;
}

function post(url: string, headers: http.OutgoingHttpHeaders, body: Buffer, limitMs: number): Promise<Answer> {
  const { request } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new UploadError("FAILED", reason));
    const call = request(url, { method: "POST", headers, agent: false });
    const clock = setTimeout(() => {
      fail(`no answer in ${limitMs / 1_000} s`);
      call.destroy();
    }, limitMs);
    call.on("close", () => clearTimeout(clock));
    call.on("error", (error) => fail(error.message));
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= ANSWER_LIMIT_BYTES) chunks.push(chunk);
        else response.destroy();
      });
      response.on("error", (error) => fail(error.message));
      response.on("close", () => resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks) }));
    });
    call.end(body);
  });
}
