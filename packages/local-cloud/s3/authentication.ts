import type { KeyObject } from "node:crypto";
import { LIFETIME_MS, parseDate, QUERY_SKEW_MS } from "../wire/clock.ts";
import { PipelineFault } from "../wire/faults.ts";
import type { Credentials } from "../wire/queryAuthentication.ts";
import {
  ALGORITHM,
  hmac,
  parseV4Authorization,
  sameText,
  type V4Claim,
  v4CanonicalRequest,
  v4Claim,
  v4Scope,
  v4Signature,
  v4SigningKey,
  v4StringToSign,
} from "../wire/signature.ts";
import { headerOf, type Parameter, type RequestHead } from "../wire/target.ts";
import {
  badDecodedLength,
  contentHashMismatch,
  invalidAccessKey,
  invalidSecurity,
  missingSecurityHeader,
  requestTimeTooSkewed,
  signatureDoesNotMatch,
  unauthenticated,
  unknownFailure,
} from "./errors.ts";
import type { Caller } from "./operation.ts";
import { v2StringsToSign } from "./signatureV2.ts";
import type { ChunkSignature } from "./streamingChunks.ts";

const STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const UNSIGNED = "UNSIGNED-PAYLOAD";
/** Seconds, of a presigned URL. */
const LONGEST_EXPIRY_S = 604_800;

export interface S3Identity {
  readonly caller: Caller;
  /** Hex SHA-256 that the body of a PUT or POST must have. */
  readonly bodySha256?: string;
  /** The body comes in signed chunks. */
  readonly chunks?: ChunkSignature;
  /** Length after decoding; replaces Content-Length. */
  readonly decodedLength?: number;
}

/** Selection of the form, as Corymbia/eucalyptus `S3Authentication.java` does it. */
export function authenticateS3(head: RequestHead, prefix: string, credentials: Credentials, now: Date): S3Identity {
  const authorization = headerOf(head, "authorization");
  const query = new Map(head.query.map(([name, value]) => [name.toLowerCase(), value]));
  if (authorization?.startsWith(ALGORITHM)) return v4Header(head, authorization, credentials, now);
  if (authorization?.startsWith("AWS")) return v2Header(head, authorization, prefix, credentials, now);
  if (authorization !== undefined) throw missingSecurityHeader();
  if (query.has("x-amz-algorithm") || query.has("x-amz-date")) return v4Query(head, query, credentials, now);
  if (head.query.some(([name]) => name === "AWSAccessKeyId")) return v2Query(head, query, prefix, credentials, now);
  return { caller: "nobody" };
}

function v4Header(head: RequestHead, authorization: string, credentials: Credentials, now: Date): S3Identity {
  const hasBody = head.method === "PUT" || head.method === "POST";
  if (hasBody) checkedPayloadHash(head); // before authentication there, after the credential otherwise
  const date = dateIn(headerOf(head, "x-amz-date") ?? headerOf(head, "date"), "X-Amz-Date header must be specified.");
  checkSkew(date, now);
  const basicDate = basic(date);
  const claim = checkedClaim(parseV4Authorization(authorization), basicDate);
  const payloadHash = checkedPayloadHash(head);
  const key = checkV4(claim, { ...head, query: canonicalQuery(head.query), payloadHash, date: basicDate }, credentials);
  if (payloadHash === UNSIGNED) return { caller: "account" };
  if (payloadHash !== STREAMING) return { caller: "account", bodySha256: payloadHash };

  const length = headerOf(head, "x-amz-decoded-content-length") ?? "";
  if (!/^\d+$/.test(length)) throw badDecodedLength(length === "" ? "Missing" : "Invalid");
  const chunks = { signingKey: key, date: basicDate, scope: v4Scope(claim), seed: claim.signature };
  return { caller: "account", chunks, decodedLength: Number(length) };
}

/** @throws {S3Error} `AccessDenied` */
function dateIn(text: string | undefined, whenMissing: string): Date {
  if (text === undefined) throw unauthenticated(whenMissing);
  const date = parseDate(text);
  if (!date) throw unauthenticated("Unable to parse date.");
  return date;
}

/** @throws {S3Error} `AccessDenied` when it is of another day, or none */
function checkedClaim(claim: V4Claim | undefined, date: string): V4Claim {
  if (claim?.terminator === "aws4_request" && claim.day === date.slice(0, 8)) return claim;
  throw unauthenticated("Credential header is invalid.");
}

/** Before authentication on PUT and POST, part of it otherwise: the same fault has two faces. */
function checkedPayloadHash(head: RequestHead): string {
  const given = headerOf(head, "x-amz-content-sha256") ?? "";
  const hasBody = head.method === "PUT" || head.method === "POST";
  if (given === "") {
    const message = "x-amz-content-sha256 header is missing.";
    throw hasBody ? new PipelineFault(400, message) : unauthenticated(message);
  }
  if (given === UNSIGNED || given === STREAMING || /^[0-9a-f]{64}$/.test(given)) return given;
  if (/^(?:[0-9a-f]{2})*$/.test(given)) {
    throw hasBody ? contentHashMismatch() : unauthenticated("x-amz-content-sha256 header is invalid.");
  }
  const message = `com.google.common.io.BaseEncoding$DecodingException: ${undecodable(given)}`;
  throw hasBody ? new PipelineFault(400, message) : unknownFailure(message);
}

