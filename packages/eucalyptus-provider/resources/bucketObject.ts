import { type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import type { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import type { Handler, StateOf } from "../handler.ts";
import { cannedAcl, liveWord } from "../objects/acl.ts";
import { contentBytes, md5 } from "../objects/content.ts";
import { guardDelete } from "../objects/guard.ts";
import { isRetained } from "../objects/leftovers.ts";
import { diffWithLive, holdsEdit, noteLook } from "../objects/liveEdits.ts";
import { bucketObjectInputs, bucketObjectv2Inputs, objectProblems } from "../objects/objectInputs.ts";
import {
  expected,
  importedInputs,
  parsePlace,
  placeOf,
  stateOf,
  WRITTEN,
  writtenEtag,
} from "../objects/objectState.ts";
import { writeObject } from "../objects/writeObject.ts";
import { diffInputs } from "../rules/diffInputs.ts";
import { textOf } from "../values.ts";

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
  const handler: Handler = {
    token,
    inputs,
    stables: ["arn", "bucket", "key"],
    complete: (news, { name }) => ({ key: name, ...news }),
    problems: objectProblems,
    // The new object is written over the old one, which must not be deleted afterwards.
    replacesInPlace: (olds, news) => olds.bucket === news.bucket && olds.key === news.key,
    naturalKey: (id) => `object ${placeOf(parsePlace(id) ?? {})}`,

    async diffInCloud(cloud, request, found) {
      const place = parsePlace(request.id);
      return place ? diffWithLive(cloud, place, request, found) : found;
    },

    async preview(news, cloud) {
      const bytes = await contentBytes(cloud, news);
      const etag = bytes ? md5(bytes) : UNKNOWN;
      if (bytes && isRetained(news)) cloud.run.save(textOf(news, "bucket"), md5(bytes));
      return { ...fixed, ...expected(news, cloud.region), etag, versionId: UNKNOWN, [WRITTEN]: etag };
    },

    async create(cloud, { inputs: news }) {
      return { id: placeOf(news), state: { ...fixed, ...(await writeObject(cloud, news, undefined)) } };
    },

    async read(cloud, { id, inputs: known, state }) {
      const place = parsePlace(id);
      const live = place && (await cloud.s3.headObject(place.bucket, place.key));
      if (!place || !live) return undefined;
      const written = (state && writtenEtag(state)) ?? live.etag;
      noteLook(cloud, place, { live, written, inputs: known });
      const news = known ?? importedInputs(place, live);
      // The ACL is the only property for which somebody else's change is repaired: by a PUT of the ACL alone.
      const acl = liveWord(await cloud.s3.getObjectAcl(place.bucket, place.key), news.acl);
      const current = news.acl === undefined && acl === "private" ? news : { ...news, acl };
      return { id, inputs: current, state: { ...fixed, ...stateOf(current, live, cloud.region), [WRITTEN]: written } };
    },

    async previewUpdate(cloud, { olds, oldInputs, news }) {
      const changed = { ...expected(news, cloud.region), ...fixed };
      if (isAclAlone(changedInputs(handler, oldInputs, news)))
        return { ...changed, etag: olds.etag ?? UNKNOWN, versionId: olds.versionId ?? "" };
      const bytes = await contentBytes(cloud, news);
      const etag = bytes ? md5(bytes) : UNKNOWN;
      return { ...changed, etag, versionId: olds.versionId === "" ? "" : UNKNOWN, [WRITTEN]: etag };
    },

    async update(cloud, { olds, oldInputs, news }) {
      const place = { bucket: textOf(news, "bucket"), key: textOf(news, "key") };
      const names = changedInputs(handler, oldInputs, news);
      if (isAclAlone(names)) {
        const acl = cannedAcl(news.acl) ?? "private";
        await cloud.s3.putObjectAcl(place.bucket, place.key, acl);
        return { ...olds, ...news, acl };
      }
      // After an error that followed a write; an edit that came since is left alone, as by every deploy that changes nothing.
      if (names.length === 0 && (await holdsEdit(cloud, place, olds))) return olds;
      return { ...fixed, ...(await writeObject(cloud, news, writtenEtag(olds))) };
    },

    async delete(cloud, { id, state }) {
      const place = parsePlace(id);
      const live = place && (await cloud.s3.headObject(place.bucket, place.key));
      if (!place || !live) return;
      const [{ run }, written] = [cloud, writtenEtag(state)];
      // Another entry of this state has written over it since, and ends it.
      if (live.etag !== written && run.hasWritten(placeOf(place), live.etag)) return;
      guardDelete({ place: id, live, written, isKept: run.isSaved(place.bucket, live.etag) });
      await cloud.s3.deleteObject(place.bucket, place.key);
    },
  };
  return handler;
}

function changedInputs(handler: Handler, oldInputs: Inputs, news: Inputs): string[] {
  return Object.keys(diffInputs(handler, oldInputs, news, undefined).detailed);
}

/** Then bytes and headers stay, and a live edit with them: nothing needs to be guarded. */
function isAclAlone(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => name === "acl");
}
