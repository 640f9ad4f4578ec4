import type { Operation } from "../operation.ts";
import { emptyAnswer, xmlAnswer } from "../xmlAnswer.ts";
import { putObject } from "./putObject.ts";

/**
 * The upload by a form: a PutObject with another answer. 204 was observed on Eucalyptus 5.1.0, 2026-11-28; the others
 * are read in Corymbia/eucalyptus `ObjectStorageGateway.java`, `ObjectStorageOutboundHandler.java`.
 */
export const postObject: Operation = {
  ...putObject,
  name: "PostObject",

  async run(request) {
    const { bucketName, key, world, form, stored } = request;
    await putObject.run(request);
    const redirect = form?.get("success_action_redirect") ?? form?.get("redirect");
    const etag = stored?.md5 ?? "";
    if (redirect !== undefined) {
      const query = `bucket=${bucketName}&key=${encodeURIComponent(key)}&etag=quot;${etag}quot;`;
      return emptyAnswer(303, { Location: `${redirect.replace(/[\r\n]/g, "")}?${query}`, Connection: "close" });
    }
    const status = form?.get("success_action_status");
    if (status === "201") {
      const Location = `${world.identity.s3Url}${bucketName}/${key}`;
      return xmlAnswer("PostResponse", { Location, Bucket: bucketName, Key: key, ETag: etag }, 201);
    }
    return emptyAnswer(status === "200" ? 200 : 204, { Connection: "close" });
  },
};