function undecodable(text: string): string {
  if (text.length % 2 === 1) return `Invalid input length ${text.length}`;
  return `Unrecognized character: ${/[^0-9a-f]/.exec(text)?.[0]}`;
}

function v4Query(
  head: RequestHead,
  query: ReadonlyMap<string, string>,
  credentials: Credentials,
  now: Date,
): S3Identity {
  const date = dateIn(query.get("x-amz-date"), "X-Amz-Date parameter must be specified.");
  const expiry = query.get("x-amz-expires");
  if (expiry === undefined) throw unauthenticated("X-Amz-Expires parameter must be specified.");
  if (!/^[+-]?\d{1,18}$/.test(expiry)) throw unauthenticated("Invalid X-Amz-Expires parameter.");
  const expires = Number(expiry);
  if (!(expires >= 1 && expires <= LONGEST_EXPIRY_S)) throw unauthenticated("Invalid Expires parameter.");
  const age = now.getTime() - date.getTime();
  if (age < -LIFETIME_MS) throw unauthenticated("Cannot process request. X-Amz-Date is not yet valid.");
  if (age > expires * 1000 + QUERY_SKEW_MS) throw unauthenticated("Cannot process request. Expired.");
  const given = v4Claim(query.get("x-amz-credential"), query.get("x-amz-signedheaders"), query.get("x-amz-signature"));
  const claim = checkedClaim(given, basic(date));
  const signed = canonicalQuery(head.query.filter(([name]) => name.toLowerCase() !== "x-amz-signature"));
  checkV4(claim, { ...head, query: signed, payloadHash: UNSIGNED, date: basic(date) }, credentials);
  return { caller: "account" };
}

function checkV4(
  claim: V4Claim,
  request: Parameters<typeof v4CanonicalRequest>[1],
  credentials: Credentials,
): KeyObject {
  if (claim.accessKeyId !== credentials.accessKeyId) throw invalidAccessKey(claim.accessKeyId);
  const canonicalRequest = v4CanonicalRequest(claim, request);
  const stringToSign = v4StringToSign(claim, request.date, canonicalRequest);
  const key = v4SigningKey(credentials.secretAccessKey, claim);
  if (!sameText(v4Signature(key, stringToSign), claim.signature)) {
    const { accessKeyId, signature } = claim;
    throw signatureDoesNotMatch({ accessKeyId, stringToSign, signature, canonicalRequest });
  }
  return key;
}

/** Values of these two are signed as empty (Corymbia/eucalyptus `S3V4Authentication.java`). */
function canonicalQuery(query: readonly Parameter[]): readonly Parameter[] {
  return query.map(([name, value]) => [name, name === "acl" || name === "torrent" ? "" : value]);
}

function v2Header(
  head: RequestHead,
  authorization: string,
  prefix: string,
  credentials: Credentials,
  now: Date,
): S3Identity {
  const [accessKeyId = "", signature = ""] = authorization.replace("AWS", "").trim().split(":");
  if (signature === "") throw unknownFailure("1"); // the index that the cloud does not find
  const amzDate = headerOf(head, "x-amz-date");
  const dateText = amzDate ?? headerOf(head, "date");
  const date = dateIn(dateText, "X-Amz-Date header must be specified.");
  checkSkew(date, now);
  checkV2(head, prefix, amzDate === undefined ? (dateText ?? "") : "", { accessKeyId, signature }, credentials);
  return { caller: "account" };
}

function v2Query(
  head: RequestHead,
  query: ReadonlyMap<string, string>,
  prefix: string,
  credentials: Credentials,
  now: Date,
): S3Identity {
  const expires = query.get("expires");
  if (expires === undefined) throw invalidSecurity("Expires parameter must be specified.");
  if (!/^[+-]?\d+$/.test(expires)) throw unauthenticated("Invalid Expires parameter.");
  if (Number(expires) * 1000 < now.getTime()) throw unauthenticated("Cannot process request. Expired.");
  const accessKeyId = head.query.findLast(([name]) => name === "AWSAccessKeyId")?.[1] ?? "";
  const signature = query.get("signature");
  if (signature === undefined) throw invalidSecurity("No signature found");
  checkV2(head, prefix, expires, { accessKeyId, signature }, credentials);
  return { caller: "account" };
}

function checkV2(
  head: RequestHead,
  prefix: string,
  dateLine: string,
  given: { accessKeyId: string; signature: string },
  credentials: Credentials,
): void {
  if (given.accessKeyId !== credentials.accessKeyId) throw invalidAccessKey(given.accessKeyId);
  const texts = v2StringsToSign(head, prefix, dateLine);
  const signatures = texts.map((text) => hmac("sha1", credentials.secretAccessKey, text).toString("base64"));
  if (!signatures.some((one) => sameText(one, given.signature))) {
    throw signatureDoesNotMatch({ ...given, stringToSign: texts[0] ?? "" });
  }
}

function checkSkew(date: Date, now: Date): void {
  if (Math.abs(date.getTime() - now.getTime()) > LIFETIME_MS) throw requestTimeTooSkewed();
}

function basic(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}
