import { parseDate } from "../wire/clock.ts";
import { headerOf, type RequestHead } from "../wire/target.ts";
import { checkAccess } from "./acl.ts";
import { accessDenied, dateUnparsable, unknownFailure } from "./errors.ts";
import type { S3Request } from "./operation.ts";
import { objectOf } from "./store.ts";
import { pathText } from "./target.ts";
import type { ObjectVersion } from "./types.ts";

/* Where a copy comes from. Source: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`, `ObjectStorageGateway.java`. */

interface SourceName {
  readonly bucketName: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Decoded before it is taken apart, so a key with `?` cannot be named. With or without slashes before it. */
export function sourceNamed(head: RequestHead): SourceName {
  const [path = "", version] = pathText(headerOf(head, "x-amz-copy-source") ?? "").split("?");
  const [bucketName = "", ...rest] = path.replace(/^\/+/, "").split("/");
  const key = rest.join("/");
  if (key === "") throw unknownFailure("Malformed COPY request", 400);
  return { bucketName, key, versionId: version?.replace("versionId=", "").trim() };
}

export function copySource({ world, caller }: S3Request, { bucketName, key, versionId }: SourceName) {
  const version = objectOf({ world, bucketName, key }, versionId, `${bucketName}/${key}`);
  checkAccess(caller, version.grants, "READ", accessDenied(`${bucketName}/${key}`));
  return { bucketName, key, version };
}

interface SourceCondition {
  readonly name: string;
  readonly value: string;
  readonly fails: (version: ObjectVersion) => boolean;
}

/** All four kinds fail with 412, their names in any case; times are compared to the millisecond. */
export function sourceConditions(head: RequestHead): readonly SourceCondition[] {
  const condition = <T>(
    name: string,
    read: (text: string) => T,
    fails: (value: T, version: ObjectVersion) => boolean,
  ) => {
    const text = headerOf(head, `x-amz-copy-source-if-${name}`);
    if (text === undefined) return [];
    const value = read(text);
    const shown = name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
    return [{ name: `CopySourceIf${shown}`, value: text, fails: (version: ObjectVersion) => fails(value, version) }];
  };
  const time = ({ modified }: ObjectVersion) => Date.parse(modified);
  return [
    ...condition("match", unquoted, (etag, version) => etag !== version.etag),
    ...condition("none-match", unquoted, (etag, version) => etag === version.etag),
    ...condition("unmodified-since", timeIn, (date, version) => date < time(version)),
    ...condition("modified-since", timeIn, (date, version) => date > time(version)),
  ];
}

const unquoted = (etag: string): string => etag.replace(/^"+|"+$/g, "");

function timeIn(text: string): number {
  const date = parseDate(text);
  if (!date) throw dateUnparsable(text);
  return date.getTime();
}
