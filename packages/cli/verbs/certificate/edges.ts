import { readFile } from "node:fs/promises";
import { publicReader, type ReadLive } from "@planet/content/live";
import type { Context } from "../../command.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { type BucketStore, openBucketStore } from "../../stack/bucketStore.ts";
import type { StackSettings } from "../../stack/settings.ts";

/** What the certificate verbs need of the world. */
export interface CertificateEdges extends Pick<OperationEdges, "read" | "page" | "confirm" | "sleep"> {
  /** The bucket, with the operator's own keys. */
  readonly store: (settings: StackSettings, context: Context) => Promise<Pick<BucketStore, "write" | "remove">>;
  readonly reader: (bucketUrl: string) => ReadLive;
  /** @throws {Error} when there is no such file. */
  readonly readFile: (path: string) => Promise<string>;
  readonly now: () => number;
}

export const realCertificateEdges: CertificateEdges = {
  ...realOperationEdges,
  store: openBucketStore,
  reader: publicReader,
  readFile: (path) => readFile(path, "utf8"),
  now: Date.now,
};
