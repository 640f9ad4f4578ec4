import { textOf } from "@planet/content";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketObjectv2, type BucketObjectv2Args } from "@pulumi/aws/s3/bucketObjectv2.js";
import * as pulumi from "@pulumi/pulumi";
import type { BundleFile } from "./bundle.ts";
import type { ContentFile } from "./preflight/decideContent.ts";
import type { Content } from "./preflight/prepareContent.ts";

export interface ConfigBucketArgs {
  /** Made when absent, adopted when it is this account's. A destroy stops at objects that no deploy has written. */
  readonly bucket: string;
  readonly bundle: BundleFile;
  readonly content: Content;
}

/** Where bytes come from: text is shown in previews line by line, files are known by their hash. */
type Body = Pick<BucketObjectv2Args, "content" | "source" | "contentBase64">;

type Metadata = Readonly<Record<string, string>>;

/** Understood by packages/eucalyptus-provider/objects/leftovers.ts. */
const GOES_WITH_BUCKET: Metadata = { "goes-with": "bucket" };

/** Understood by packages/eucalyptus-provider/objects/heldBucket.ts: no other state may take the bucket over. */
const HELD_BY_STATE: Metadata = { "held-by": "state" };

/** All ways in which an object's bytes may be given, for objects whose live bytes are somebody else's. */
const BODY: (keyof Body)[] = ["content", "source", "contentBase64"];

/**
 * The bucket and the immutable objects `objects/<sha256>`: the engine, every content file, and the content release
 * itself. Nothing reads them before a manifest or a server names them, so writing them changes nothing visible.
 *
 * {@link publish} writes what is visible: manifest.json, which is the switch, and then the live names. Readers go by
 * hash and see the old or the new content release, never a mixture, wherever a deploy is broken off.
 */
export class ConfigBucket extends pulumi.ComponentResource {
  /** What a server pinned to this content release reads. Depend on these, not on the component: with
   * `planet:rollout: replace` it ends with the live names, which themselves wait for the server. */
  readonly immutable: pulumi.Resource[];
  /** Edits that this deploy or an earlier one overwrites on request. */
  readonly #rescued: pulumi.Resource[];
  readonly #name: string;
  readonly #bucket: Bucket;
  readonly #content: Content;

  constructor(name: string, { bucket, bundle, content }: ConfigBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("planet:index:ConfigBucket", name, {}, opts);
    this.#name = name;
    this.#content = content;
    this.#bucket = new Bucket(`${name}-bucket`, { bucket }, { parent: this });
    this.immutable = [
      this.#immutable(bundle.sha256, "text/javascript; charset=utf-8", fileBody(bundle.path)),
      ...distinct(content.files).map((file) => this.#immutable(file.sha256, file.type, bodyOf(file))),
      this.#immutable(content.digest, "application/json", { content: content.pinned }),
    ];
    this.#rescued = content.rescued.map(({ name: file, sha256, bytes }) => this.#rescue(file, sha256, bytes));
    this.registerOutputs({ bucket: this.#bucket.bucket });
  }

  /** @param after What must have happened before readers may see this content release. */
  publish(after: readonly pulumi.Resource[] = []): pulumi.Resource[] {
    const manifest = this.#object("manifest", "manifest.json", "application/json", {
      body: { content: this.#content.manifest },
      metadata: HELD_BY_STATE,
      options: { dependsOn: [...this.immutable, ...after] },
    });
    const live = this.#content.files.map((file) =>
      this.#object(`live-${file.name}`, file.name, file.type, {
        body: bodyOf(file),
        // The provider writes over an edit only after another object of this run keeps its bytes. An edit that this
        // deploy does not change stays, also when an earlier deploy was broken off: whatever the state holds as the
        // wanted bytes, it is not compared.
        options: { dependsOn: [manifest, ...this.#rescued], ...(file.keepLive && { ignoreChanges: BODY }) },
      }),
    );
    return [manifest, ...live];
  }

  #immutable(sha256: string, type: string, body: Body): BucketObjectv2 {
    return this.#object(`object-${sha256.slice(0, 16)}`, `objects/${sha256}`, type, { body });
  }

  /**
   * An overwritten edit stays readable when the setting that named it goes: no later deploy knows of it, so none may
   * remove it. Its mark tells the provider two things: the live copy of these bytes may be written over, and this one
   * is removed together with the bucket, and then only, so that `destroy` works.
   */
  #rescue(file: string, sha256: string, bytes: Uint8Array): BucketObjectv2 {
    const body = textOf(bytes) === undefined ? { contentBase64: base64(bytes) } : { content: textOf(bytes) ?? "" };
    const child = `rescued-${file}-${sha256.slice(0, 16)}`;
    const type = "application/octet-stream";
    return this.#object(child, `objects/${sha256}`, type, {
      body,
      metadata: GOES_WITH_BUCKET,
      options: { retainOnDelete: true },
    });
  }

  #object(
    child: string,
    key: string,
    contentType: string,
    { body, metadata, options = {} }: { body: Body; metadata?: Metadata; options?: pulumi.CustomResourceOptions },
  ): BucketObjectv2 {
    return new BucketObjectv2(
      `${this.#name}-${child}`,
      { bucket: this.#bucket.bucket, key, acl: "public-read", contentType, ...body, ...(metadata && { metadata }) },
      { parent: this, ...options },
    );
  }
}

/** Files with equal bytes share one immutable object. */
function distinct(files: readonly ContentFile[]): ContentFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

function bodyOf({ name, bytes, fromSite }: ContentFile): Body {
  const text = textOf(bytes);
  if (text !== undefined) return { content: text };
  return fromSite ? fileBody(`site/${name}`) : { contentBase64: base64(bytes) };
}

const fileBody = (path: string): Body => ({ source: new pulumi.asset.FileAsset(path) });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
