import { headerOf, type RequestHead } from "../wire/target.ts";
import type { XmlNode } from "../wire/xml.ts";
import { CORS_METHODS } from "./configurationBodies.ts";
import type { Bucket } from "./types.ts";

/* What web pages of other origins may do. Source: Corymbia/eucalyptus `OSGUtil.java`, `ObjectStorageGateway.java`. */

interface CorsRequest {
  readonly origin: string;
  readonly method: string;
  /** Those that a page wants to send. */
  readonly headers?: readonly string[];
}

/** A rule that allows the request, and whether it allows every origin. */
export interface CorsMatch {
  readonly rule: XmlNode;
  readonly isAnyOrigin: boolean;
}

/** The first rule that fits. */
export function matchingRule(
  { corsRules = [] }: Bucket,
  { origin, method, headers = [] }: CorsRequest,
): CorsMatch | undefined {
  for (const rule of corsRules) {
    const allowed = textsOf(rule, "AllowedOrigin").find((pattern) => fits(pattern, origin));
    if (allowed === undefined || !textsOf(rule, "AllowedMethod").includes(method)) continue;
    const names = textsOf(rule, "AllowedHeader");
    const mayAll = headers.every((header) => names.some((pattern) => fits(pattern, header, "i")));
    if (names.length === 0 || mayAll) return { rule, isAnyOrigin: allowed === "*" };
  }
  return undefined;
}

/** The headers of an answer, or of its announcement, to a page that a rule allows to read it. */
export function corsHeaders({ rule, isAnyOrigin }: CorsMatch, origin: string): Record<string, string> {
  const [exposed, age] = [textsOf(rule, "ExposeHeader"), Number(textsOf(rule, "MaxAgeSeconds")[0] ?? 0)];
  return {
    "Access-Control-Allow-Origin": isAnyOrigin ? "*" : origin,
    "Access-Control-Allow-Methods": textsOf(rule, "AllowedMethod").join(", "),
    ...(exposed.length > 0 && { "Access-Control-Expose-Headers": exposed.join(", ") }),
    ...(age > 0 && { "Access-Control-Max-Age": String(age) }),
    ...(!isAnyOrigin && { "Access-Control-Allow-Credentials": "true" }),
    Vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

/** Those of an answer about a bucket; none without an origin or a rule for it. */
export function corsHeadersFor(bucket: Bucket | undefined, head: RequestHead): Record<string, string> {
  const origin = headerOf(head, "origin");
  if (!bucket || !origin || !CORS_METHODS.includes(head.method)) return {};
  const match = matchingRule(bucket, { origin, method: head.method });
  return match ? corsHeaders(match, origin) : {};
}

const textsOf = (rule: XmlNode, name: string): string[] => [rule[name] ?? []].flat().map(String);

/** `*` is any text. */
function fits(pattern: string, text: string, flags = ""): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${source.join(".*?")}$`, flags).test(text);
}
