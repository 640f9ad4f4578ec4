import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClock, createS3 } from "@planet/eucalyptus-client";
import { type StackConfig, TestProject } from "./project.ts";
import { read, TestCloud } from "./testCloud.ts";

/** The program under the real engine, with our plugins, against the local cloud's API without real machines. */
export interface TestEngine {
  readonly cloud: TestCloud;
  readonly project: TestProject;
  /** What everybody reads at this key of the bucket; the cloud's error when there is nothing. */
  live(key: string): Promise<string>;
  /** As when planets were deployed by hand: directly into the bucket, which is made if it is missing. */
  upload(key: string, bytes: string | Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

export async function startEngine(name: string, mode: "edge" | "vpc", config: StackConfig = {}): Promise<TestEngine> {
  const cloud = await TestCloud.start(name, mode);
  const project = await TestProject.create({
    stack: "test",
    config: { ...cloud.settings, ...config },
    ...cloud.cloud.credentials,
  });
  await writeFile(join(project.directory, "userdata/planet.sh"), "#!/bin/bash\n: a stand-in\n");
  const s3Url = `${cloud.endpoint}/services/objectstorage/`;
  const credentials = cloud.cloud.credentials;
  const s3 = createS3(s3Url, { region: "eucalyptus", credentials, clock: createClock() });
  const { bucket } = cloud.settings;
  return {
    cloud,
    project,
    live: (key) => read(`${s3Url}${bucket}/${key}`),
    async upload(key, bytes) {
      await s3.createBucket(bucket); // 200 when it is there
      const contentType = "application/octet-stream";
      await s3.putObject({ bucket, key, bytes: Buffer.from(bytes), contentType, acl: "public-read" });
    },
    async stop() {
      await project.remove();
      await cloud.stop();
    },
  };
}

/** Releases that a reader saw while something went on, and how many requests failed. */
export async function watched<T>(
  address: string,
  work: () => Promise<T>,
): Promise<{ result: T; failed: number; seen: string[] }> {
  const seen = new Set<string>();
  const watch = { failed: 0, over: false };
  const reader = (async () => {
    while (!watch.over) {
      const text = await read(`http://${address}/status.json`).catch(() => undefined);
      if (text === undefined) watch.failed += 1;
      else seen.add((JSON.parse(text) as { release: string }).release);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const result = await work().finally(() => {
    watch.over = true;
  });
  await reader;
  return { result, failed: watch.failed, seen: [...seen] };
}
