import { HELD_BY_STATE } from "@planet/eucalyptus-client/marks";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigBucket } from "./configBucket.ts";
import { BODY, bodyOf, contentObject } from "./contentObject.ts";
import type { Content } from "./preflight/prepareContent.ts";

export interface PublicationArgs {
  readonly config: ConfigBucket;
  readonly content: Content;
  /** What must have happened before readers may see this content release. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Writes what is visible: manifest.json, which is the switch, and then the live names. Readers go by hash and see the
 * old or the new content release, never a mixture, wherever a deploy is interrupted.
 */
export class Publication extends pulumi.ComponentResource {
  /** From here on the content release is in effect. */
  readonly manifest: pulumi.Resource;

  constructor(name: string, { config, content, after }: PublicationArgs, opts: pulumi.ComponentResourceOptions) {
    // ConfigBucket's type and the objects' first names, which are part of their URN: a state of an earlier version, and
    // a rollback to one, find the same objects.
    super("planet:index:ConfigBucket", name, {}, opts);
    const { bucket } = config;
    this.manifest = contentObject(
      "config-manifest",
      {
        bucket,
        key: "manifest.json",
        contentType: "application/json",
        body: { content: content.manifest },
        metadata: HELD_BY_STATE,
      },
      { parent: this, dependsOn: [...config.immutable, ...after] },
    );
    for (const file of content.files) {
      contentObject(
        `config-live-${file.name}`,
        { bucket, key: file.name, contentType: file.type, body: bodyOf(file) },
        {
          parent: this,
          // The provider writes over an edit only after another object of this run keeps its bytes. An edit that this
          // deploy does not change stays, also when an earlier deploy was interrupted: whatever the state holds as the
          // wanted bytes, it is not compared.
          dependsOn: [this.manifest, ...config.rescued],
          ...(file.keepLive && { ignoreChanges: BODY }),
        },
      );
    }
    this.registerOutputs({});
  }
}
