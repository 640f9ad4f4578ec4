import { aclDocument, checkAccess, grantsInHeaders, grantsInXml, grantsOf, grantsOfNew } from "../acl.ts";
import { malformedAcl, S3Error } from "../errors.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, objectOf, setGrants } from "../store.ts";
import type { Grant } from "../types.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";

/* Headers and body add up, and are read before anything is looked up. Source: Corymbia/eucalyptus `AclUtils.java`, `ObjectStorageGateway.java`. */

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
    const resource = `${request.bucketName}?acl`;
    const wanted = wantedGrants(request, resource);
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "WRITE_ACP");
    if (wanted.length === 0) throw malformedAcl(resource);
    bucket.grants = knownGrants(wanted, (error) => (error instanceof S3Error ? error : malformedAcl(resource)));
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

/** Without headers and body it becomes private again: observed on Eucalyptus 5.1.0, 2026-11-28. */
export const putObjectAcl: Operation = {
  name: "PutObjectAcl",

  run(request) {
    const resource = `${request.bucketName}/${request.key}?acl`;
    const wanted = wantedGrants(request, resource);
    const version = objectOf(request, request.parameters.get("versionId"));
    checkAccess(request.caller, version.grants, "WRITE_ACP");
    const saysNothing = wanted.length === 0 && request.body.length === 0;
    const grants = saysNothing ? grantsOfNew([], resource) : knownGrants(wanted, () => malformedAcl(resource));
    setGrants(request.world, bucketOf(request), request.key, version, grants);
    return emptyAnswer(200, version.versionId === "null" ? {} : { "x-amz-version-id": version.versionId });
  },
};

type WantedGrants = ReturnType<typeof grantsInHeaders>;

const wantedGrants = ({ head, body }: S3Request, resource: string): WantedGrants => [
  ...grantsInXml(body, resource),
  ...grantsInHeaders(head),
];

function knownGrants(wanted: WantedGrants, refusal: (error: S3Error | RangeError) => S3Error): readonly Grant[] {
  try {
    return grantsOf(wanted);
  } catch (error) {
    if (error instanceof S3Error || error instanceof RangeError) throw refusal(error);
    throw error;
  }
}
