import { expect, test } from "@jest/globals";
import type { S3Request } from "../operation.ts";
import type { Bucket } from "../types.ts";
import { listObjects } from "./listObjects.ts";

const KEYS = 10_000;

test("10,000 keys are listed in pages of 1,000, each once", async () => {
  const bucket = bucketOf(KEYS);
  const seen = new Set<string>();
  for (let marker: string | undefined = ""; marker !== undefined; ) {
    const page = await pageAfter(bucket, marker);
    for (const [, key = ""] of page.matchAll(/<Key>([^<]*)</g)) seen.add(key);
    marker = /<NextMarker>([^<]*)</.exec(page)?.[1];
  }
  expect(seen.size).toBe(KEYS);
});

async function pageAfter(bucket: Bucket, marker: string): Promise<string> {
  const request = {
    world: { state: { buckets: new Map([[bucket.name, bucket]]) } },
    caller: "account",
    bucketName: bucket.name,
    parameters: new Map([["marker", marker]]),
  } as unknown as S3Request;
  return String((await listObjects.run(request)).body);
}

function bucketOf(keys: number): Bucket {
  const version = { versionId: "null", modified: "2026-01-01T00:00:00.000Z", etag: "0", size: 1, file: "f" };
  const stored = [{ ...version, headers: new Map(), grants: [] }];
  const names = Array.from({ length: keys }, (_, index) => `${(index * 7919) % keys}/key`);
  const objects = new Map(names.map((name) => [name, stored] as const));
  return { name: "many", created: version.modified, location: "", grants: [], versioning: undefined, objects };
}
