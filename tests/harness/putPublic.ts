import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CloudStatus } from "@planet/local-cloud";

/** Puts a world-readable object directly into a bucket, with a client that is not ours. */
export async function putPublic(
  cloud: Pick<CloudStatus, "s3Url" | "accessKeyId" | "secretAccessKey">,
  bucket: string,
  key: string,
  bytes: string | Uint8Array,
  signature: "s3" | "s3v4" = "s3v4",
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "planet-put-"));
  const file = join(folder, "object");
  await writeFile(file, bytes);
  const script = fileURLToPath(new URL("put_object.py", import.meta.url));
  const { PATH } = process.env;
  const keys = { AWS_ACCESS_KEY_ID: cloud.accessKeyId, AWS_SECRET_ACCESS_KEY: cloud.secretAccessKey };
  const args = [script, cloud.s3Url, signature, bucket, key, file];
  await promisify(execFile)("/usr/bin/python3", args, { env: { PATH, ...keys } });
  await rm(folder, { recursive: true });
}
