import { checkAccess } from "../acl.ts";
import { isUnchanged, partOf } from "../conditions.ts";
import { DEFAULT_TYPE, overridingHeaders } from "../keptHeaders.ts";
import type { Operation, S3Request } from "../operation.ts";
import { objectOf } from "../store.ts";
import type { ObjectVersion } from "../types.ts";

/** A missing key is 404 to everyone, a private one 403. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const getObject: Operation = {
  name: "GetObject",

  run(request) {
    const version = readableObject(request);
    if (isUnchanged(request.head, version)) return { status: 304, headers: describingHeaders(version, false) };
    const { start, length, contentRange } = partOf(request.head, version.size);
    return {
      status: 200,
      headers: {
        ...describingHeaders(version, true),
        ...overridingHeaders(request.parameters),
        ...(contentRange !== undefined && { "Content-Range": contentRange }),
      },
      body: { file: version.file ?? "", start, length },
    };
  },
};

/** Neither conditions nor ranges are looked at. */
export const headObject: Operation = {
  name: "HeadObject",

  run(request) {
    const version = readableObject(request);
    return {
      status: 200,
      headers: { ...describingHeaders(version, true), "Content-Length": String(version.size) },
    };
  },
};

function readableObject(request: S3Request): ObjectVersion {
  const version = objectOf(request, request.parameters.get("versionId"));
  checkAccess(request.caller, version.grants, "READ");
  return version;
}

function describingHeaders(version: ObjectVersion, whole: boolean): Record<string, string> {
  const kept = [...version.headers].filter(([name]) => whole || name.startsWith("x-amz-meta-"));
  return {
    ...(whole && { "Content-Type": DEFAULT_TYPE }),
    ETag: `"${version.etag}"`,
    "Last-Modified": new Date(version.modified).toUTCString(),
    ...(version.versionId !== "null" && { "x-amz-version-id": version.versionId }),
    ...Object.fromEntries(kept),
  };
}
