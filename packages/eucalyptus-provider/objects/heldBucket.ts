import type { S3 } from "@planet/eucalyptus-client";
import { HELD_BY_STATE, isMarked } from "@planet/eucalyptus-client/marks";
import { ProviderError } from "../providerError.ts";

/** Heads at a time: a bucket is looked through once in the life of a stack, and not at the cost of its readers. */
const PARALLEL_LOOKS = 8;

/**
 * Refuses to make a bucket a resource of a state that does not have it, when another state has: two states with one bucket
 * end each other's files, and neither their stack's name nor their files tell them apart. An object with the mark
 * `HELD_BY_STATE` exists as long as a state owns the bucket. That state never comes here: it creates nothing.
 * @throws {ProviderError} `BUCKET_HELD`; nothing was changed.
 */
export async function refuseHeld(s3: S3, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += PARALLEL_LOOKS) {
    const some = keys.slice(start, start + PARALLEL_LOOKS);
    const objects = await Promise.all(some.map((key) => s3.headObject(bucket, key)));
    const held = some.find((_, index) => isMarked(objects[index]?.metadata ?? {}, HELD_BY_STATE));
    if (held === undefined) continue;
    throw new ProviderError({
      code: "BUCKET_HELD",
      what: `the bucket ${bucket} is not taken over`,
      why:
        `its ${held} was written from another Pulumi state, and this state knows nothing of the bucket; ` +
        "a destroy from here would delete what is served from there",
      next:
        "Run with the state that owns it (PULUMI_BACKEND_URL), or choose another bucket. Only if that state is lost: reset a " +
        `cloud that is for trials; on any other remove ${held} with an S3 client and run again, the lost state's servers ` +
        "and addresses are then yours to end",
    });
  }
}
