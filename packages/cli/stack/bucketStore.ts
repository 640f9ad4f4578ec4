import { type Credentials, createClock, createS3, serviceUrls } from "@planet/eucalyptus-client";
import { GOES_WITH_BUCKET } from "@planet/eucalyptus-client/marks";
import type { Context } from "../command.ts";
import { stackCredentials } from "./credentials.ts";
import type { StackSettings } from "./settings.ts";

/** The bucket, with the operator's own keys: a server's permit can neither list nor delete. */
export interface BucketStore {
  /** A page at a time, in the order of the keys. */
  pages(prefix: string): AsyncIterable<readonly { readonly key: string; readonly size: number }[]>;
  /** Undefined when there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** For everybody to read, as servers write them; a destroy that ends the bucket does not stop at it. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

/** With the keys that the stack is deployed with; throws what `stackCredentials` throws when there are none. */
export async function openBucketStore(settings: StackSettings, context: Context): Promise<BucketStore> {
  return bucketStore(settings, await stackCredentials(settings.stack, context));
}

export function bucketStore(
  { endpoint, region, bucket }: Pick<StackSettings, "endpoint" | "region" | "bucket">,
  credentials: Credentials,
): BucketStore {
  const s3 = createS3(serviceUrls(endpoint).s3, { region, credentials, clock: createClock() });
  return {
    pages: (prefix) => s3.objectPages(bucket, prefix),
    read: async (key) => (await s3.getObject(bucket, key))?.bytes,
    async write(key, bytes) {
      const served = { contentType: "application/json", acl: "public-read" } as const;
      await s3.putObject({ bucket, key, bytes, metadata: GOES_WITH_BUCKET, ...served });
    },
    remove: (key) => s3.deleteObject(bucket, key),
  };
}
