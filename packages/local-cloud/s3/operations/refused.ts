import {
  accessDenied,
  internalError,
  invalidArgument,
  malformedXml,
  notImplemented,
  unknownFailure,
} from "../errors.ts";
import type { Operation } from "../operation.ts";
import { objectOf, ownBucketOf } from "../store.ts";
import { nodesAt, parseXml } from "../xmlBody.ts";

/* What is always refused: observed on Eucalyptus 5.1.0, 2026-11-28, but for the policy. */

/** The object stays as it is. */
const putObjectTagging: Operation = {
  name: "PutObjectTagging",

  run({ body }) {
    const noTagSet = () => malformedXml("/Tagging/TagSet");
    if (nodesAt(parseXml(body, "Tagging", noTagSet), "TagSet").length === 0) throw noTagSet();
    throw unknownFailure("Invalid property 'taggingConfiguration' of bean class [PutObjectType]: set failed");
  },
};

/** The store behind the gateway has no such operation. */
const uploadPartCopy: Operation = {
  name: "UploadPartCopy",

  run() {
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
  putBucketPolicy,
  putObjectTagging,
  uploadPartCopy,
];
