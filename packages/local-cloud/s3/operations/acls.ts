import { aclDocument, checkAccess, grantsFromHeaders, grantsFromXml, privateGrants } from "../acl.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, objectOf, setGrants } from "../store.ts";
import type { Grant } from "../types.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";

/* A header wins over the body. Source: Corymbia/eucalyptus `AclUtils.java`, `ObjectStorageGateway.java`. */

export const getBucketAcl: Operation = {
  name: "GetBucketAcl",

  run(request) {
    const { grants } = bucketOf(request);
    checkAccess(request.caller, grants, "READ_ACP");
    return xmlAnswer("AccessControlPolicy", aclDocument(grants));
  },
};

export const putBucketAcl: Operation = {
  name: "PutBucketAcl",

  run(request) {
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "WRITE_ACP");
    bucket.grants = wantedGrants(request);
    return emptyAnswer(200);
  },
};

export const getObjectAcl: Operation = {
  name: "GetObjectAcl",

  run(request) {
    const { grants } = objectOf(request, request.parameters.get("versionId"));
    checkAccess(request.caller, grants, "READ_ACP");
    return xmlAnswer("AccessControlPolicy", aclDocument(grants));
  },
};

export const putObjectAcl: Operation = {
  name: "PutObjectAcl",

  run(request) {
    const version = objectOf(request, request.parameters.get("versionId"));
    checkAccess(request.caller, version.grants, "WRITE_ACP");
    setGrants(request.world, bucketOf(request), request.key, version, wantedGrants(request));
    return emptyAnswer(200, version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId });
  },
};

/** A request without header and body makes it private again: observed on Eucalyptus 5.1.0, 2026-11-28. */
function wantedGrants({ head, body }: S3Request): readonly Grant[] {
  return grantsFromHeaders(head) ?? (body.length === 0 ? privateGrants() : grantsFromXml(body));
}
