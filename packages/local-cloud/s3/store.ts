import type { World } from "../world/world.ts";
import { accessDenied, noSuchBucket, noSuchKey, noSuchUpload, type S3Error } from "./errors.ts";
import type { S3Request } from "./operation.ts";
import type { Bucket, Grant, ObjectVersion, Part, Upload } from "./types.ts";

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

/** The live version, or the one asked for; a delete marker reads as missing. @throws {S3Error} `NoSuchBucket`, `NoSuchKey` about `resource` */
export function objectOf(
  request: Pick<S3Request, "world" | "bucketName" | "key">,
  versionId?: string,
  resource = `${request.bucketName}/${request.key}${versionId === undefined ? "" : `?versionId=${versionId}`}`,
): ObjectVersion {
  const versions = bucketOf(request).objects.get(request.key) ?? [];
  const version = versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
  if (!version) throw noSuchKey(resource);
  if (version.file === undefined) throw noSuchKey(request.key);
  return version;
}

/** Adds the newest version and returns the files that are no longer needed. */
export function putVersion(world: World, bucket: Bucket, key: string, version: ObjectVersion): string[] {
  const versions = bucket.objects.get(key) ?? [];
  const kept = bucket.versioning === "Enabled" ? versions : versions.filter(({ versionId }) => versionId !== "null");
  setVersions(world, bucket, key, [...kept, version]);
  return filesOf(versions.filter((one) => !kept.includes(one)));
}

/** Returns the files that are no longer needed. */
export function removeVersion(world: World, bucket: Bucket, key: string, versionId: string): string[] {
  const versions = bucket.objects.get(key) ?? [];
  const kept = versions.filter((one) => one.versionId !== versionId);
  setVersions(world, bucket, key, kept);
  return filesOf(versions.filter((one) => !kept.includes(one)));
}

export function setGrants(
  world: World,
  bucket: Bucket,
  key: string,
  version: ObjectVersion,
  grants: readonly Grant[],
): void {
  const versions = bucket.objects.get(key) ?? [];
  setVersions(
    world,
    bucket,
    key,
    versions.map((one) => (one === version ? { ...one, grants } : one)),
  );
}

function setVersions(world: World, { name, objects }: Bucket, key: string, versions: readonly ObjectVersion[]): void {
  if (objects.has(key) !== versions.length > 0) sortedKeysOf.delete(objects);
  if (versions.length > 0) objects.set(key, versions);
  else objects.delete(key);
  world.changed.push(["buckets", name, "objects", key]);
}

/** Sorted when first asked for after a key came or went: a listing of many pages sorts once. */
const sortedKeysOf = new WeakMap<Bucket["objects"], readonly string[]>();

/** In the order of code units, as S3 sorts. */
export function sortedKeys({ objects }: Pick<Bucket, "objects">): readonly string[] {
  const known = sortedKeysOf.get(objects);
  if (known) return known;
  const keys = [...objects.keys()].sort();
  sortedKeysOf.set(objects, keys);
  return keys;
}

export function setUpload(world: World, upload: Upload): void {
  world.state.uploads.set(upload.uploadId, upload);
  world.changed.push(["uploads", upload.uploadId]);
}

export function setPart(world: World, { uploadId, parts }: Upload, part: Part): void {
  parts.set(part.number, part);
  world.changed.push(["uploads", uploadId, "parts", part.number]);
}

/** Returns the files of its parts: an object that they became has a file of its own. */
export function removeUpload(world: World, { uploadId, parts }: Upload): string[] {
  world.state.uploads.delete(uploadId);
  world.changed.push(["uploads", uploadId]);
  return [...parts.values()].map(({ file }) => file);
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

/** Who has begun an upload goes on with it; a bucket that everybody may write to does not change that. */
export function uploadOf(request: S3Request, refusal: S3Error = accessDenied()): Upload {
  bucketOf(request);
  const uploadId = request.parameters.get("uploadId") ?? "";
  const upload = request.world.state.uploads.get(uploadId);
  if (!upload || upload.bucketName !== request.bucketName || upload.key !== request.key) throw noSuchUpload(uploadId);
  if (request.caller === "nobody") throw refusal;
  return upload;
}
