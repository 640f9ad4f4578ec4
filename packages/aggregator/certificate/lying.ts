import {
  CERTIFICATE_OBJECT,
  type CertificateObject,
  checkCertificate,
  isMeantFor,
  keyIdOf,
  openCertificate,
  type PemPair,
  readCertificateObject,
  SealError,
} from "@planet/content";
import type { Bucket } from "../sync/bucket.ts";
import type { CertificateSettings } from "./settings.ts";

/** A part that does not work: a code for machines, a sentence for people. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** What lies in the bucket as the planet's certificate. */
export type Lying =
  | { readonly state: "none" }
  /** The bucket did not say. */
  | { readonly state: "unknown"; readonly trouble: Trouble }
  | {
      /** `foreign`: sealed with another key; `unusable`: tampered, or not good for this host. */
      readonly state: "foreign" | "unusable";
      readonly trouble: Trouble;
      readonly object?: CertificateObject;
    }
  | { readonly state: "usable"; readonly object: CertificateObject; readonly text: string; readonly pair: PemPair };

export async function readLying(
  bucket: Bucket,
  { key, names, tlsPermit }: Pick<CertificateSettings, "key" | "names" | "tlsPermit">,
  now: Date,
): Promise<Lying> {
  const answer = await bucket.read(`${tlsPermit.prefix}${CERTIFICATE_OBJECT}`);
  if (answer.state === "missing" && answer.code !== undefined) return { state: "none" };
  if (answer.state !== "ok") {
    const reason = answer.state === "unchanged" ? "http 304" : answer.reason;
    return { state: "unknown", trouble: { code: "bucket", message: `the bucket does not answer: ${reason}` } };
  }
  return judge(Buffer.from(answer.bytes).toString("utf8"), { key, names }, now);
}

/** Nothing is taken that is not whole, ours and good. */
function judge(text: string, { key, names }: Pick<CertificateSettings, "key" | "names">, now: Date): Lying {
  let object: CertificateObject | undefined;
  try {
    object = readCertificateObject(text);
    const pair = openCertificate(object, key);
    const problems = checkCertificate({ ...pair, names, now });
    if (problems.length === 0 && isMeantFor(object, keyIdOf(key), names))
      return { state: "usable", object, text, pair };
    const reason = problems.map(({ message }) => message).join("; ") || `it was placed for ${object.names.join(", ")}`;
    return { state: "unusable", trouble: notTaken(reason), object };
  } catch (error) {
    const state = error instanceof SealError && error.code === "SEALED_WITH_ANOTHER_KEY" ? "foreign" : "unusable";
    const reason = error instanceof SealError ? error.message : "it cannot be read";
    return { state, trouble: notTaken(reason), ...(object && { object }) };
  }
}

const notTaken = (reason: string): Trouble => ({
  code: "not-taken",
  message: `the certificate in the bucket is not taken: ${reason}`,
});
