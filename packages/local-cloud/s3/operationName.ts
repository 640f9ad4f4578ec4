import { notImplemented, unknownFailure } from "./errors.ts";
import { UNSUPPORTED } from "./unsupported.ts";

export type Level = "service" | "bucket" | "object";

/** Parameters that a level knows, as the operations ask for them. */
const KNOWN: Readonly<Record<Level, readonly string[]>> = {
  service: [],
  bucket: [
    ...["acl", "location", "torrent", "logging", "versioning", "versions", "cors", "lifecycle", "policy"],
    ...["notification", "tagging", "requestPayment", "website", "uploads", "delete", "accelerate", "metrics"],
    ...["analytics", "inventory", "replication", "encryption", "object_lock"],
    ...["prefix", "max-keys", "delimiter", "marker", "start-after", "continuation-token", "fetch-owner", "list-type"],
    ...["version-id-marker", "key-marker", "max-uploads", "upload-id-marker"],
  ],
  object: ["acl", "torrent", "versionId", "uploads", "partNumber", "uploadId", "max-parts", "part-number-marker"],
};

/** Those that choose an operation, in plain spelling. */
const SUB_RESOURCES = new Set([
  ...["acl", "lifecycle", "location", "logging", "notification", "partnumber", "policy", "requestpayment", "torrent"],
  ...["uploadid", "uploads", "versionid", "versioning", "versions", "website", "cors", "tagging", "delete"],
  ...["accelerate", "metrics", "analytics", "inventory", "replication", "encryption", "object_lock"],
]);

interface Definition {
  readonly name: string;
  /** Parameters that its message has a place for. @defaultValue none */
  readonly takes?: readonly string[];
  /** How Eucalyptus calls it. @defaultValue `name` */
  readonly type?: string;
}

const PAGE = ["prefix", "max-keys", "delimiter"];
const PART = ["partNumber", "uploadId"];

const OPERATIONS: Readonly<Record<string, Definition>> = {
  "service GET": { name: "ListBuckets", type: "ListAllMyBuckets" },
  "bucket GET": {
    name: "ListObjects",
    type: "ListBucket",
    takes: [...PAGE, "marker", "start-after", "continuation-token", "fetch-owner", "list-type"],
  },
  "bucket HEAD": { name: "HeadBucket" },
  "bucket PUT": { name: "CreateBucket" },
  "bucket DELETE": { name: "DeleteBucket" },
  "bucket OPTIONS": { name: "PreflightCors", type: "PreflightCheckCors" },
  "bucket GET acl": { name: "GetBucketAcl", type: "GetBucketAccessControlPolicy" },
  "bucket PUT acl": { name: "PutBucketAcl", type: "SetBucketAccessControlPolicy" },
  "bucket GET location": { name: "GetBucketLocation" },
  "bucket GET versioning": { name: "GetBucketVersioning", type: "GetBucketVersioningStatus" },
  "bucket PUT versioning": { name: "PutBucketVersioning", type: "SetBucketVersioningStatus" },
  "bucket GET tagging": { name: "GetBucketTagging" },
  "bucket PUT tagging": { name: "PutBucketTagging", type: "SetBucketTagging" },
  "bucket DELETE tagging": { name: "DeleteBucketTagging" },
  "bucket GET cors": { name: "GetBucketCors" },
  "bucket PUT cors": { name: "PutBucketCors", type: "SetBucketCors" },
  "bucket DELETE cors": { name: "DeleteBucketCors" },
  "bucket GET lifecycle": { name: "GetBucketLifecycle" },
  "bucket PUT lifecycle": { name: "PutBucketLifecycle", type: "SetBucketLifecycle" },
  "bucket DELETE lifecycle": { name: "DeleteBucketLifecycle" },
  "bucket PUT policy": { name: "PutBucketPolicy", type: "SetBucketPolicy" },
  "bucket PUT logging": { name: "PutBucketLogging", type: "SetBucketLoggingStatus" },
  "bucket GET versions": {
    name: "ListObjectVersions",
    type: "ListVersions",
    takes: [...PAGE, "key-marker", "version-id-marker"],
  },
  "bucket GET uploads": {
    name: "ListMultipartUploads",
    takes: ["delimiter", "max-uploads", "key-marker", "prefix", "upload-id-marker"],
  },
  "bucket POST delete": { name: "DeleteObjects", type: "DeleteMultipleObjects" },
  "object GET": { name: "GetObject" },
  "object HEAD": { name: "HeadObject" },
  "object PUT": { name: "PutObject" },
  "object PUT copy": { name: "CopyObject" },
  "object DELETE": { name: "DeleteObject" },
  "object DELETE versionid": { name: "DeleteObject", type: "DeleteVersion" },
  "object OPTIONS": { name: "PreflightCors", type: "PreflightCheckCors" },
  "object GET torrent": { name: "GetObjectTorrent", type: "GetObject" },
  "object GET acl": { name: "GetObjectAcl", type: "GetObjectAccessControlPolicy" },
  "object PUT acl": { name: "PutObjectAcl", type: "SetObjectAccessControlPolicy" },
  "object POST uploads": { name: "CreateMultipartUpload", type: "InitiateMultipartUpload" },
  "object PUT partnumber uploadid": { name: "UploadPart", takes: PART },
  "object PUT partnumber uploadid copy": { name: "UploadPartCopy", takes: PART },
  "object POST uploadid": { name: "CompleteMultipartUpload", takes: ["uploadId"] },
  "object DELETE uploadid": { name: "AbortMultipartUpload", takes: ["uploadId"] },
  "object GET uploadid": { name: "ListParts", takes: ["uploadId", "max-parts", "part-number-marker"] },
};

