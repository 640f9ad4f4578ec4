import { createHash, createHmac } from "node:crypto";
import { request as send } from "node:http";

/*
 * Signs by AWS's documents, not by the code under test: one mistake must not cancel the other.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, …/userguide/RESTAuthentication.html
 */

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends header names and the path as they are written: node:http keeps the case, a URL object would resolve `..`. */
export function exchange({ method, url, headers = {}, body }: Sent): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const { path, query } = partsOf(url);
  const target = { hostname, port, path: query === undefined ? path : `${path}?${query}` };
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...target, method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Path and query of a URL as they are written. */
function partsOf(url: string): { path: string; query: string | undefined } {
  const [path = "", query] = url.replace(/^https?:\/\/[^/?]*/, "").split("?");
  return { path, query };
}

/** As s3curl does: Date header, HMAC-SHA1 over the resource given, which may lack the service's path. */
export function signedV2(sent: Sent, keys: Keys, resource = partsOf(sent.url).path): Sent {
  const date = new Date().toUTCString();
  const headers = sent.headers ?? {};
  const find = (name: string) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
  const amz = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith("x-amz-"))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join("");
  const text = `${sent.method}\n${find("content-md5")}\n${find("content-type")}\n${date}\n${amz}${resource}`;
  const signature = createHmac("sha1", keys.secretAccessKey).update(text).digest("base64");
  return { ...sent, headers: { ...headers, Date: date, Authorization: `AWS ${keys.accessKeyId}:${signature}` } };
}

/** `payloadHash` defaults to the body's own. */
export function signedV4(sent: Sent, keys: Keys, payloadHash = hashOf(sent.body ?? ""), now = new Date()) {
  const url = new URL(sent.url);
  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/eucalyptus/s3/aws4_request`;
  const extra = { Host: url.host, "X-Amz-Date": date, "X-Amz-Content-SHA256": payloadHash };
  const headers: Record<string, string> = { ...sent.headers, ...extra };
  const lower = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const names = lower.map(([name]) => name).join(";");
  const { path, query } = partsOf(sent.url);
  const pairs = (query ?? "").split("&").map((pair) => (pair === "" || pair.includes("=") ? pair : `${pair}=`));
  const head = lower.map(([name, value]) => `${name}:${value}\n`).join("");
  const canonical = [sent.method, path, pairs.sort().join("&"), head, names, payloadHash].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, scope, hashOf(canonical)].join("\n");
  const key = ["eucalyptus", "s3", "aws4_request"].reduce<Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    createHmac("sha256", `AWS4${keys.secretAccessKey}`).update(date.slice(0, 8)).digest(),
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = `Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const signed = { ...sent, headers: { ...headers, Authorization: `AWS4-HMAC-SHA256 ${credential}` } };
  return { signed, key, date, scope, signature };
}

/** One body of signed chunks; the request itself is signed over its name. `decoded`: the length that it speaks of. */
export function signedChunks(
  sent: Sent,
  chunks: readonly string[],
  keys: Keys,
  decoded = chunks.join("").length,
): Sent {
  const unsigned = { ...sent, headers: { ...sent.headers, "X-Amz-Decoded-Content-Length": String(decoded) } };
  const { signed, key, date, scope, signature } = signedV4(unsigned, keys, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  let previous = signature;
  const body = [...chunks, ""].map((chunk) => {
    const text = ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, hashOf(""), hashOf(chunk)].join("\n");
    previous = createHmac("sha256", key).update(text).digest("hex");
    return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`;
  });
  return { ...signed, body: body.join("") };
}

export function hashOf(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
