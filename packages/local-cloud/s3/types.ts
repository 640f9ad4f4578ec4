import type { XmlNode } from "../wire/xml.ts";

export type Permission = "READ" | "WRITE" | "READ_ACP" | "WRITE_ACP" | "FULL_CONTROL";

export interface Grant {
  /** Canonical user id or a group's URI. */
  readonly grantee: string;
  readonly kind: "CanonicalUser" | "Group";
  readonly permission: Permission;
}

export interface Bucket {
  readonly name: string;
  readonly created: string;
  readonly location: string;
  grants: readonly Grant[];
  versioning: "Enabled" | "Suspended" | undefined;
  tags?: readonly { readonly key: string; readonly value: string }[];
  corsRules?: readonly XmlNode[];
  lifecycleRules?: readonly XmlNode[];
  /** All versions of each key, oldest first. */
  readonly objects: Map<string, readonly ObjectVersion[]>;
}

export interface ObjectVersion {
  /** `null` when made in a bucket without versioning. */
  readonly versionId: string;
  readonly modified: string;
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  /** Name of the file with the bytes; a delete marker has none. */
  readonly file: string | undefined;
  /** Only the headers that the cloud keeps, names as they are answered. */
  readonly headers: ReadonlyMap<string, string>;
  readonly grants: readonly Grant[];
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly file: string;
  readonly modified: string;
}

export interface Upload {
  readonly uploadId: string;
  readonly bucketName: string;
  readonly key: string;
  readonly initiated: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly grants: readonly Grant[];
  readonly parts: Map<number, Part>;
}
