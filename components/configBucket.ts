import { textOf } from "@planet/content";
import { BELOW, FOLDER_MARKS, GOES_WITH_BUCKET } from "@planet/eucalyptus-client/marks";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import * as pulumi from "@pulumi/pulumi";
import type { BundleFile } from "./bundle.ts";
import { type Body, bodyOf, bytesBody, contentObject, fileBody } from "./contentObject.ts";
import type { ContentFile } from "./preflight/decideContent.ts";
import { PERMIT_RECORD } from "./preflight/lowestPermit.ts";
import type { Content } from "./preflight/prepareContent.ts";

export interface ConfigBucketArgs {
  /** Made when absent, adopted when it is this account's. A destroy stops at objects that no deploy has written. */
  readonly bucket: string;
  readonly bundle: BundleFile;
  readonly content: Content;
  /** What the servers write below, with a slash at the end, and by which permits; their objects are in no state. */
  readonly written?: { readonly folders: readonly string[]; readonly permit: number };
  /** Keeps the bucket on destroy, and with it what is in those folders. */
  readonly isKept: boolean;
}

/**
 * The bucket and the immutable objects `objects/<sha256>`: the engine, every content file, and the content release
 * itself. Nothing reads them before a manifest or a server names them, so writing them changes nothing visible.
 */
export class ConfigBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** What a server pinned to this content release reads. */
  readonly immutable: pulumi.Resource[];
  /** Edits that this deploy or an earlier one overwrites on request. */
  readonly rescued: pulumi.Resource[];
  readonly #name: string;

  constructor(name: string, args: ConfigBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("planet:index:ConfigBucket", name, {}, opts);
    this.#name = name;
    const { bucket, bundle, content, written, isKept } = args;
    this.bucket = new Bucket(`${name}-bucket`, { bucket }, { parent: this, retainOnDelete: isKept }).bucket;
    for (const prefix of written?.folders ?? []) this.#markFolder(prefix);
    if (written) this.#note(PERMIT_RECORD, `${written.permit}\n`, GOES_WITH_BUCKET);
    this.immutable = [
      this.#immutable(bundle.sha256, "text/javascript; charset=utf-8", fileBody(bundle.path)),
      ...distinct(content.files).map((file) => this.#immutable(file.sha256, file.type, bodyOf(file))),
      this.#immutable(content.digest, "application/json", { content: content.pinned }),
    ];
    this.rescued = content.rescued.map(({ name: file, sha256, bytes }) => this.#rescue(file, sha256, bytes));
    this.registerOutputs({ bucket: this.bucket });
  }

  #immutable(sha256: string, contentType: string, body: Body): pulumi.Resource {
    const name = `${this.#name}-object-${sha256.slice(0, 16)}`;
    const args = { bucket: this.bucket, key: `objects/${sha256}`, contentType, body };
    return contentObject(name, args, { parent: this });
  }

  /** Tells the provider that what lies below a prefix is deleted with the bucket. */
  #markFolder(prefix: string): void {
    const text = `What lies below ${prefix} is deleted together with this bucket.\n`;
    this.#note(`${FOLDER_MARKS}${prefix.replace(/\/$/, "")}`, text, { ...GOES_WITH_BUCKET, [BELOW]: prefix });
  }

  /**
   * Retained: what an earlier permit has written ends with the bucket, too, and a program that knows nothing of it must not
   * take the note away.
   */
  #note(key: string, content: string, metadata: Readonly<Record<string, string>>): void {
    const args = { bucket: this.bucket, key, contentType: "text/plain; charset=utf-8", body: { content }, metadata };
    contentObject(`${this.#name}-note-${key.slice(FOLDER_MARKS.length)}`, args, { parent: this, retainOnDelete: true });
  }

  /**
   * An overwritten edit stays readable when the setting that named it goes: no later deploy knows of it, so none may
   * remove it. Its mark tells the provider two things: the live copy of these bytes may be written over, and this one
   * is removed together with the bucket, and then only, so that `destroy` works.
   */
  #rescue(file: string, sha256: string, bytes: Uint8Array): pulumi.Resource {
    const text = textOf(bytes);
    const args = {
      bucket: this.bucket,
      key: `objects/${sha256}`,
      contentType: "application/octet-stream",
      body: text === undefined ? bytesBody(bytes) : { content: text },
      metadata: GOES_WITH_BUCKET,
    };
    const options = { parent: this, retainOnDelete: true };
    return contentObject(`${this.#name}-rescued-${file}-${sha256.slice(0, 16)}`, args, options);
  }
}

/** Files with equal bytes share one immutable object. */
function distinct(files: readonly ContentFile[]): ContentFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}
