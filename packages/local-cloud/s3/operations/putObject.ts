import { headerOf } from "../../wire/target.ts";
import { checkAccess, grantsInHeaders, grantsOfNew } from "../acl.ts";
import { accessOrLimit, missingContentLength } from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, putVersion } from "../store.ts";
import { emptyAnswer } from "../xmlAnswer.ts";

/**
 * Overwrites without a condition: `If-Match`, `If-None-Match` and `Content-MD5` are not looked at.
 * Source: Corymbia/eucalyptus `ObjectStorageGateway.java` (order of checks), `ObjectFactoryImpl.java`.
 */
export const putObject: Operation = {
  name: "PutObject",
  storesBody: true,
  check: checkWrite,

  run(request) {
    checkWrite(request);
    const { world, head, stored, key } = request;
    if (!stored) throw missingContentLength();
    const bucket = bucketOf(request);
    const versionId = newVersionId(world, bucket);
    const unused = putVersion(world, bucket, key, {
      versionId,
      modified: world.now().toISOString(),
      etag: stored.md5,
      size: stored.size,
      file: stored.file,
      headers: keptHeaders(head),
      grants: grantsOfNew(grantsInHeaders(head), key),
    });
    request.unused.push(...unused);
    return emptyAnswer(200, {
      ETag: `"${stored.md5}"`,
      ...(versionId !== "null" && { "x-amz-version-id": versionId }),
    });
  },
};

function checkWrite(request: S3Request): void {
  const wanted = grantsInHeaders(request.head);
  const bucket = bucketOf(request);
  const says = (name: string) => headerOf(request.head, name) !== undefined;
  const hasLength = says("content-length") || says("x-amz-decoded-content-length") || says("transfer-encoding");
  if (!hasLength) throw missingContentLength();
  const refusal = accessOrLimit(bucket.name);
  checkAccess(request.caller, bucket.grants, "WRITE", refusal);
  if (/[\r\n]/.test(request.key)) throw refusal; // observed on Eucalyptus 5.1.0, 2026-11-28
  grantsOfNew(wanted, request.key);
}
