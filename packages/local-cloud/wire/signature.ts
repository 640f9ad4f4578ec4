import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Parameter } from "./target.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

/** `<access key>/<day>/<region>/<service>/aws4_request`, and what was signed with it. */
export interface V4Claim {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** `undefined` when it is not five parts and three fields. */
export function parseV4Authorization(header: string): V4Claim | undefined {
  const fields = new Map(
    header
      .slice(ALGORITHM.length)
      .split(",")
      .map((part): [string, string] => {
        const [name = "", ...value] = part.trim().split("=");
        return [name, value.join("=")];
      }),
  );
  return v4Claim(fields.get("Credential"), fields.get("SignedHeaders"), fields.get("Signature"));
}

export function v4Claim(credential = "", signedHeaders = "", signature = ""): V4Claim | undefined {
  const parts = credential.split("/");
  if (parts.length !== 5 || signedHeaders === "" || signature === "") return undefined;
  const [accessKeyId = "", day = "", region = "", service = "", terminator = ""] = parts;
  return { accessKeyId, day, region, service, terminator, signedHeaders: signedHeaders.split(";"), signature };
}

export interface V4Request {
  readonly method: string;
  /** Canonical, that is as sent. */
  readonly path: string;
  readonly query: readonly Parameter[];
  readonly headers: readonly Parameter[];
  readonly payloadHash: string;
  /** `20260102T030405Z` */
  readonly date: string;
}

export function v4CanonicalRequest(claim: V4Claim, request: V4Request): string {
  const query = request.query
    .map(([name, value]): Parameter => [encode(name), encode(value)])
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`);
  const headers = claim.signedHeaders.map((name) => `${name}:${headerValues(request.headers, name)}\n`);
  return [
    request.method,
    request.path,
    query.join("&"),
    headers.join(""),
    claim.signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
}

function headerValues(headers: readonly Parameter[], name: string): string {
  return headers
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value.trim().replace(/ +/g, " "))
    .join(",");
}

export function v4StringToSign(claim: V4Claim, date: string, canonicalRequest: string): string {
  return [ALGORITHM, date, v4Scope(claim), sha256(canonicalRequest)].join("\n");
}

export function v4Scope({ day, region, service, terminator }: V4Claim): string {
  return [day, region, service, terminator].join("/");
}

/** The key that was made last: of one client on one day it is the same, and making it is most of the work on a call. */
let lastKey: { readonly scope: string; readonly secretAccessKey: string; readonly key: KeyObject } | undefined;

export function v4SigningKey(secretAccessKey: string, claim: V4Claim): KeyObject {
  const scope = v4Scope(claim);
  if (lastKey?.scope === scope && lastKey.secretAccessKey === secretAccessKey) return lastKey.key;
  const { day, region, service, terminator } = claim;
  const bytes = [day, region, service, terminator].reduce<Buffer>(
    (key, part) => hmac("sha256", key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  lastKey = { scope, secretAccessKey, key: createSecretKey(bytes) };
  return lastKey.key;
}

export function v4Signature(signingKey: KeyObject, stringToSign: string): string {
  return hmac("sha256", signingKey, stringToSign).toString("hex");
}

/** Version 2 of the Query services: everything but the signature itself. */
export function v2QueryStringToSign(method: string, host: string, path: string, parameters: readonly Parameter[]) {
  const query = parameters
    .filter(([name]) => name !== "Signature")
    .map(([name, value]): Parameter => [encode(name), encode(value)])
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`);
  return [method, host, path, query.join("&")].join("\n");
}

/** Version 1: names and values without any separator, names sorted without regard to case. */
export function v1StringToSign(parameters: readonly Parameter[]): string {
  return parameters
    .filter(([name]) => name !== "Signature")
    .toSorted(([left], [right]) => compare(left.toLowerCase(), right.toLowerCase()))
    .map(([name, value]) => name + value)
    .join("");
}

export function hmac(algorithm: "sha1" | "sha256", key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac(algorithm, key).update(text, "utf8").digest();
}

export function sha256(data: string | Buffer): string {
  return hash("sha256", data);
}

export function sameText(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** RFC 3986: only letters, digits and `-._~` stay. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byNameThenValue([name, value]: Parameter, [otherName, otherValue]: Parameter): number {
  return compare(name, otherName) || compare(value, otherValue);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
