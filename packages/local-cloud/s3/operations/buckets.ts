import { checkAccess, grantsInHeaders, grantsOfNew, OWNER } from "../acl.ts";
import {
  accessDenied,
  accessOrLimit,
  bucketNotEmpty,
  illegalVersioning,
  internalError,
  invalidBucketName,
  tooManyBuckets,
} from "../errors.ts";
import type { Operation } from "../operation.ts";
import { bucketOf, ownBucketOf } from "../store.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { parsedXml, textAnywhere, textAt } from "../xmlBody.ts";

/** Naming rule "extended", the default (Corymbia/eucalyptus `BucketNameValidatorRepo.java`). */
const NAME = /^[A-Za-z0-9._-]{2,255}$/;
const BUCKETS_PER_ACCOUNT = 100;

export const listBuckets: Operation = {
  name: "ListBuckets",

  run({ world, caller }) {
    if (caller === "nobody") throw accessDenied();
    const buckets = [...world.state.buckets.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
    return xmlAnswer("ListAllMyBucketsResult", {
      Owner: OWNER,
      Buckets: { Bucket: buckets.map(({ name, created }) => ({ Name: name, CreationDate: created })) },
    });
  },
};

/** An own bucket is silently kept, with its ACL; the location is any text. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const createBucket: Operation = {
  name: "CreateBucket",

  run({ world, caller, bucketName, head, body }) {
    const wanted = grantsInHeaders(head);
    const location = locationOf(body);
    if (!NAME.test(bucketName)) throw invalidBucketName();
    const grants = grantsOfNew(wanted, bucketName);
    if (caller === "nobody") throw accessOrLimit(bucketName);
    if (!world.state.buckets.has(bucketName)) {
      if (world.state.buckets.size >= BUCKETS_PER_ACCOUNT) throw tooManyBuckets();
      world.state.buckets.set(bucketName, {
        name: bucketName,
        created: world.now().toISOString(),
        location,
        grants,
        versioning: undefined,
        objects: new Map(),
      });
    }
    return emptyAnswer(200, { Connection: "close" });
  },
};

/** What is not such XML holds no location: observed on Eucalyptus 5.1.0, 2026-11-28. */
function locationOf(body: Buffer): string {
  return textAt(parsedXml(body) ?? {}, "CreateBucketConfiguration", "LocationConstraint");
}

export const headBucket: Operation = {
  name: "HeadBucket",

  run(request) {
    checkAccess(request.caller, bucketOf(request).grants, "READ");
    return emptyAnswer(200);
  },
};

/** Versions and delete markers count as content. */
export const deleteBucket: Operation = {
  name: "DeleteBucket",

  run(request) {
    const bucket = bucketOf(request);
    if (request.caller === "nobody") throw accessDenied();
    if (bucket.objects.size > 0) throw bucketNotEmpty();
    request.world.state.buckets.delete(bucket.name);
    return emptyAnswer(204);
  },
};

export const getBucketLocation: Operation = {
  name: "GetBucketLocation",
  run: (request) => xmlAnswer("LocationConstraint", ownBucketOf(request).location),
};

export const getBucketVersioning: Operation = {
  name: "GetBucketVersioning",
  run: (request) => xmlAnswer("VersioningConfiguration", { Status: ownBucketOf(request).versioning }),
};

export const putBucketVersioning: Operation = {
  name: "PutBucketVersioning",

  run(request) {
    const bucket = ownBucketOf(request);
    const status = textAnywhere(parsedXml(request.body) ?? {}, "Status");
    if (status === "") throw internalError();
    if (status !== "Enabled" && status !== "Suspended") throw illegalVersioning(status);
    bucket.versioning = status;
    return emptyAnswer(200);
  },
};
