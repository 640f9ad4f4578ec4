import { checkAccess, OWNER } from "../acl.ts";
import { invalidArgument } from "../errors.ts";
import { cappedLimit, pageOf } from "../listing.ts";
import type { Operation } from "../operation.ts";
import { bucketOf } from "../store.ts";
import type { ObjectVersion } from "../types.ts";
import { xmlAnswer } from "../xmlAnswer.ts";

/** Pages hold whole keys: a key's versions are never split over two. Source: Corymbia/eucalyptus `osg-s3ns-binding-inc.xml`. */
export const listObjectVersions: Operation = {
  name: "ListObjectVersions",

  run(request) {
    const bucket = bucketOf(request);
    checkAccess(request.caller, bucket.grants, "READ");
    const given = (name: string) => request.parameters.get(name);
    const options = {
      prefix: given("prefix") ?? "",
      delimiter: given("delimiter") ?? "",
      after: given("key-marker") ?? "",
      limit: cappedLimit(given("max-keys"), () => invalidArgument(given("max-keys") ?? "")),
    };
    const page = pageOf(bucket, itemsOf, options);
    const items = page.entries.flat();
    return xmlAnswer("ListVersionsResult", {
      Name: bucket.name,
      Prefix: options.prefix,
      KeyMarker: given("key-marker"),
      VersionIdMarker: given("version-id-marker"),
      NextKeyMarker: page.isTruncated ? (page.last ?? "") : undefined,
      NextVersionIdMarker: page.isTruncated ? versionIdOf(items.at(-1)) : undefined,
      MaxKeys: options.limit,
      Delimiter: given("delimiter"),
      IsTruncated: page.isTruncated,
      Version: items.flatMap(({ version }) => version ?? []),
      DeleteMarker: items.flatMap(({ marker }) => marker ?? []),
      CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix })),
    });
  },
};

const versionIdOf = (item: Item | undefined): string | undefined => (item?.version ?? item?.marker)?.VersionId;

type Item = ReturnType<typeof itemsOf>[number];

/** Newest first. */
function itemsOf(key: string, versions: readonly ObjectVersion[]) {
  return versions.toReversed().map((version, index) => {
    const common = {
      Key: key,
      VersionId: version.versionId,
      IsLatest: index === 0,
      LastModified: version.modified,
      Owner: OWNER,
    };
    if (version.file === undefined) return { version: undefined, marker: common };
    const whole = { ...common, ETag: `"${version.etag}"`, Size: version.size, StorageClass: "STANDARD" };
    return { version: whole, marker: undefined };
  });
}
