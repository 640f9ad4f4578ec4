/*
 * Marks: what the provider, a program and a command know their own things by, when all they have is the cloud. They are
 * kept in clouds and in buckets, so another spelling orphans what an earlier version has made.
 */

/** Tag, set as the last act of a create: the engine knows this resource, it is nobody's orphan. */
export const COMPLETE_TAG = "pulumi:complete";

/** Tag of an instance that is to replace another by `up --replace` or `state taint`: the id of that one. */
export const REPLACES_TAG = "pulumi:replaces";

/**
 * Tag, set together with the creation of what Elastic Load Balancing and Auto Scaling make: whose it is, `project/stack`. A
 * later run of that stack takes over what has its name, and ends what an interrupted run has left half made.
 */
export const STACK_TAG = "pulumi:stack";

/** The form of the ClientToken that the provider starts an instance with; all there is to know it by before it has tags. */
export const CLIENT_TOKEN = /^[0-9a-f]{64}$/;

/** Metadata of an object that no deploy deletes and that ends with its bucket; whoever uploads over it takes it away. */
export const GOES_WITH_BUCKET = { "goes-with": "bucket" } as const;

/**
 * Below this prefix a bucket has the objects that stand for whole folders: with the mark {@link GOES_WITH_BUCKET}, and with a
 * folder's prefix as the metadata {@link BELOW}, all that lies below it ends with the bucket, whoever has written it.
 */
export const FOLDER_MARKS = "goes-with-bucket/";
export const BELOW = "below";

/** Metadata of an object that exists as long as a state owns the bucket: no other state may take the bucket over. */
export const HELD_BY_STATE = { "held-by": "state" } as const;

type Metadata = Readonly<Record<string, string>>;

/** Whether metadata has all entries of a mark. */
export function isMarked(metadata: Metadata, mark: Metadata): boolean {
  return Object.entries(mark).every(([name, value]) => metadata[name] === value);
}
