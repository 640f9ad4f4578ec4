import { publicReader, type ReadLive } from "@planet/content/live";
import { type Credentials, createClock, createS3, serviceUrls } from "@planet/eucalyptus-client";
import { GOES_WITH_BUCKET } from "@planet/eucalyptus-client/marks";
import type { Context } from "../../command.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { stackCredentials } from "../../stack/credentials.ts";
import type { StackSettings } from "../../stack/settings.ts";

/** The bucket, with the operator's own keys: a server's permit can neither list nor delete. */
export interface MemoryStore {
  /** A page at a time, in the order of the keys. */
  pages(prefix: string): AsyncIterable<readonly { readonly key: string; readonly size: number }[]>;
  /** Undefined when there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** For everybody to read, as servers write them; a destroy that ends the bucket does not stop at it. */
  write(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What the memory verbs need of the world. */
export interface MemoryEdges extends Pick<OperationEdges, "read" | "page" | "confirm" | "sleep"> {
  readonly store: (settings: StackSettings, context: Context) => Promise<MemoryStore>;
  readonly reader: (bucketUrl: string) => ReadLive;
  readonly now: () => number;
}

export const realMemoryEdges: MemoryEdges = {
  ...realOperationEdges,
  store: openStore,
  reader: publicReader,
  now: Date.now,
};

async function openStore(settings: StackSettings, context: Context): Promise<MemoryStore> {
  return memoryStore(settings, await stackCredentials(settings.stack, context));
}

export function memoryStore(
  { endpoint, region, bucket }: Pick<StackSettings, "endpoint" | "region" | "bucket">,
  credentials: Credentials,
): MemoryStore {
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
