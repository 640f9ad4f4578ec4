import type { Connection } from "../connection.ts";
import { bucketCalls } from "./buckets.ts";
import { objectCalls } from "./objects.ts";
import { createS3Send } from "./request.ts";

export type S3 = ReturnType<typeof createS3>;

/** Object storage as Eucalyptus takes it; `url` ends in `/services/objectstorage/`. */
export function createS3(url: string, connection: Connection) {
  const send = createS3Send(url, connection);
  return { ...bucketCalls(send), ...objectCalls(send) };
}
