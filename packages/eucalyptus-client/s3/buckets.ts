import { XMLParser } from "fast-xml-parser";
import { type Acl, type CannedAcl, parseAcl } from "./acl.ts";
import { unlessMissing, unquoted } from "./objects.ts";
import type { S3Send } from "./request.ts";

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: Date;
}

export function bucketCalls(send: S3Send) {
  return {
    /** Names of the account's buckets, sorted. */
    async listBuckets(): Promise<string[]> {
      const { body } = await send({ method: "GET" });
      const { ListAllMyBucketsResult: result } = parse(body) as {
        ListAllMyBucketsResult?: { Buckets?: Listed<"Bucket"> };
      };
      return items(result?.Buckets, "Bucket")
        .map(({ Name = "" }) => Name)
        .toSorted();
    },

    /** Answers 200 also when the account has the bucket already, and then ignores the ACL: list first. */
    async createBucket(bucket: string, acl: CannedAcl = "private"): Promise<void> {
      await send({ method: "PUT", bucket, headers: { "x-amz-acl": acl } });
    },

    /** Whether the bucket exists and the account may list it. */
    async headBucket(bucket: string): Promise<boolean> {
      return (await unlessMissing(send({ method: "HEAD", bucket }))) !== undefined;
    },

    /** A missing bucket is a good answer; one with objects is 409 `BucketNotEmpty`. */
    async deleteBucket(bucket: string): Promise<void> {
      await unlessMissing(send({ method: "DELETE", bucket }));
    },

    async putBucketAcl(bucket: string, acl: CannedAcl): Promise<void> {
      await send({ method: "PUT", bucket, query: { acl: "" }, headers: { "x-amz-acl": acl } });
    },

    async getBucketAcl(bucket: string): Promise<Acl> {
      const { body } = await send({ method: "GET", bucket, query: { acl: "" } });
      return parseAcl(body.toString("utf8"));
    },

    /** All objects under a prefix, in the order of their keys. */
    async listObjects(bucket: string, prefix = "", limit = Number.POSITIVE_INFINITY): Promise<ListedObject[]> {
      const found: ListedObject[] = [];
      for (let marker = ""; ; ) {
        const page = await listPage(send, bucket, { prefix, marker, "max-keys": String(Math.min(limit, 1000)) });
        found.push(...page.objects);
        const last = page.objects.at(-1);
        if (!page.isTruncated || !last || found.length >= limit) return found;
        marker = last.key;
      }
    },
  };
}

/** Version 1 of the listing: every Eucalyptus has it, version 2 came with 4.4.5. */
async function listPage(send: S3Send, bucket: string, query: Record<string, string>) {
  const words = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
  const { body } = await send({ method: "GET", bucket, query: words });
  const { ListBucketResult: result } = parse(body) as {
    ListBucketResult?: Listed<"Contents"> & { IsTruncated?: string };
  };
  return {
    isTruncated: result?.IsTruncated === "true",
    objects: items(result, "Contents").map(({ Key = "", ETag = "", Size = "0", LastModified = "" }) => {
      return { key: Key, etag: unquoted(ETag), size: Number(Size), lastModified: new Date(LastModified) };
    }),
  };
}

type Item = Readonly<Record<string, string | undefined>>;
/** An element without children is read as "". */
type Listed<Name extends string> = { readonly [name in Name]?: readonly Item[] };

function items<Name extends string>(list: Listed<Name> | undefined, name: Name): readonly Item[] {
  return (typeof list === "object" ? list[name] : undefined) ?? [];
}

function parse(body: Buffer): unknown {
  const isArray = (name: string) => name === "Bucket" || name === "Contents";
  // Keys may begin or end with blanks: they are not trimmed.
  return new XMLParser({ parseTagValue: false, trimValues: false, removeNSPrefix: true, isArray }).parse(
    body.toString("utf8"),
  );
}
