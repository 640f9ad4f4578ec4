import type { ObjectFacts } from "@planet/eucalyptus-client";
import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import type { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import type { StateOf } from "../handler.ts";
import { defined, textIn, textOf } from "../values.ts";

/** What an object without a type is served as; a browser then downloads it. */
export const DEFAULT_TYPE = "application/octet-stream";

/**
 * Output with the ETag of what we wrote last; `etag` is what is live. The engine's displays leave out such names, except
 * `preview --json` (pulumi 3.259.0, `pkg/backend/display/json.go`): a provider has no other place to keep something.
 */
export const WRITTEN = "__written";

/** The ETag of what this stack has written last. A state from before has no such output, and `etag` in its place. */
export function writtenEtag(state: Inputs): string | undefined {
  return textIn(state, WRITTEN) ?? textIn(state, "etag");
}

export type Place = { readonly bucket: string; readonly key: string };

/** `bucket/key`, also with `s3://` before it, as in the official documentation. */
export function parsePlace(id: string): Place | undefined {
  const [, bucket = "", key = ""] = /^(?:s3:\/\/)?([^/]+)\/(.+)$/s.exec(id) ?? [];
  return bucket === "" ? undefined : { bucket, key };
}

export const placeOf = (inputs: Inputs): string => `${textOf(inputs, "bucket")}/${textOf(inputs, "key")}`;

/** Outputs that follow from the inputs. */
export function expected(news: Inputs, ours: string): Inputs {
  const state: StateOf<BucketObject> = {
    acl: "private",
    bucketKeyEnabled: false,
    contentType: DEFAULT_TYPE,
    kmsKeyId: "",
    region: ours,
    serverSideEncryption: "",
    storageClass: "STANDARD",
    tagsAll: {},
  };
  const [bucket, key] = [news.bucket, news.key];
  const arn = typeof bucket === "string" && typeof key === "string" ? `arn:aws:s3:::${bucket}/${key}` : UNKNOWN;
  return { ...defined(state), ...news, arn };
}

/** The outputs of an object as it is live. */
export function stateOf(news: Inputs, live: ObjectFacts, ours: string): Inputs {
  const written = textOf(news, "contentType");
  const contentType = isSameType(live.contentType, written) ? written : live.contentType;
  const observed: StateOf<BucketObject> = { contentType, etag: live.etag, versionId: live.versionId };
  return { ...expected(news, ours), ...defined(observed) };
}

/** The inputs of a program that would write what is there. */
export function importedInputs(place: Place, live: ObjectFacts): Inputs {
  const texts = {
    cacheControl: live.cacheControl,
    contentDisposition: live.contentDisposition,
    contentEncoding: live.contentEncoding,
    contentType: live.contentType,
  };
  const metadata = Object.keys(live.metadata).length === 0 ? undefined : { ...live.metadata };
  return {
    ...place,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== "")),
    ...defined({ metadata }),
  };
}

/** Stores differ in the case and blanks of parameters. */
export function isSameType(one: string, other: string): boolean {
  const plain = (type: string) => type.toLowerCase().replaceAll(/[\s"]/g, "");
  return plain(one) === plain(other);
}
