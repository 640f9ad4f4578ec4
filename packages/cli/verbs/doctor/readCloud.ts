import { publicReader, readManifest } from "@planet/content/live";
import {
  type Connection,
  type Credentials,
  createAutoScaling,
  createClock,
  createEc2,
  createS3,
  createSts,
  type Instance,
  publicBucketUrl,
  serviceUrls,
} from "@planet/eucalyptus-client";
import type { StackConfig } from "../../stack/config.ts";
import { type Asked, ask } from "./asked.ts";
import type { CloudFacts } from "./facts.ts";
import { needsUserData } from "./judgeLeftovers.ts";

/** Short, so that a dead endpoint does not hold up the whole report. */
export const PATIENCE_MS = 15_000;

/** An account with more of either is not the planet's alone, and what is left over in it is found by its tags and groups. */
const LOOKS = 50;

/** Asks everything at once; what is refused is an answer too. Only reads. */
export async function readCloud(endpoint: string, credentials: Credentials, config: StackConfig): Promise<CloudFacts> {
  const connection: Connection = {
    region: config.region ?? "eucalyptus",
    credentials,
    clock: createClock(),
    timeoutMs: PATIENCE_MS,
    patienceMs: PATIENCE_MS,
  };
  const urls = serviceUrls(endpoint);
  const ec2 = createEc2(urls.ec2, connection);
  const s3 = createS3(urls.s3, connection);
  const sts = createSts(urls.sts, connection);
  const autoScaling = createAutoScaling(urls.autoscaling, connection);
  const bucket = config.bucket ?? "";
  // First alone: what it learns of the cloud's clock serves the others.
  const platform = await ask(ec2.describePlatform());
  const [
    identity,
    buckets,
    images,
    types,
    keyPairs,
    addresses,
    instances,
    groups,
    scalingGroups,
    launchConfigurations,
    own,
    manifest,
    memory,
  ] = await Promise.all([
    ask(sts.getCallerIdentity()),
    ask(s3.listBuckets()),
    ask(ec2.describeImages({ filters: {} })),
    ask(ec2.describeInstanceTypes()),
    ask(ec2.describeKeyPairs({})),
    ask(ec2.describeAddresses({})),
    ask(ec2.describeInstances({})),
    ask(ec2.describeSecurityGroups({})),
    ask(autoScaling.describeGroups()),
    ask(autoScaling.describeLaunchConfigurations()),
    ask(lookInto(s3, bucket)),
    ask(readManifest(publicReader(publicBucketUrl(endpoint, bucket)))),
    ask(measureMemory(s3, bucket)),
  ]);
  const [userData, publishers] = await Promise.all([
    readUserData(ec2, valuesOf(instances).filter(needsUserData)),
    readPublishers(
      endpoint,
      valuesOf(buckets).filter((name) => name !== bucket),
    ),
  ]);
  const asked = { platform, identity, buckets, images, types, keyPairs, addresses, instances, groups };
  return { ...asked, scalingGroups, launchConfigurations, bucket: own, manifest, memory, userData, publishers };
}

const valuesOf = <T>(asked: Asked<readonly T[]>): readonly T[] => ("value" in asked ? asked.value : []);

async function readUserData(
  ec2: Pick<ReturnType<typeof createEc2>, "readUserData">,
  instances: readonly Instance[],
): Promise<Map<string, string>> {
  const looks = instances.slice(0, LOOKS).map(async ({ instanceId }) => {
    const bytes = await ec2.readUserData(instanceId).catch(() => undefined); // ended meanwhile
    return [instanceId, bytes?.toString("latin1") ?? ""] as const;
  });
  return new Map(await Promise.all(looks));
}

/** Read without keys: a bucket with no public object is not a planet's. */
async function readPublishers(endpoint: string, buckets: readonly string[]): Promise<Map<string, string>> {
  const looks = buckets.slice(0, LOOKS).map(async (name): Promise<[string, string][]> => {
    const found = await ask(readManifest(publicReader(publicBucketUrl(endpoint, name))));
    return "value" in found && found.value.state === "present" ? [[name, found.value.manifest.stack]] : [];
  });
  return new Map((await Promise.all(looks)).flat());
}

async function lookInto(s3: ReturnType<typeof createS3>, bucket: string) {
  if (!(await s3.headBucket(bucket))) return { exists: false, keys: [] };
  const objects = await s3.listObjects(bucket, "", 20);
  return { exists: true, keys: objects.map(({ key }) => key), acl: await ask(s3.getBucketAcl(bucket)) };
}

async function measureMemory(s3: ReturnType<typeof createS3>, bucket: string): Promise<MemorySizes> {
  const sizes = new Map<string, { objects: number; bytes: number }>();
  if (!(await s3.headBucket(bucket))) return sizes;
  for (const { key, size } of await s3.listObjects(bucket, "memory")) {
    const [folder] = /^memory(?:-\d+)?\//.exec(key) ?? [];
    if (folder === undefined) continue;
    const { objects, bytes } = sizes.get(folder) ?? { objects: 0, bytes: 0 };
    sizes.set(folder, { objects: objects + 1, bytes: bytes + size });
  }
  return sizes;
}

type MemorySizes = ReadonlyMap<string, { readonly objects: number; readonly bytes: number }>;
