import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isCloudError } from "../cloudError.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import { IncompleteAnswer, needed } from "../http/foreignAnswer.ts";
import { dateHeader, header } from "../http/headers.ts";
import { type Acl, type CannedAcl, parseAcl } from "./acl.ts";
import type { S3Send } from "./request.ts";

/** What an object says of itself. */
export interface ObjectFacts {
  /** Without quotes: the MD5 of the bytes, for objects written in one piece. */
  readonly etag: string;
  readonly size: number;
  readonly contentType: string;
  readonly cacheControl: string;
  readonly contentDisposition: string;
  readonly contentEncoding: string;
  readonly lastModified?: Date | undefined;
  /** "" in a bucket without versions. */
  readonly versionId: string;
  /** `x-amz-meta-…` without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectFacts {
  readonly bytes: Buffer;
}

export interface PutObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** A write sets the ACL anew: without a word it is private. */
  readonly acl?: CannedAcl | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export function objectCalls(send: S3Send) {
  return {
    /** Undefined when there is no such object or bucket. */
    getObject: (
      bucket: string,
      key: string,
      options: { anonymous?: boolean } = {},
    ): Promise<StoredObject | undefined> =>
      unlessMissing(send({ operation: "getObject", bucket, key }, storedObject, options)),

    /** Undefined when there is no such object or bucket. */
    headObject: (bucket: string, key: string): Promise<ObjectFacts | undefined> =>
      unlessMissing(send({ operation: "headObject", bucket, key }, ({ headers }) => objectFacts(headers))),

    /**
     * Writes over whatever is there: the cloud has no conditional writes, so look first. Content-MD5 is of no use here
     * (never compared); the signed SHA-256 protects the bytes.
     */
    putObject(object: PutObject): Promise<{ etag: string; versionId: string }> {
      const { bucket, key, bytes: body } = object;
      return send({ operation: "putObject", bucket, key, headers: putHeaders(object), body }, ({ headers }) => {
        const etag = unquoted(header(headers, "etag"));
        const sent = createHash("md5").update(body).digest("hex");
        if (etag !== sent) throw new IncompleteAnswer(`its ETag "${etag}" is not that of what was sent, "${sent}"`);
        return { etag, versionId: header(headers, "x-amz-version-id") };
      });
    },

    /** A missing object counts as success. */
    async deleteObject(bucket: string, key: string): Promise<void> {
      await unlessMissing(send({ operation: "deleteObject", bucket, key }, () => {}));
    },

    putObjectAcl: (bucket: string, key: string, acl: CannedAcl): Promise<void> =>
      send({ operation: "putObjectAcl", bucket, key, query: { acl: "" }, headers: { "x-amz-acl": acl } }, () => {}),

    getObjectAcl: (bucket: string, key: string): Promise<Acl> =>
      send({ operation: "getObjectAcl", bucket, key, query: { acl: "" } }, parseAcl),
  };
}

/** A connection that ends early is an error already; this is for a front end that shortens what it passes on. */
export function storedObject({ headers, body }: HttpAnswer): StoredObject {
  const facts = objectFacts(headers);
  const announced = header(headers, "content-length");
  if (announced !== "" && Number(announced) !== body.length) {
    throw new IncompleteAnswer(`it has ${body.length} of ${announced} bytes`);
  }
  return { ...facts, size: body.length, bytes: body };
}

/** In lower case a Content-Type is accepted and lost: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`. */
function putHeaders(object: PutObject): Record<string, string> {
  const named: Record<string, string | undefined> = {
    "Content-Type": object.contentType,
    "Cache-Control": object.cacheControl,
    "Content-Disposition": object.contentDisposition,
    "Content-Encoding": object.contentEncoding,
    "x-amz-acl": object.acl,
    ...Object.fromEntries(Object.entries(object.metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function objectFacts(headers: IncomingHttpHeaders): ObjectFacts {
  const prefix = "x-amz-meta-";
  const metadata = Object.keys(headers).filter((name) => name.startsWith(prefix));
  return {
    etag: unquoted(needed(header(headers, "etag"), "ETag")),
    size: Number(header(headers, "content-length")),
    contentType: header(headers, "content-type"),
    cacheControl: header(headers, "cache-control"),
    contentDisposition: header(headers, "content-disposition"),
    contentEncoding: header(headers, "content-encoding"),
    lastModified: dateHeader(headers, "last-modified"),
    versionId: header(headers, "x-amz-version-id"),
    metadata: Object.fromEntries(metadata.map((name) => [name.slice(prefix.length), header(headers, name)])),
  };
}

/** A HEAD's 404 has no body and gets the last one. */
const MISSING_CODES = ["NoSuchKey", "NoSuchBucket", "NotFound"];

/** Undefined for "no such key or bucket" in the storage's own words; every other refusal stays one. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isCloudError(error, ...MISSING_CODES)) return undefined;
    throw error;
  }
}

export function unquoted(etag: string): string {
  return etag.replaceAll('"', "");
}
