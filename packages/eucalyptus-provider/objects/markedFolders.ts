import type { S3 } from "@planet/eucalyptus-client";
import { BELOW, FOLDER_MARKS, GOES_WITH_BUCKET, isMarked } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";

/** More marks are not looked at: a program has a handful. */
const MARK_LIMIT = 100;
const PAGE = 1000;
const PARALLEL_DELETES = 8;

/** Prefixes of the folders of a bucket that end with it. Their objects are written by others than the program. */
export async function markedFolders(s3: S3, bucket: string): Promise<string[]> {
  const marks = await s3.listObjects(bucket, FOLDER_MARKS, MARK_LIMIT);
  const objects = await Promise.all(marks.map(({ key }) => s3.headObject(bucket, key)));
  return objects.flatMap((object) => {
    const prefix = object?.metadata[BELOW] ?? "";
    return object && isMarked(object.metadata, GOES_WITH_BUCKET) && isFolder(prefix) ? [prefix] : [];
  });
}

/** Whatever else the metadata says: never a part of a name, never the whole bucket. */
const isFolder = (prefix: string): boolean => /^[^/].*\/$/.test(prefix);

/** Deletes all that lies in a bucket's marked folders, however much that is. */
export async function emptyMarkedFolders(cloud: Pick<CloudContext, "s3" | "cancelled">, bucket: string): Promise<void> {
  for (const prefix of await markedFolders(cloud.s3, bucket)) await emptyFolder(cloud, bucket, prefix);
}

async function emptyFolder(
  { s3, cancelled }: Pick<CloudContext, "s3" | "cancelled">,
  bucket: string,
  prefix: string,
): Promise<void> {
  for (let firstBefore = ""; ; ) {
    const keys = (await s3.listObjects(bucket, prefix, PAGE)).map(({ key }) => key);
    const [first] = keys;
    // Somebody writes there still: the bucket's own refusal says so.
    if (first === undefined || first === firstBefore) return;
    firstBefore = first;
    for (let start = 0; start < keys.length; start += PARALLEL_DELETES) {
      cancelled.throwIfAborted();
      await Promise.all(keys.slice(start, start + PARALLEL_DELETES).map((key) => s3.deleteObject(bucket, key)));
    }
  }
}
