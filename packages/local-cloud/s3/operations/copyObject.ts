import { headerOf } from "../../wire/target.ts";
import { checkAccess, grantsInHeaders, grantsOfNew } from "../acl.ts";
import { copySource, sourceConditions, sourceNamed } from "../copySource.ts";
import { accessOrLimit, invalidArgument, invalidRequest, preconditionFailed } from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import type { Operation } from "../operation.ts";
import { bucketOf, newVersionId, putVersion } from "../store.ts";
import { xmlAnswer } from "../xmlAnswer.ts";

/** The ACL is never copied, the ETag comes without quotes. Order of checks: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const copyObject: Operation = {
  name: "CopyObject",

  async run(request) {
    const { world, head, bytes, key } = request;
    const named = sourceNamed(head);
    const conditions = sourceConditions(head);
    const wanted = grantsInHeaders(head);
    const source = copySource(request, named);
    const bucket = bucketOf(request);
    const resource = `${bucket.name}/${key}`;
    checkAccess(request.caller, bucket.grants, "WRITE", accessOrLimit(resource));
    const directive = headerOf(head, "x-amz-metadata-directive") || "COPY";
    if (directive !== "COPY" && directive !== "REPLACE") {
      throw invalidArgument("x-amz-metadata-directive", `Unknown metadata directive: ${directive}`);
    }
    const ontoItself = source.bucketName === bucket.name && source.key === key && named.versionId === undefined;
    if (ontoItself && directive === "COPY") {
      const reason =
        "This copy request is illegal because it is trying to copy an object to itself without changing the " +
        "object's metadata, storage class, website redirect location or encryption attributes.";
      throw invalidRequest(resource, reason);
    }
    const failing = conditions.find(({ fails }) => fails(source.version));
    if (failing) throw preconditionFailed(`${source.key} ${failing.name}: ${failing.value}`);
    const grants = grantsOfNew(wanted, `${resource}?acl`);

    const stored = await bytes.store(bytes.chunks([source.version.file ?? ""]));
    const modified = world.now().toISOString();
    const unused = putVersion(world, bucket, key, {
      versionId: newVersionId(world, bucket),
      modified,
      etag: source.version.etag,
      size: stored.size,
      file: stored.file,
      headers: directive === "COPY" ? source.version.headers : keptHeaders(head),
      grants,
    });
    request.unused.push(...unused);
    return xmlAnswer("CopyObjectResult", { ETag: source.version.etag, LastModified: modified });
  },
};
