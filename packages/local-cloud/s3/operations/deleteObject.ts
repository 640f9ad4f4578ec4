import { checkAccess } from "../acl.ts";
import { accessDenied, invalidArgument } from "../errors.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, putVersion, removeVersion } from "../store.ts";
import { emptyAnswer } from "../xmlAnswer.ts";

/** 204 for a missing key, to everybody. In a versioned bucket a marker is added. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const deleteObject: Operation = {
  name: "DeleteObject",
  run: (request) => emptyAnswer(204, deleteKey(request, request.key, request.parameters.get("versionId"))),
};

/** Removes one key as the caller may. Returns the headers that say what was done. */
export function deleteKey(request: S3Request, key: string, versionId: string | undefined): Record<string, string> {
  const bucket = bucketOf(request);
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined) {
    const resource = `${bucket.name}/${key}?versionId=${versionId}`;
    if (!versions.some((one) => one.versionId === versionId)) {
      throw invalidArgument(resource, "Invalid version id specified");
    }
    if (request.caller === "nobody") throw accessDenied(resource);
    request.unused.push(...removeVersion(request.world, bucket, key, versionId));
    return { "x-amz-version-id": versionId };
  }
  if (versions.length === 0) return {};
  checkAccess(request.caller, bucket.grants, "WRITE");
  if (bucket.versioning === undefined) {
    request.unused.push(...removeVersion(request.world, bucket, key, "null"));
    return {};
  }
  const marker = {
    versionId: newVersionId(request.world, bucket),
    modified: request.world.now().toISOString(),
    etag: "",
    size: 0,
    file: undefined,
    headers: new Map<string, string>(),
    grants: [],
  };
  request.unused.push(...putVersion(request.world, bucket, key, marker));
  return { "x-amz-version-id": marker.versionId, "x-amz-delete-marker": "true" };
}
