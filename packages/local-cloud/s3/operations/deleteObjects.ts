import { malformedXml, S3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { bucketOf } from "../store.ts";
import { xmlAnswer } from "../xmlAnswer.ts";
import { elementsAnywhere, parsedXml, textAnywhere, textAt } from "../xmlBody.ts";
import { deleteKey } from "./deleteObject.ts";

/** No Content-MD5 needed; errors are only `AccessDenied` or `InternalError`. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const deleteObjects: Operation = {
  name: "DeleteObjects",

  run(request) {
    const { objects, isQuiet } = wantedIn(request.body);
    bucketOf(request);
    const deleted: object[] = [];
    const failed: object[] = [];
    for (const object of objects) {
      const Key = textAt(object, "Key");
      const VersionId = textAt(object, "VersionId").trim() === "" ? undefined : textAt(object, "VersionId");
      try {
        const headers = deleteKey(request, Key, VersionId);
        const marker = headers["x-amz-delete-marker"] && {
          DeleteMarker: true,
          DeleteMarkerVersionId: headers["x-amz-version-id"],
        };
        deleted.push({ Key, VersionId, ...marker });
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        const Code = error.code === "AccessDenied" ? error.code : "InternalError";
        failed.push({ Key, VersionId, Code, Message: error.message });
      }
    }
    return xmlAnswer("DeleteResult", {
      Deleted: isQuiet ? [] : deleted.map((one) => ({ ...one })),
      Error: failed.map((one) => ({ ...one })),
    });
  },
};

/** Another root names no object. @throws {S3Error} `MalformedXML` */
function wantedIn(body: Buffer) {
  if (body.length === 0) return { objects: [], isQuiet: false };
  const document = parsedXml(body);
  if (!document) throw malformedXml("/Delete/Object");
  const isQuiet = textAnywhere(document, "Delete", "Quiet").trim().startsWith("true");
  return { objects: elementsAnywhere(document, "Delete", "Object"), isQuiet };
}
