import { isCloudError } from "../cloudError.ts";
import { IncompleteAnswer, needed } from "../http/foreignAnswer.ts";
import { nothing } from "../http/nothing.ts";
import { type Acl, type CannedAcl, parseAcl } from "./acl.ts";
import { unlessMissing, unquoted } from "./objects.ts";
import type { S3Send } from "./request.ts";
import { storageXml } from "./storageXml.ts";

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
}

export function bucketCalls(send: S3Send) {
  return {
    /**
     * Proves that the object storage answers there: asked without keys, so any refusal in its own words will do, but for
     * those that come of a wrong endpoint. @throws {CloudError}
     */
    async greet(): Promise<void> {
      try {
        await send({ operation: "listBuckets" }, nothing, { anonymous: true });
      } catch (error) {
        const isRefusal = isCloudError(error) && error.requestId !== "" && error.code !== "NoSuchBucket";
        if (!isRefusal) throw error;
      }
    },

    /** Names of the account's buckets, sorted. */
    listBuckets: (): Promise<string[]> =>
      send({ operation: "listBuckets" }, (answer) => {
        const { Buckets } = storageXml<{ Buckets?: Listed<"Bucket"> }>(answer, "ListAllMyBucketsResult");
        if (Buckets === undefined) throw new IncompleteAnswer("it has no Buckets");
        return items(Buckets, "Bucket")
          .map(({ Name }) => needed(Name, "Name"))
          .toSorted();
      }),

    /** Answers 200 also when the account has the bucket already, and then ignores the ACL: list first. */
    createBucket: (bucket: string, acl: CannedAcl = "private"): Promise<void> =>
      send({ operation: "createBucket", bucket, headers: { "x-amz-acl": acl } }, nothing),

    /** Whether the bucket exists and the account may list it. */
    async headBucket(bucket: string): Promise<boolean> {
      return (await unlessMissing(send({ operation: "headBucket", bucket }, () => true))) ?? false;
    },

    /** A missing bucket counts as success; one with objects is 409 `BucketNotEmpty`. */
    async deleteBucket(bucket: string): Promise<void> {
      await unlessMissing(send({ operation: "deleteBucket", bucket }, nothing));
    },

    putBucketAcl: (bucket: string, acl: CannedAcl): Promise<void> =>
      send({ operation: "putBucketAcl", bucket, query: { acl: "" }, headers: { "x-amz-acl": acl } }, nothing),

    getBucketAcl: (bucket: string): Promise<Acl> =>
      send({ operation: "getBucketAcl", bucket, query: { acl: "" } }, parseAcl),

    /** All objects under a prefix, in the order of their keys. */
    async listObjects(bucket: string, prefix = "", limit = Number.POSITIVE_INFINITY): Promise<ListedObject[]> {
      const found: ListedObject[] = [];
      for await (const page of objectPages(send, bucket, prefix, limit)) {
        found.push(...page);
        if (found.length >= limit) break;
      }
      return found;
    },

    /** The same, a page at a time: a bucket may have more objects than a program has memory for. */
    objectPages: (bucket: string, prefix = ""): AsyncIterable<ListedObject[]> => objectPages(send, bucket, prefix),
  };
}

async function* objectPages(send: S3Send, bucket: string, prefix: string, size = 1000): AsyncGenerator<ListedObject[]> {
  for (let marker = ""; ; ) {
    const page = await listPage(send, bucket, { prefix, marker, "max-keys": String(Math.min(size, 1000)) });
    yield page.objects;
    const last = page.objects.at(-1);
    if (!page.isTruncated || !last) return;
    marker = last.key;
  }
}

type Listing = Exclude<Listed<"Contents">, ""> & { readonly Name?: string; readonly IsTruncated?: string };

/** Version 1 of the listing: every Eucalyptus has it, version 2 came with 4.4.5. */
async function listPage(send: S3Send, bucket: string, words: Record<string, string>) {
  const query = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== ""));
  return send({ operation: "listObjects", bucket, query }, (answer) => {
    const listing = storageXml<Listing>(answer, "ListBucketResult");
    const isTruncated = needed(listing.IsTruncated, "IsTruncated") === "true";
    const objects = items(listing, "Contents").map(({ Key, ETag, Size, LastModified }): ListedObject => {
      return {
        key: needed(Key, "Key"),
        etag: unquoted(needed(ETag, "ETag")),
        size: Number(needed(Size, "Size")),
        lastModified: new Date(needed(LastModified, "LastModified")),
      };
    });
    if (isTruncated && objects.length === 0) throw new IncompleteAnswer("it says that there is more, and has nothing");
    return { isTruncated, objects };
  });
}

type Item = Readonly<Record<string, string | undefined>>;
/** An element without children is read as "". */
type Listed<Name extends string> = { readonly [name in Name]?: readonly Item[] } | "";

function items<Name extends string>(list: Listed<Name>, name: Name): readonly Item[] {
  return (typeof list === "object" ? list[name] : undefined) ?? [];
}
