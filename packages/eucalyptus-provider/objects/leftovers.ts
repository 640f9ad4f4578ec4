import type { S3 } from "@planet/eucalyptus-client";
import { GOES_WITH_BUCKET, isMarked } from "@planet/eucalyptus-client/marks";
import type { Inputs } from "@planet/pulumi-plugin";
import { textMap } from "../rules/tags.ts";

/** More are not looked at one by one; a bucket with so many strangers is somebody's. */
const LOOK_LIMIT = 100;

/**
 * What is left in a bucket that is to be deleted. An object with the mark `GOES_WITH_BUCKET` was retained by
 * its stack on purpose and ends with the bucket. All others are strangers.
 */
export async function leftovers(s3: S3, bucket: string): Promise<{ marked: string[]; strangers: string[] }> {
  const listed = await s3.listObjects(bucket, "", LOOK_LIMIT);
  const marked: string[] = [];
  const strangers: string[] = [];
  for (const { key } of listed) {
    const object = await s3.headObject(bucket, key);
    if (object && isMarked(object.metadata, GOES_WITH_BUCKET)) marked.push(key);
    else if (object) strangers.push(key);
  }
  return { marked, strangers };
}

/** Whether the program retains this object on purpose: no deploy deletes it, and it ends with its bucket. */
export function isRetained(inputs: Inputs): boolean {
  return isMarked(textMap(inputs.metadata), GOES_WITH_BUCKET);
}
