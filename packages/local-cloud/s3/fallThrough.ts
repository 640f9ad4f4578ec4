import { notImplemented } from "./errors.ts";
import type { Level } from "./operationName.ts";

/** Sub-resources of AWS that the cloud does not know and drops, so that the request means something else. */
const DROPPED: Readonly<Record<Level, readonly string[]>> = {
  service: [],
  bucket: [
    ...["publicAccessBlock", "ownershipControls", "policyStatus", "intelligent-tiering", "object-lock", "abac"],
    "metadataTable",
  ],
  object: ["tagging", "attributes", "retention", "legal-hold", "restore", "select"],
};

/**
 * Says when a request is not what its sender means, e.g. `PUT object?retention`, which overwrites the object.
 * Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`.
 * @throws {S3Error} 501 when `refuse` is set: a test then fails instead of losing an object.
 */
export function reportFallThrough(
  facts: { level: Level; method: string; path: string; query: readonly (readonly [string, string])[]; meaning: string },
  refuse: boolean,
  log: (line: string) => void,
): void {
  const dropped = facts.query.map(([name]) => name).filter((name) => DROPPED[facts.level].includes(name));
  if (dropped.length === 0 || facts.meaning === "PutObjectConfiguration") return;
  log(`${facts.method} ${facts.path}?${dropped.join("&")} means ${facts.meaning} on Eucalyptus`);
  if (refuse) throw notImplemented(`${facts.method} ?${dropped.join("&")} (it would mean ${facts.meaning})`);
}
