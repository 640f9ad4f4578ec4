import { messageOf } from "@planet/errors";
import { type CannedAcl, type CloudError, isCloudError } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs, isUnknown, UNKNOWN } from "@planet/pulumi-plugin";
import type { Bucket, BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler, RulesOf, StateOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { cannedAcl, liveWord, problemWithAcl } from "../objects/acl.ts";
import { editsLeftBehind } from "../objects/guard.ts";
import { refuseHeld } from "../objects/heldBucket.ts";
import { leftovers } from "../objects/leftovers.ts";
import { emptyMarkedFolders, markedFolders } from "../objects/markedFolders.ts";
import { refuseOpen } from "../objects/openBucket.ts";
import { ProviderError } from "../providerError.ts";
import { flag, refused, region, text } from "../rules/inputRule.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { defined, textOf } from "../values.ts";

const NOT_OFFERED = "is not offered by the provider, as Eucalyptus has it in part or not at all; remove it";

const inputs: RulesOf<BucketArgs> = {
  accelerationStatus: refused(NOT_OFFERED),
  acl: text({ computed: true, problem: problemWithAcl }),
  bucket: text({
    replaces: true,
    // "extended" naming, the default: Corymbia/eucalyptus `BucketNameValidatorRepo.java`
    problem: (value) =>
      /^[A-Za-z0-9._-]{2,255}$/.test(String(value))
        ? undefined
        : "must be 2 to 255 letters, digits, dots, underscores and hyphens",
  }),
  bucketNamespace: refused(NOT_OFFERED),
  bucketPrefix: text({ replaces: true, computed: true }),
  corsRules: refused(NOT_OFFERED, [[]]),
  forceDestroy: flag(),
  grants: refused("use acl, with one of the canned words", [[]]),
  lifecycleRules: refused(NOT_OFFERED, [[]]),
  logging: refused(NOT_OFFERED),
  objectLockConfiguration: refused(NOT_OFFERED),
  objectLockEnabled: refused(NOT_OFFERED, [false]),
  policy: refused("use acl, and the acl of each object"),
  region,
  replicationConfiguration: refused(NOT_OFFERED),
  requestPayer: refused(NOT_OFFERED, ["BucketOwner"]),
  serverSideEncryptionConfiguration: refused(NOT_OFFERED),
  tags: refused("buckets are not tagged by the provider; remove it", [{}]),
  versioning: refused("is not offered by the provider: its write guard reads one version; remove it"),
  website: refused("Eucalyptus serves no websites from buckets; remove it"),
};

/** One page of a listing: what is looked at of a bucket that is to be adopted. */
const LOOK_LIMIT = 1000;

/** A bucket. Id: its name. Its ACL says who may list it; who may read an object is the object's own ACL. */
export const bucket: Handler = {
  token: "aws:s3/bucket:Bucket",
  inputs,
  stables: ["arn", "bucket", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName"],
  complete(news, facts) {
    const named = completeName(
      news,
      { ...facts, name: facts.name.toLowerCase() },
      { property: "bucket", prefix: "bucketPrefix" },
    );
    return { forceDestroy: false, ...named };
  },
  replacesInPlace: (olds, news) => isSameFixedName(olds.bucket, news.bucket),
  naturalKey: (id) => `bucket ${id}`,

  /** Another bucket ends this one: edits in it, as the refresh has seen them, stop that before anything is made. */
  async diffInCloud(cloud, { id, news }, found) {
    const { run } = cloud;
    const edits = run.edits.filter(({ place }) => place.startsWith(`${id}/`));
    const isLeft = found.replaces.length > 0 && news.bucket !== id && !isUnknown(news.bucket);
    if (isLeft && edits.length > 0) throw editsLeftBehind(edits);
    if (!isLeft && news.acl === undefined) await refuseOpen(cloud, id);
    return found;
  },

  async preview(news, cloud) {
    if (typeof news.bucket !== "string") return { ...news, arn: UNKNOWN, bucket: UNKNOWN };
    const found = await lookAt(cloud, news.bucket);
    if (found && news.acl === undefined) await refuseOpen(cloud, news.bucket);
    return stateOf(cloud, news);
  },

  async create(cloud, { urn, inputs: news }) {
    const id = textOf(news, "bucket");
    const acl = cannedAcl(news.acl) ?? "private";
    const isOurs = await adopt(cloud, urn, id);
    if (isOurs && news.acl === undefined) await refuseOpen(cloud, id);
    if (!isOurs) await createNew(cloud, id, acl);
    try {
      // An own bucket keeps the ACL that it has, unless one is asked for.
      if (isOurs && news.acl !== undefined) await cloud.s3.putBucketAcl(id, acl);
      return { id, state: stateOf(cloud, news) };
    } catch (error) {
      throw new InitializationError({ id, state: stateOf(cloud, news), reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { id, inputs: known }) {
    if (!(await cloud.s3.headBucket(id))) return undefined;
    const news = known ?? { bucket: id, forceDestroy: false };
    const acl = liveWord(await cloud.s3.getBucketAcl(id), news.acl);
    const current: Inputs = known && known.acl === undefined ? known : { ...news, acl };
    return { id, inputs: current, state: { ...stateOf(cloud, current), acl } };
  },

  async update(cloud, { id, olds, news }) {
    const acl = cannedAcl(news.acl);
    if (acl !== undefined) await cloud.s3.putBucketAcl(id, acl);
    return { ...stateOf(cloud, news), acl: acl ?? olds.acl ?? "private" };
  },

  async delete(cloud, { urn, id, oldInputs, state }) {
    const { s3 } = cloud;
    const forced = oldInputs.forceDestroy ?? state.forceDestroy;
    if (forced === true && (await s3.headBucket(id))) {
      for (const { key } of await s3.listObjects(id)) await s3.deleteObject(id, key);
    }
    try {
      await s3.deleteBucket(id);
    } catch (error) {
      if (!isCloudError(error, "BucketNotEmpty")) throw error;
      await emptyMarkedFolders(cloud, id);
      const { marked, strangers } = await leftovers(s3, id);
      if (strangers.length > 0) throw notEmpty({ urn, id, strangers }, error);
      for (const key of marked) await s3.deleteObject(id, key);
      await s3.deleteBucket(id);
    }
  },
};

function notEmpty({ urn, id, strangers }: { urn: string; id: string; strangers: string[] }, cause: CloudError) {
  const shown = strangers.slice(0, 3).join(", ");
  return new ProviderError(
    {
      code: "BUCKET_NOT_EMPTY",
      what: `the bucket ${id} was not deleted`,
      why: `it still has ${strangers.length} object(s) that this stack does not own: ${shown}${strangers.length > 3 ? ", …" : ""}`,
      next:
        "Save and remove them with any S3 client and run the same command again; " +
        `or keep the bucket and let the stack forget it: pulumi state delete '${urn}'`,
    },
    { cause },
  );
}

/**
 * The cloud says 200 to the creation of a bucket that one has, so we look first. An own one is adopted: who did by
 * hand what the program does now has one, and so has an interrupted run. Nothing in it is touched: each object has a guard of its own.
 */
async function adopt(cloud: CloudContext, urn: string, id: string): Promise<boolean> {
  const found = await lookAt(cloud, id);
  const [first] = found ?? [];
  if (first !== undefined) {
    cloud.log.info(urn, `adopted the bucket ${id}, which the account has with objects such as ${first}`);
  }
  return found !== undefined;
}

/** @returns the first keys of an own bucket that may be adopted, undefined when the account has none of that name. */
async function lookAt({ s3, run }: CloudContext, id: string): Promise<string[] | undefined> {
  if (!(await s3.listBuckets()).includes(id)) return undefined;
  const keys = (await s3.listObjects(id, "", LOOK_LIMIT)).map(({ key }) => key);
  // This very state has the bucket: under another logical name, before `up --replace`, or its objects at least.
  const foreign = run.isInState(id) ? [] : keys.filter((key) => !run.isInState(`${id}/${key}`));
  if (foreign.length > 0) {
    const folders = await markedFolders(s3, id);
    await refuseHeld(
      s3,
      id,
      foreign.filter((key) => !folders.some((folder) => key.startsWith(folder))),
    );
  }
  return keys;
}

async function createNew(cloud: CloudContext, id: string, acl: CannedAcl): Promise<void> {
  const { s3 } = cloud;
  const find = async () => ((await s3.listBuckets()).includes(id) ? id : undefined);
  try {
    await inDoubt(cloud, () => s3.createBucket(id, acl).then(() => id), find);
  } catch (error) {
    if (isCloudError(error, "BucketAlreadyExists")) throw notMade(id, OTHERS, error);
    if (isCloudError(error, "InternalError")) throw notMade(id, STUCK, error);
    throw error;
  }
}

const OTHERS = {
  code: "BUCKET_EXISTS",
  why: "another account has one of that name, and a name is there once on a cloud",
  next: "Choose another name; or use that account's keys, if the bucket is yours.",
};

/** Observed on 5.1.0: the name answers so until the cloud has cleaned up, which it does every 60 s. */
const STUCK = {
  code: "BUCKET_STUCK",
  why: "the cloud failed (InternalError), as it does while a bucket of that name is left half made by an earlier failure",
  next: "Wait a minute, then run `pulumi up` again. If it fails then, too, ask the cloud's operator.",
};

function notMade(id: string, { code, why, next }: typeof OTHERS, cause: CloudError): ProviderError {
  return new ProviderError({ code, what: `the bucket ${id} was not made`, why, next }, { cause });
}

/** Path-style: where AWS has a host name of the bucket's own, here the bucket is the end of the endpoint's path. */
function stateOf({ s3Url, region: ours }: CloudContext, news: Inputs): Inputs {
  const name = textOf(news, "bucket");
  const { host, pathname } = new URL(s3Url);
  const place = `${host}${pathname.replace(/\/+$/, "")}/${name}`;
  const observed: StateOf<Bucket> = {
    acl: news.acl ?? "private",
    arn: `arn:aws:s3:::${name}`,
    bucket: name,
    bucketDomainName: place,
    bucketPrefix: news.bucketPrefix ?? "",
    bucketRegion: ours,
    bucketRegionalDomainName: place,
    forceDestroy: news.forceDestroy ?? false,
    hostedZoneId: "",
    region: ours,
    requestPayer: "BucketOwner",
    tagsAll: {},
  };
  return { ...news, ...defined(observed) };
}
