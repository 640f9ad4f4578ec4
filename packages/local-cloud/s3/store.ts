import type { World } from "../world/world.ts";
import { accessDenied, noSuchBucket, noSuchKey, noSuchVersion } from "./errors.ts";
import type { S3Request } from "./operation.ts";
import type { Bucket, ObjectVersion } from "./types.ts";

/** @throws {S3Error} `NoSuchBucket` */
export function bucketOf({ world, bucketName }: { world: World; bucketName: string }): Bucket {
  const bucket = world.state.buckets.get(bucketName);
  if (!bucket) throw noSuchBucket(bucketName);
  return bucket;
}

/** For what nobody else may see or change. @throws {S3Error} `NoSuchBucket`, `AccessDenied` */
export function ownBucketOf(request: S3Request): Bucket {
  const bucket = bucketOf(request);
  if (request.caller === "nobody") throw accessDenied();
  return bucket;
}

/** The live version, or the one asked for; a delete marker reads as missing. @throws {S3Error} */
export function objectOf(request: Pick<S3Request, "world" | "bucketName" | "key">, versionId?: string): ObjectVersion {
  const versions = bucketOf(request).objects.get(request.key) ?? [];
  const version = versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
  if (!version && versionId !== undefined && versions.length > 0) throw noSuchVersion();
  if (version?.file === undefined) throw noSuchKey(request.bucketName, request.key);
  return version;
}

/** Adds the newest version and returns the files that are no longer needed. */
export function putVersion(bucket: Bucket, key: string, version: ObjectVersion): string[] {
  const versions = bucket.objects.get(key) ?? [];
  const kept = bucket.versioning === "Enabled" ? versions : versions.filter(({ versionId }) => versionId !== "null");
  bucket.objects.set(key, [...kept, version]);
  return filesOf(versions.filter((one) => !kept.includes(one)));
}

/** Returns the files that are no longer needed. */
export function removeVersion(bucket: Bucket, key: string, versionId: string): string[] {
  const versions = bucket.objects.get(key) ?? [];
  const kept = versions.filter((one) => one.versionId !== versionId);
  if (kept.length > 0) bucket.objects.set(key, kept);
  else bucket.objects.delete(key);
  return filesOf(versions.filter((one) => !kept.includes(one)));
}

export function newVersionId(world: World, bucket: Bucket): string {
  return bucket.versioning === "Enabled" ? world.nextToken().slice(0, 32) : "null";
}

const filesOf = (versions: readonly ObjectVersion[]): string[] => versions.flatMap(({ file }) => file ?? []);

/** Every file that some object or part still needs. */
export function neededFiles(world: World): Set<string> {
  const versions = [...world.state.buckets.values()].flatMap(({ objects }) => [...objects.values()].flat());
  const parts = [...world.state.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
  return new Set([...filesOf(versions), ...parts.map(({ file }) => file)]);
}
