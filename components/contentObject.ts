import { textOf } from "@planet/content";
import { BucketObjectv2, type BucketObjectv2Args } from "@pulumi/aws/s3/bucketObjectv2.js";
import * as pulumi from "@pulumi/pulumi";
import type { ContentFile } from "./preflight/decideContent.ts";

/** Where bytes come from: text is shown in previews line by line, files are known by their hash. */
export type Body = Pick<BucketObjectv2Args, "content" | "source" | "contentBase64">;

/** All ways in which an object's bytes may be given, for objects whose live bytes are somebody else's. */
export const BODY: (keyof Body)[] = ["content", "source", "contentBase64"];

interface ContentObjectArgs {
  readonly bucket: pulumi.Input<string>;
  readonly key: string;
  readonly contentType: string;
  readonly body: Body;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One public object of the content bucket. */
export function contentObject(
  name: string,
  { bucket, key, contentType, body, metadata }: ContentObjectArgs,
  options: pulumi.CustomResourceOptions,
): BucketObjectv2 {
  const args = { bucket, key, acl: "public-read", contentType, ...body, ...(metadata && { metadata }) };
  return new BucketObjectv2(name, args, options);
}

export function bodyOf({ name, bytes, fromSite }: ContentFile): Body {
  const text = textOf(bytes);
  if (text !== undefined) return { content: text };
  return fromSite ? fileBody(`site/${name}`) : bytesBody(bytes);
}

export const fileBody = (path: string): Body => ({ source: new pulumi.asset.FileAsset(path) });

export const bytesBody = (bytes: Uint8Array): Body => ({ contentBase64: Buffer.from(bytes).toString("base64") });
