import type { Credentials } from "../wire/queryAuthentication.ts";
import { hmac, sameText } from "../wire/signature.ts";
import { invalidAccessKey, invalidPolicyDocument, signatureDoesNotMatch } from "./errors.ts";
import type { Caller } from "./operation.ts";

/*
 * The signed policy (version 2) of an upload by a form.
 * Source: Corymbia/eucalyptus `UploadPolicyChecker.java`, `ObjectStorageFormPOSTAuthenticationHandler.java`;
 * observed on Eucalyptus 5.1.0, 2026-11-28.
 */

type Fields = ReadonlyMap<string, string>;

const IGNORED_PREFIX = "x-ignore-";
/** Need no condition. */
const FREE_FIELDS = new Set([
  ...["AWSAccessKeyId", "Signature", "file", "Policy", "submit"],
  ...["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Expires"],
]);

/**
 * The policy is checked before its signature. Without a field `Policy` (in this spelling) nobody has signed.
 * @param fields those of the form, `bucket` from the address when the form has none
 * @throws {S3Error} 400 `InvalidPolicyDocument`; 403 `InvalidAccessKeyId`, `SignatureDoesNotMatch`
 */
export function callerOfForm(fields: Fields, credentials: Credentials, now: Date): Caller {
  const policy = fields.get("Policy");
  if (policy === undefined) return "nobody";
  checkConditions(policy, fields, now);
  const [signature, accessKeyId] = [fields.get("Signature"), fields.get("AWSAccessKeyId")];
  if (!signature) throw invalidPolicyDocument("", "Policy specified, but no signature field found.");
  if (!accessKeyId) throw invalidPolicyDocument("", "Policy specified, but no AWSAccessKeyId field found");
  if (accessKeyId !== credentials.accessKeyId) throw invalidAccessKey(accessKeyId);
  const expected = hmac("sha1", credentials.secretAccessKey, policy).toString("base64");
  if (!sameText(expected, signature)) throw signatureDoesNotMatch({ accessKeyId, stringToSign: policy, signature });
  return "account";
}

function checkConditions(policy: string, fields: Fields, now: Date): void {
  const text = Buffer.from(policy, "base64").toString("utf8");
  const { expiration, conditions } = parsedPolicy(text);
  if (expiration !== undefined && now.getTime() > expiration.getTime()) {
    throw invalidPolicyDocument(expiration.toISOString(), "Expired policy");
  }
  const named = new Set<string>();
  for (const condition of conditions) {
    const tests = testsOf(condition);
    if (!tests?.every(({ name, holds }) => holds(fields.get(name)))) {
      throw invalidPolicyDocument(JSON.stringify(condition), "Policy conditions not met");
    }
    for (const { name } of tests) named.add(name);
  }
  const unnamed = [...fields.keys()].find(
    (name) => !name.startsWith(IGNORED_PREFIX) && !FREE_FIELDS.has(name) && !named.has(name),
  );
  if (unnamed === undefined) return;
  throw invalidPolicyDocument(unnamed, "All fields except those marked with x-ignore- should be in policy.");
}

interface Policy {
  readonly expiration: Date | undefined;
  readonly conditions: readonly unknown[];
}

function parsedPolicy(text: string): Policy {
  const { expiration, conditions } = objectOf(text) ?? {};
  const date = typeof expiration === "string" ? new Date(expiration) : undefined;
  const isDate = date ? !Number.isNaN(date.getTime()) : expiration === undefined;
  if (!isDate || !Array.isArray(conditions)) throw invalidPolicyDocument(text, "Error processing the policy");
  return { expiration: date, conditions };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

interface FieldTest {
  readonly name: string;
  readonly holds: (value: string | undefined) => boolean;
}

/** `undefined` for a form that the cloud does not know: `content-length-range` as AWS writes it is one. */
function testsOf(condition: unknown): readonly FieldTest[] | undefined {
  const plain = (name: string) => name.replaceAll("$", "");
  if (Array.isArray(condition)) {
    const [operator, name, wanted, ...more] = condition as unknown[];
    if (typeof name !== "string" || typeof wanted !== "string" || more.length > 0) return undefined;
    if (operator === "eq") return [{ name: plain(name), holds: (value) => value === wanted }];
    if (operator !== "starts-with") return undefined;
    return [{ name: plain(name), holds: (value) => value?.startsWith(wanted) ?? false }];
  }
  if (typeof condition !== "object" || condition === null) return [];
  const pairs = Object.entries(condition);
  if (pairs.length === 0) return undefined;
  return pairs.map(([name, wanted]) => ({ name: plain(name), holds: (value) => value === wanted }));
}
