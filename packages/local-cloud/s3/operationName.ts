import { notImplemented } from "./errors.ts";
import { UNSUPPORTED } from "./unsupported.ts";

export type Level = "service" | "bucket" | "object";

/** Parameters that refine an operation without choosing it. */
const REFINEMENTS = new Set([
  ...["prefix", "max-keys", "delimiter", "marker", "start-after", "continuation-token", "fetch-owner", "list-type"],
  ...["version-id-marker", "key-marker", "max-uploads", "upload-id-marker", "max-parts", "part-number-marker"],
]);

const KNOWN_TO_BUCKETS = new Set([
  ...REFINEMENTS,
  ...["acl", "location", "torrent", "logging", "versioning", "versions", "cors", "lifecycle", "policy", "notification"],
  ...["tagging", "requestPayment", "website", "uploads", "delete", "accelerate", "metrics", "analytics", "inventory"],
  ...["replication", "encryption"],
]);

const KNOWN_TO_OBJECTS = new Set([
  ...["acl", "torrent", "versionId", "uploads", "partNumber", "uploadId", "max-parts", "part-number-marker"],
]);

const OPERATIONS: Readonly<Record<string, string>> = {
  "service GET": "ListBuckets",
  "bucket GET": "ListObjects",
  "bucket HEAD": "HeadBucket",
  "bucket PUT": "CreateBucket",
  "bucket DELETE": "DeleteBucket",
  "bucket GET acl": "GetBucketAcl",
  "bucket PUT acl": "PutBucketAcl",
  "bucket GET location": "GetBucketLocation",
  "bucket GET versioning": "GetBucketVersioning",
  "bucket PUT versioning": "PutBucketVersioning",
  "bucket GET tagging": "GetBucketTagging",
  "bucket PUT tagging": "PutBucketTagging",
  "bucket DELETE tagging": "DeleteBucketTagging",
  "bucket GET cors": "GetBucketCors",
  "bucket PUT cors": "PutBucketCors",
  "bucket DELETE cors": "DeleteBucketCors",
  "bucket GET lifecycle": "GetBucketLifecycle",
  "bucket PUT lifecycle": "PutBucketLifecycle",
  "bucket DELETE lifecycle": "DeleteBucketLifecycle",
  "bucket PUT policy": "PutBucketPolicy",
  "bucket GET versions": "ListObjectVersions",
  "bucket GET uploads": "ListMultipartUploads",
  "bucket POST delete": "DeleteObjects",
  "object GET": "GetObject",
  "object GET versionId": "GetObject",
  "object HEAD": "HeadObject",
  "object HEAD versionId": "HeadObject",
  "object PUT": "PutObject",
  "object PUT versionId": "PutObject",
  "object PUT tagging": "PutObjectTagging",
  "object PUT copy": "CopyObject",
  "object DELETE": "DeleteObject",
  "object DELETE versionId": "DeleteObject",
  "object GET torrent": "GetObjectTorrent",
  "object GET acl": "GetObjectAcl",
  "object GET acl versionId": "GetObjectAcl",
  "object PUT acl": "PutObjectAcl",
  "object PUT acl versionId": "PutObjectAcl",
  "object POST uploads": "CreateMultipartUpload",
  "object PUT partNumber uploadId": "UploadPart",
  "object PUT partNumber uploadId copy": "UploadPartCopy",
  "object POST uploadId": "CompleteMultipartUpload",
  "object DELETE uploadId": "AbortMultipartUpload",
  "object GET uploadId": "ListParts",
};

/** What is left of a query: what the level does not know is dropped before the operation is chosen. */
export function knownParameters(
  level: Level,
  method: string,
  query: readonly (readonly [string, string])[],
): Map<string, string> {
  const known = level === "bucket" ? KNOWN_TO_BUCKETS : KNOWN_TO_OBJECTS;
  const isTagging = (name: string) => level === "object" && method === "PUT" && name === "tagging";
  return new Map(query.filter(([name]) => known.has(name) || isTagging(name) || name.startsWith("response-")));
}

/**
 * A request becomes an operation by level, verb and known sub-resources alone. So `PUT object?retention` is a plain
 * PutObject that overwrites the object, and `DELETE bucket?publicAccessBlock` deletes the bucket.
 * Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 * @returns `undefined` for what there is not (405). @throws {S3Error} 501 for what is listed as unsupported.
 */
export function operationName(
  level: Level,
  method: string,
  parameters: ReadonlyMap<string, string>,
  isCopy: boolean,
): string | undefined {
  const choosing = [...parameters.keys()].filter((name) => !name.startsWith("response-"));
  const subResources = choosing.filter((name) => method !== "GET" || !REFINEMENTS.has(name)).toSorted();
  const key = [level, method, ...subResources, ...(isCopy && method === "PUT" && level === "object" ? ["copy"] : [])];
  const name = OPERATIONS[key.join(" ")];
  if (name) return name;
  const unsupported = UNSUPPORTED[key.join(" ")];
  if (unsupported === undefined) return undefined;
  if (unsupported.answer) return unsupported.name;
  throw notImplemented(`${method} Bucket ${subResources.join(" ")}`);
}
