import { checkAccess, OWNER } from "../acl.ts";
import { invalidArgument } from "../errors.ts";
import { limitOf, pageOf } from "../listing.ts";
import type { Operation } from "../operation.ts";
import { bucketOf } from "../store.ts";
import type { ObjectVersion } from "../types.ts";
import { xmlAnswer } from "../xmlAnswer.ts";

interface Listed {
  readonly key: string;
  readonly version: ObjectVersion;
}

/** Both versions of the call. Keys come raw whatever `encoding-type` says. Source: Corymbia/eucalyptus `osg-s3ns-binding-inc.xml`. */
export const listObjects: Operation = {
  name: "ListObjects",

  run(request) {
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "READ");
    const given = (name: string) => request.parameters.get(name);
    const isV2 = given("list-type") === "2";
    const prefix = given("prefix") ?? "";
    const delimiter = given("delimiter") ?? "";
    const token = given("continuation-token");
    const after = isV2
      ? token === undefined
        ? (given("start-after") ?? "")
        : keyOfToken(token)
      : (given("marker") ?? "");
    const limit = limitOf(given("max-keys"));
    const page = pageOf(bucket, liveObject, { prefix, delimiter, after, limit });
    const withOwner = !isV2 || given("fetch-owner") === "true";
    return xmlAnswer("ListBucketResult", {
      Name: bucket.name,
      Prefix: prefix,
      Marker: isV2 ? undefined : after,
      NextMarker: !isV2 && page.isTruncated ? (page.last ?? "") : undefined,
      StartAfter: isV2 ? given("start-after") : undefined,
      ContinuationToken: isV2 ? token : undefined,
      NextContinuationToken: isV2 && page.isTruncated ? tokenOf(page.last ?? "") : undefined,
      KeyCount: isV2 ? page.entries.length + page.commonPrefixes.length : undefined,
      MaxKeys: limit,
      Delimiter: given("delimiter"),
      IsTruncated: page.isTruncated,
      Contents: page.entries.map(({ key, version }) => ({
        Key: key,
        LastModified: version.modified,
        ETag: `"${version.etag}"`,
        Size: version.size,
        Owner: withOwner ? OWNER : undefined,
        StorageClass: "STANDARD",
      })),
      CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix })),
    });
  },
};

function liveObject(key: string, versions: readonly ObjectVersion[]): Listed | undefined {
  const version = versions.at(-1);
  return version?.file === undefined ? undefined : { key, version };
}

const tokenOf = (key: string): string => Buffer.from(key, "utf8").toString("base64");

function keyOfToken(token: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(token)) throw invalidArgument(token);
  return Buffer.from(token, "base64").toString("utf8");
}
