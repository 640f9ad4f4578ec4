import { corsRulesIn, lifecycleRulesIn, tagsIn } from "../configurationBodies.ts";
import { copySource, sourceConditions, sourceNamed } from "../copySource.ts";
import { accessDenied, headerNotImplemented, internalError, invalidArgument, notImplemented } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { type BUCKET_CONFIGURATIONS, configurationIn, noPlaceFor } from "../operationName.ts";
import { objectOf, ownBucketOf, uploadOf } from "../store.ts";

/* What is always refused: observed on Eucalyptus 5.1.0, 2026-11-28, but for the policy. */

/** How each configuration is read, and the place that an object's PUT does not have for it. */
const CONFIGURATIONS: Readonly<
  Record<(typeof BUCKET_CONFIGURATIONS)[number], readonly [read: (body: Buffer) => unknown, place: string]>
> = {
  tagging: [tagsIn, "taggingConfiguration"],
  lifecycle: [lifecycleRulesIn, "lifecycleConfiguration"],
  cors: [corsRulesIn, "corsConfiguration"],
  policy: [(body) => body, "policy"],
};

/** The object stays as it is. Seen for tagging, read in `ObjectStorageRESTBinding.java` for the others. */
const putObjectConfiguration: Operation = {
  name: "PutObjectConfiguration",

  run({ head, body }) {
    const [read, place] = CONFIGURATIONS[configurationIn(head.query) ?? "tagging"];
    read(body);
    throw noPlaceFor(place, "PutObject");
  },
};

/** The store behind the gateway has no such operation; what is wrong with the request is found out before. */
const uploadPartCopy: Operation = {
  name: "UploadPartCopy",

  run(request) {
    const named = sourceNamed(request.head);
    sourceConditions(request.head);
    copySource(request, named);
    uploadOf(request);
    throw internalError();
  },
};

const getObjectTorrent: Operation = {
  name: "GetObjectTorrent",

  run(request) {
    objectOf(request);
    throw accessDenied();
  },
};

const putBucketLogging: Operation = {
  name: "PutBucketLogging",

  run(request) {
    ownBucketOf(request);
    throw headerNotImplemented("PUT ?logging");
  },
};

/** Our own limit: a policy that is kept without effect would make a bucket look open or closed that is not: 501. */
const putBucketPolicy: Operation = {
  name: "PutBucketPolicy",

  run(request) {
    const { name } = ownBucketOf(request);
    if (!isJsonObject(request.body)) throw invalidArgument(`${name}?policy`, "Invalid policy");
    throw notImplemented("PUT Bucket policy");
  },
};

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export const REFUSED_OPERATIONS: readonly Operation[] = [
  getObjectTorrent,
  putBucketLogging,
  putBucketPolicy,
  putObjectConfiguration,
  uploadPartCopy,
];
