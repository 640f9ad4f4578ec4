import { parseDate } from "../../wire/clock.ts";
import { formDecode, headerOf, type RequestHead } from "../../wire/target.ts";
import { checkAccess, grantsFromHeaders, privateGrants } from "../acl.ts";
import { invalidArgument, invalidRequest, preconditionFailed } from "../errors.ts";
import { keptHeaders } from "../keptHeaders.ts";
import type { Operation, S3Request } from "../operation.ts";
import { bucketOf, newVersionId, objectOf, putVersion } from "../store.ts";
import type { ObjectVersion } from "../types.ts";
import { xmlAnswer } from "../xmlAnswer.ts";

/** The ACL is never copied, the ETag comes without quotes. Order of checks: Corymbia/eucalyptus `ObjectStorageGateway.java`. */
export const copyObject: Operation = {
  name: "CopyObject",

  async run(request) {
    const { world, head, bytes, key } = request;
    const source = copySource(request);
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "WRITE");
    const directive = headerOf(head, "x-amz-metadata-directive") ?? "COPY";
    if (directive !== "COPY" && directive !== "REPLACE") throw invalidArgument(directive);
    const ontoItself = source.bucketName === bucket.name && source.key === key;
    if (ontoItself && directive === "COPY") {
      throw invalidRequest("This copy request is illegal because it is trying to copy an object to itself.");
    }
    checkSourceConditions(head, source.version);
    const grants = grantsFromHeaders(head) ?? privateGrants();

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

/** URL-decoded, with or without a leading slash, with or without a version. */
function copySource(request: S3Request): { bucketName: string; key: string; version: ObjectVersion } {
  const [path = "", versionId] = (headerOf(request.head, "x-amz-copy-source") ?? "").split("?versionId=");
  const [bucketName = "", ...rest] = formDecode(path).replace(/^\//, "").split("/");
  const key = rest.join("/");
  if (key === "") throw invalidArgument(path);
  const version = objectOf({ world: request.world, bucketName, key }, versionId);
  checkAccess(request.caller, version.grants, "READ");
  return { bucketName, key, version };
}

/** All four kinds fail with 412, their names in any case. */
function checkSourceConditions(head: RequestHead, { etag, modified }: ObjectVersion): void {
  const given = (name: string) => headerOf(head, `x-amz-copy-source-if-${name}`);
  const plain = (text: string) => text.trim().replace(/^"(.*)"$/, "$1");
  const seconds = Math.floor(Date.parse(modified) / 1000);
  const time = (text: string) => (parseDate(text)?.getTime() ?? Number.NaN) / 1000;
  const [match, noneMatch] = [given("match"), given("none-match")];
  const [since, unmodifiedSince] = [given("modified-since"), given("unmodified-since")];
  const failing = [
    match !== undefined && plain(match) !== etag && "match",
    noneMatch !== undefined && plain(noneMatch) === etag && "none-match",
    since !== undefined && seconds <= time(since) && "modified-since",
    unmodifiedSince !== undefined && seconds > time(unmodifiedSince) && "unmodified-since",
  ].find((name) => name !== false);
  if (failing) throw preconditionFailed(`x-amz-copy-source-if-${failing}`);
}