/** What configures a bucket is read of an object's PUT as well: there is no place for it, so the object stays. */
export const BUCKET_CONFIGURATIONS = ["tagging", "lifecycle", "cors", "policy"] as const;

type Parameters = readonly (readonly [name: string, value: string])[];

/**
 * What is left of a query: what the level does not know is dropped before the operation is chosen. A parameter in another
 * spelling (`ACL`, `maxkeys`) is known, too, and keeps it.
 */
export function knownParameters(level: Level, query: Parameters): Map<string, string> {
  const known = new Map(KNOWN[level].map((name) => [plain(name), name]));
  const left = query.flatMap(([given, value]): Parameters => {
    if (level === "object" && given.startsWith("response-")) return [[given, value]];
    const name = known.get(plain(given));
    if (name === undefined) return [];
    return [[property(given) === property(name) ? name : given, value]];
  });
  return new Map(left);
}

/** What chooses an operation besides level, verb and query. */
export interface RequestHeaders {
  /** It has `x-amz-copy-source`. */
  readonly isCopy?: boolean;
  /** It has a condition or a range. */
  readonly isConditional?: boolean;
}

/**
 * A request becomes an operation by level, verb and known sub-resources alone. So `PUT object?retention` is a plain
 * PutObject that overwrites the object, and `DELETE bucket?publicAccessBlock` deletes the bucket. A known parameter for which
 * the operation's message has no place is a failure.
 * Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 * @returns `undefined` for what there is not (405). @throws {S3Error} 501 for what is listed as unsupported; 500.
 */
export function operationName(
  level: Level,
  method: string,
  query: Parameters,
  { isCopy = false, isConditional = false }: RequestHeaders = {},
): string | undefined {
  const parameters = knownParameters(level, query);
  const names = [...parameters.keys()].map(plain).filter((name) => SUB_RESOURCES.has(name));
  const choosing = names.filter((name) => name !== "versionid" || method === "DELETE").toSorted();
  const hasAcl = choosing.includes("acl");
  if (level === "object" && method === "GET" && isConditional && !hasAcl && choosing.length > 0) return undefined;
  const copies = isCopy && method === "PUT" && level === "object" && !hasAcl;
  const key = [level, method, ...choosing, ...(copies ? ["copy"] : [])].join(" ");
  const operation = OPERATIONS[key];
  if (operation) {
    if (level === "object" && method === "PUT" && configurationIn(query)) return "PutObjectConfiguration";
    checkPlaces(operation, parameters);
    return operation.name;
  }
  const unsupported = UNSUPPORTED[key];
  if (unsupported === undefined) return undefined;
  if (unsupported.answer) return unsupported.name;
  throw notImplemented(`${method} Bucket ${choosing.join(" ")}`);
}

/** The first one that an object's PUT names. */
export const configurationIn = (query: Parameters) =>
  BUCKET_CONFIGURATIONS.find((name) => query.some(([given]) => given === name));

function checkPlaces({ name, type = name, takes = [] }: Definition, parameters: ReadonlyMap<string, string>): void {
  const isTaken = (given: string) =>
    given === "versionId" || (given.startsWith("response-") ? type === "GetObject" : takes.includes(given));
  const [misplaced] = [...parameters].find(([given, value]) => value !== "" && !isTaken(given)) ?? [];
  if (misplaced === undefined) return;
  throw noPlaceFor(misplaced.startsWith("response-") ? "responseHeaderOverrides" : property(misplaced), type);
}

/** The text of the bean library that it fails in: observed for `taggingConfiguration`. */
export const noPlaceFor = (name: string, type: string) =>
  unknownFailure(
    `Invalid property '${name}' of bean class [com.eucalyptus.objectstorage.msgs.${type}Type]: set failed`,
  );

const plain = (name: string): string => name.replaceAll("-", "").toLowerCase();

/** `max-keys` is `maxKeys`. */
function property(name: string): string {
  const joined = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return joined.slice(0, 1).toLowerCase() + joined.slice(1);
}
