import { LIFETIME_MS, parseDate, QUERY_SKEW_MS } from "./clock.ts";
import { PipelineFault } from "./faults.ts";
import {
  ALGORITHM,
  hmac,
  parseV4Authorization,
  sameText,
  sha256,
  v1StringToSign,
  v2QueryStringToSign,
  v4CanonicalRequest,
  v4Claim,
  v4Signature,
  v4SigningKey,
  v4StringToSign,
} from "./signature.ts";
import { headerOf, type Parameter, parameterOf, type RequestHead } from "./target.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface QueryRequest {
  readonly head: RequestHead;
  readonly body: Buffer;
  /** From the query string, or from the body when the query string has none. */
  readonly parameters: readonly Parameter[];
}

/** What each form of signature adds to the parameters; it is gone before binding. */
const SIGNATURE_PARAMETERS = new Set([
  ...["AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp", "Expires", "SecurityToken"],
  ...["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature", "X-Amz-SignedHeaders"],
  "X-Amz-Security-Token",
]);

/**
 * Proves that the request was signed with our key, by any of the four forms, and strips the signature.
 * Region and service of a V4 scope are not looked at.
 * Source: Corymbia/eucalyptus `HmacHandler.java`, `Hmacv2LoginModule.java`, `Hmacv4LoginModule.java`.
 * @throws {PipelineFault} 403 for everything that is wrong.
 */
export function authenticateQuery(request: QueryRequest, credentials: Credentials, now: Date): readonly Parameter[] {
  const authorization = headerOf(request.head, "authorization");
  const { parameters } = request;
  if (authorization?.startsWith(ALGORITHM)) {
    checkV4Header(request, authorization, credentials, now);
  } else if (parameterOf(parameters, "X-Amz-Algorithm") ?? parameterOf(parameters, "X-Amz-Date")) {
    checkV4Query(request, credentials, now);
  } else {
    checkV1Or2(request, credentials, now);
  }
  return parameters.filter(([name]) => !SIGNATURE_PARAMETERS.has(name));
}

function checkV4Header(request: QueryRequest, authorization: string, credentials: Credentials, now: Date): void {
  const text = headerOf(request.head, "x-amz-date") ?? headerOf(request.head, "date");
  checkV4(request, parseV4Authorization(authorization), text, request.head.query, credentials, now);
}

function checkV4Query(request: QueryRequest, credentials: Credentials, now: Date): void {
  const given = (name: string) => parameterOf(request.parameters, name);
  const claim = v4Claim(given("X-Amz-Credential"), given("X-Amz-SignedHeaders"), given("X-Amz-Signature"));
  const query = request.head.query.filter(([name]) => name !== "X-Amz-Signature");
  checkV4(request, claim, given("X-Amz-Date"), query, credentials, now);
}

function checkV4(
  { head, body }: QueryRequest,
  claim: ReturnType<typeof v4Claim>,
  dateText: string | undefined,
  query: readonly Parameter[],
  credentials: Credentials,
  now: Date,
): void {
  const date = checkDate(dateText, now);
  if (claim?.terminator !== "aws4_request") throw forbidden("Invalid credential");
  const basicDate = date.toISOString().replace(/[-:]|\.\d{3}/g, "");
  if (claim.day !== basicDate.slice(0, 8)) throw forbidden("Invalid credential date");
  if (claim.accessKeyId !== credentials.accessKeyId) throw forbidden("Invalid access key or token");
  const key = v4SigningKey(credentials.secretAccessKey, claim);
  const matches = [head.path, "/"].some((path) => {
    const signed = { ...head, path, query, payloadHash: sha256(body), date: basicDate };
    const text = v4StringToSign(claim, basicDate, v4CanonicalRequest(claim, signed));
    return sameText(claim.signature, v4Signature(key, text));
  });
  if (!matches) throw forbidden("Signature validation failed");
}

function checkV1Or2({ head, parameters }: QueryRequest, credentials: Credentials, now: Date): void {
  const given = (name: string) => parameterOf(parameters, name);
  const version = given("SignatureVersion") ?? "2";
  const signature = given("Signature");
  const needed = ["AWSAccessKeyId", "Signature", ...(version === "2" ? ["SignatureMethod"] : [])];
  const missing = needed.find((name) => given(name) === undefined);
  if (missing !== undefined) throw forbidden(`Missing required parameter: ${missing}`);
  if (signature === undefined || !["1", "2"].includes(version)) throw forbidden("Unsupported signature version");
  checkV2Date(given("Timestamp"), given("Expires"), now);
  if (given("AWSAccessKeyId") !== credentials.accessKeyId) throw forbidden("Invalid access key or token");
  const hash = version === "1" || given("SignatureMethod")?.toLowerCase() === "hmacsha1" ? "sha1" : "sha256";
  const host = headerOf(head, "host") ?? "";
  const texts =
    version === "1"
      ? [v1StringToSign(parameters)]
      : [host, host.replace(/:\d+$/, "")].map((name) => v2QueryStringToSign(head.method, name, head.path, parameters));
  const expected = texts.map((text) => hmac(hash, credentials.secretAccessKey, text).toString("base64"));
  if (!expected.some((text) => sameText(signature, text))) throw forbidden("Signature validation failed");
}

/** `Expires` may be any future time; a time stamp must be near. */
function checkV2Date(timestamp: string | undefined, expires: string | undefined, now: Date): void {
  if (timestamp !== undefined || expires === undefined) {
    checkDate(timestamp, now);
    return;
  }
  const date = parseDate(expires);
  if (!date || date.getTime() < now.getTime()) throw forbidden("Message has expired");
}

function checkDate(text: string | undefined, now: Date): Date {
  const date = text === undefined ? undefined : parseDate(text);
  if (!date) throw forbidden("Message has no valid date");
  const ahead = date.getTime() - now.getTime();
  if (ahead > QUERY_SKEW_MS) {
    throw forbidden(`Message was generated in the future (times in UTC): Timestamp=${javaDate(date)}`);
  }
  if (-ahead > LIFETIME_MS + QUERY_SKEW_MS) {
    const deadline = new Date(date.getTime() + LIFETIME_MS + QUERY_SKEW_MS).toISOString().slice(0, 19);
    throw forbidden(`Message has expired (times in UTC): Timestamp=null Expires=null Deadline=${deadline}`);
  }
  return date;
}

/** `Sat Nov 28 22:25:56 UTC 2026` */
function javaDate(date: Date): string {
  const [weekday, day, month, year, time] = date.toUTCString().replace(",", "").split(" ");
  return [weekday, month, day, time, "UTC", year].join(" ");
}

/** The texts for the key, the signature, the clock and a missing parameter: observed on Eucalyptus 5.1.0, 2026-11-28. */
function forbidden(message: string): PipelineFault {
  return new PipelineFault(403, message);
}
