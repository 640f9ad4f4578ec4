import { malformedXml, S3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { bucketOf } from "../store.ts";
import { xmlAnswer } from "../xmlAnswer.ts";
import { nodesAt, parseXml, textAt } from "../xmlBody.ts";
import { deleteKey } from "./deleteObject.ts";

/** No Content-MD5 needed; errors are only `AccessDenied` or `InternalError`. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const deleteObjects: Operation = {
  name: "DeleteObjects",

  run(request) {
    bucketOf(request);
    const wanted = parseXml(request.body, "Delete", malformedXml);
    const deleted: object[] = [];
    const failed: object[] = [];
    for (const object of nodesAt(wanted, "Object")) {
      const Key = textAt(object, "Key") ?? "";
      const VersionId = textAt(object, "VersionId");
      try {
        const headers = deleteKey(request, Key, VersionId);
        const marker = headers["x-amz-delete-marker"] && {
          DeleteMarker: true,
          DeleteMarkerVersionId: headers["x-amz-version-id"],
        };
        deleted.push({ Key, VersionId, ...marker });
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        failed.push({ Key, VersionId, Code: error.code, Message: error.message });
      }
    }
    const quiet = textAt(wanted, "Quiet")?.toLowerCase() === "true";
    return xmlAnswer("DeleteResult", {
      Deleted: quiet ? [] : deleted.map((one) => ({ ...one })),
      Error: failed.map((one) => ({ ...one })),
    });
  },
};
