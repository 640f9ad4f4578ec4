/** Reads a bucket as everybody may, without keys. */
export {
  type LiveBucket,
  type LiveManifest,
  type LiveObject,
  publicReader,
  type ReadLive,
  readLiveBucket,
  readManifest,
  readObjects,
} from "./liveBucket.ts";
