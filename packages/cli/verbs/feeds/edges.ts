import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type TriedFeed, type TryFeedRequest, tryFeed } from "@planet/aggregator";
import { type LiveObject, publicReader, type ReadLive } from "@planet/content/live";
import { SITE } from "@planet/content/siteFolder";
import { createClock, createS3, serviceUrls } from "@planet/eucalyptus-client";
import { sampleAnswer } from "@planet/local-cloud";
import type { Context } from "../../command.ts";
import { mergeFile } from "../../git.ts";
import { stackCredentials } from "../../stack/credentials.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import type { StackSettings } from "../../stack/settings.ts";
import type { Merge } from "./mergeEdit.ts";

/** What the feeds verbs need of the world. */
export interface FeedsEdges {
  readonly pulumi: typeof readPulumi;
  readonly tryFeed: (request: TryFeedRequest) => Promise<TriedFeed>;
  readonly reader: (bucketUrl: string) => ReadLive;
  /** All keys of the bucket and a reader with the account's keys. */
  readonly ownBucket: (settings: StackSettings, context: Context) => Promise<OwnBucket>;
  /** Files below site/ that git would lose if they were overwritten; undefined outside a work tree. */
  readonly uncommitted: (checkout: string) => Promise<readonly string[] | undefined>;
  /** Versions of a file below site/ that git has, newest first; none outside a work tree. */
  readonly committed: (checkout: string, name: string) => Promise<readonly Uint8Array[]>;
  readonly merge: Merge;
}

interface OwnBucket {
  readonly keys: readonly string[];
  readonly read: ReadLive;
}

export const realFeedsEdges: FeedsEdges = {
  pulumi: readPulumi,
  tryFeed: (request) => tryFeed({ ...request, answerFor: sampleAnswer }),
  reader: publicReader,
  ownBucket,
  uncommitted,
  committed,
  merge: mergeFile,
};

async function ownBucket({ stack, endpoint, region, bucket }: StackSettings, context: Context): Promise<OwnBucket> {
  const credentials = await stackCredentials(stack, context);
  const s3 = createS3(serviceUrls(endpoint).s3, { region, credentials, clock: createClock() });
  const keys = (await s3.listObjects(bucket)).map(({ key }) => key);
  const read = async (key: string): Promise<LiveObject> => {
    const found = await s3.getObject(bucket, key);
    if (!found) return { state: "missing" };
    return { state: "present", bytes: found.bytes, ...(found.lastModified && { modified: found.lastModified }) };
  };
  return { keys, read };
}

async function uncommitted(checkout: string): Promise<readonly string[] | undefined> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", join(checkout, SITE), ...args])).stdout;
  try {
    // Paths are relative to the work tree's root, which may be above the checkout.
    const prefix = (await git("rev-parse", "--show-prefix")).trimEnd();
    const status = await git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored", ".");
    return status.split("\0").map((entry) => entry.slice("XY ".length + prefix.length));
  } catch {
    return undefined;
  }
}

/** Older versions are of no use: a manifest remembers five. */
const COMMITTED_LIMIT = 50;

async function committed(checkout: string, name: string): Promise<readonly Uint8Array[]> {
  const folder = join(checkout, SITE);
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", folder, ...args], { encoding: "buffer", maxBuffer: 4_194_304 })).stdout;
  try {
    const log = await git("log", "--format=%H", `--max-count=${COMMITTED_LIMIT}`, "--", name);
    const commits = log.toString().split("\n").filter(Boolean);
    const versions: Uint8Array[] = [];
    // A commit that removed the file has no version of it.
    for (const commit of commits) versions.push(await git("show", `${commit}:./${name}`).catch(() => Buffer.alloc(0)));
    return versions;
  } catch {
    return [];
  }
}
