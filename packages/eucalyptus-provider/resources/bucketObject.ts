import type { ObjectFacts } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import type { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import type { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError, messageOf } from "../errors.ts";
import type { Handler, StateOf } from "../handler.ts";
import { cannedAcl, liveWord } from "../objects/acl.ts";
import { contentBytes, md5 } from "../objects/content.ts";
import { guardDelete, guardWrite } from "../objects/guard.ts";
import { bucketObjectInputs, bucketObjectv2Inputs, objectProblems } from "../objects/objectInputs.ts";
import { diffInputs } from "../rules/diffInputs.ts";
import { textMap } from "../rules/tags.ts";
import { defined, textIn, textOf } from "../values.ts";

/** What an object without a type is served as; a browser then downloads it. */
const DEFAULT_TYPE = "application/octet-stream";

const NO_CHECKSUMS = {
  checksumCrc32: "",
  checksumCrc32c: "",
  checksumCrc64nvme: "",
  checksumSha1: "",
  checksumSha256: "",
} as const satisfies StateOf<BucketObjectv2>;

/** An object. Id: `bucket/key`. Bytes that somebody else wrote are never overwritten or deleted: see objects/guard.ts. */
export const bucketObjectv2 = objectHandler("aws:s3/bucketObjectv2:BucketObjectv2", bucketObjectv2Inputs, NO_CHECKSUMS);

/** The same under its older name. */
export const bucketObject = objectHandler("aws:s3/bucketObject:BucketObject", bucketObjectInputs, {});

function objectHandler(token: string, inputs: Handler["inputs"], fixed: Inputs): Handler {
  // A forced replacement (`up --replace`) creates before it deletes, whatever Diff says: in the same run, and so in this
  // process, the old state's object is the successor's by then.
  const createdHere = new Set<string>();
  const handler: Handler = {
    token,
    inputs,
    stables: ["arn", "bucket", "key"],
    complete: (news, { name }) => ({ key: name, ...news }),
    problems: objectProblems,
    // The new object is written over the old one, which must not be deleted afterwards.
    replacesInPlace: (olds, news) => olds.bucket === news.bucket && olds.key === news.key,

    async preview(news, cloud) {
      const bytes = await contentBytes(cloud, news);
      return { ...fixed, ...expected(news, cloud.region), etag: bytes ? md5(bytes) : UNKNOWN, versionId: UNKNOWN };
    },

    async create(cloud, { inputs: news }) {
      createdHere.add(placeOf(news));
      return { id: placeOf(news), state: { ...fixed, ...(await write(cloud, news, undefined)) } };
    },

    async read(cloud, { id, inputs: known }) {
      const place = parsePlace(id);
      const live = place && (await cloud.s3.headObject(place.bucket, place.key));
      if (!place || !live) return undefined;
      const news = known ?? importedInputs(place, live);
      // The ACL is the one thing that an outsider's change of is mended: by a PUT of the ACL alone.
      const acl = liveWord(await cloud.s3.getObjectAcl(place.bucket, place.key), news.acl);
      const current = news.acl === undefined && acl === "private" ? news : { ...news, acl };
      return { id, inputs: current, state: { ...fixed, ...stateOf(current, live, cloud.region) } };
    },

    async previewUpdate(cloud, { olds, oldInputs, news }) {
      const changed = { ...expected(news, cloud.region), ...fixed };
      if (isAclAlone(handler, oldInputs, news))
        return { ...changed, etag: olds.etag ?? UNKNOWN, versionId: olds.versionId ?? "" };
      const bytes = await contentBytes(cloud, news);
      return { ...changed, etag: bytes ? md5(bytes) : UNKNOWN, versionId: olds.versionId === "" ? "" : UNKNOWN };
    },

    async update(cloud, { olds, oldInputs, news }) {
      if (!isAclAlone(handler, oldInputs, news))
        return { ...fixed, ...(await write(cloud, news, textOf(olds, "etag"))) };
      const acl = cannedAcl(news.acl) ?? "private";
      await cloud.s3.putObjectAcl(textOf(news, "bucket"), textOf(news, "key"), acl);
      return { ...olds, ...news, acl };
    },

    async delete({ s3 }, { id, state }) {
      const place = createdHere.has(id) ? undefined : parsePlace(id);
      const live = place && (await s3.headObject(place.bucket, place.key));
      if (!place || !live) return;
      guardDelete({ place: id, live, knownEtag: textOf(state, "etag") });
      await s3.deleteObject(place.bucket, place.key);
    },
  };
  return handler;
}

/** Whether bytes and headers stay: then a live edit stays as well, and nothing needs to be guarded. */
function isAclAlone(handler: Handler, oldInputs: Inputs, news: Inputs): boolean {
  const names = Object.keys(diffInputs(handler, oldInputs, news, undefined).detailed);
  return names.length > 0 && names.every((name) => name === "acl");
}

async function write(cloud: CloudContext, news: Inputs, knownEtag: string | undefined): Promise<Inputs> {
  const [bucket, key, place] = [textOf(news, "bucket"), textOf(news, "key"), placeOf(news)];
  const bytes = (await contentBytes(cloud, news)) ?? new Uint8Array();
  const before = await cloud.s3.headObject(bucket, key);
  guardWrite({ place, live: before, knownEtag, newEtag: md5(bytes) });

  const contentType = textIn(news, "contentType") ?? DEFAULT_TYPE;
  const { etag } = await cloud.s3.putObject({
    bucket,
    key,
    bytes,
    contentType,
    acl: cannedAcl(news.acl) ?? "private",
    cacheControl: textIn(news, "cacheControl"),
    contentDisposition: textIn(news, "contentDisposition"),
    contentEncoding: textIn(news, "contentEncoding"),
    metadata: textMap(news.metadata),
  });
  // From here on the object is ours: what fails keeps it in the state.
  try {
    const live = await cloud.s3.headObject(bucket, key);
    if (live && sameType(live.contentType, contentType)) return stateOf(news, live, cloud.region);
    throw lostType(place, contentType, live);
  } catch (error) {
    const state = { ...expected(news, cloud.region), etag, versionId: "" };
    throw new InitializationError({ id: place, state, reasons: [messageOf(error)] }, { cause: error });
  }
}

/** Stores differ in the case and blanks of parameters. */
function sameType(one: string, other: string): boolean {
  const plain = (type: string) => type.toLowerCase().replaceAll(/[\s"]/g, "");
  return plain(one) === plain(other);
}

function lostType(place: string, contentType: string, live: ObjectFacts | undefined): ExplainedError {
  return new ExplainedError({
    code: "CONTENT_TYPE_LOST",
    what: `${place} is not served as ${contentType}`,
    why: live ? `the cloud says "${live.contentType}"` : "it vanished right after it was written",
    next: "Look for a proxy that rewrites headers in front of the object storage, then run `npx pulumi up` again.",
  });
}

const placeOf = (news: Inputs) => `${textOf(news, "bucket")}/${textOf(news, "key")}`;

/** `bucket/key`, also with `s3://` before it, as in the official documentation. */
export function parsePlace(id: string): { bucket: string; key: string } | undefined {
  const [, bucket = "", key = ""] = /^(?:s3:\/\/)?([^/]+)\/(.+)$/s.exec(id) ?? [];
  return bucket === "" ? undefined : { bucket, key };
}

function importedInputs(place: { bucket: string; key: string }, live: ObjectFacts): Inputs {
  const texts = {
    cacheControl: live.cacheControl,
    contentDisposition: live.contentDisposition,
    contentEncoding: live.contentEncoding,
    contentType: live.contentType,
  };
  const metadata = Object.keys(live.metadata).length === 0 ? undefined : { ...live.metadata };
  return {
    ...place,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== "")),
    ...defined({ metadata }),
  };
}

/** Outputs that follow from the inputs. */
function expected(news: Inputs, ours: string): Inputs {
  const state: StateOf<BucketObject> = {
    acl: "private",
    bucketKeyEnabled: false,
    contentType: DEFAULT_TYPE,
    kmsKeyId: "",
    region: ours,
    serverSideEncryption: "",
    storageClass: "STANDARD",
    tagsAll: {},
  };
  const [bucket, key] = [news.bucket, news.key];
  const arn = typeof bucket === "string" && typeof key === "string" ? `arn:aws:s3:::${bucket}/${key}` : UNKNOWN;
  return { ...defined(state), ...news, arn };
}

function stateOf(news: Inputs, live: ObjectFacts, ours: string): Inputs {
  const written = textOf(news, "contentType");
  const contentType = sameType(live.contentType, written) ? written : live.contentType;
  const observed: StateOf<BucketObject> = { contentType, etag: live.etag, versionId: live.versionId };
  return { ...expected(news, ours), ...defined(observed) };
}
