import { messageOf } from "@planet/errors";
import type { ObjectFacts } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { textMap } from "../rules/tags.ts";
import { textIn, textOf } from "../values.ts";
import { cannedAcl } from "./acl.ts";
import { contentBytes, md5 } from "./content.ts";
import { guardWrite } from "./guard.ts";
import { isRetained } from "./leftovers.ts";
import { DEFAULT_TYPE, expected, isSameType, placeOf, stateOf, WRITTEN } from "./objectState.ts";

/**
 * Writes the object, if its guard allows it, and looks at what came of it.
 * @param known ETag of what the state says that we wrote last; undefined on create.
 */
export async function writeObject(cloud: CloudContext, news: Inputs, known: string | undefined): Promise<Inputs> {
  const [bucket, key, place] = [textOf(news, "bucket"), textOf(news, "key"), placeOf(news)];
  const bytes = (await contentBytes(cloud, news)) ?? new Uint8Array();
  const before = await cloud.s3.headObject(bucket, key);
  if (before) {
    // Under another logical name, or as the other object type, this state may have written it as well.
    const written = cloud.run.hasWritten(place, before.etag) ? before.etag : known;
    guardWrite({ place, live: before, written, isKept: cloud.run.isSaved(bucket, before.etag), newEtag: md5(bytes) });
  }
  const etag = await put(cloud, { bucket, key, bytes, news, before });
  cloud.run.noteWritten(place, etag);
  if (isRetained(news)) cloud.run.save(bucket, etag);
  // From here on the object is ours: what fails keeps it in the state.
  const contentType = textIn(news, "contentType") ?? DEFAULT_TYPE;
  try {
    const live = await cloud.s3.headObject(bucket, key);
    if (!live || !isSameType(live.contentType, contentType)) throw lostType(place, contentType, live);
    return { ...stateOf(news, live, cloud.region), [WRITTEN]: etag };
  } catch (error) {
    const state = { ...expected(news, cloud.region), etag, versionId: "", [WRITTEN]: etag };
    throw new InitializationError({ id: place, state, reasons: [messageOf(error)] }, { cause: error });
  }
}

interface Put {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly news: Inputs;
  /** What was there before. */
  readonly before: ObjectFacts | undefined;
}

/** @returns the ETag that the store gave to the bytes. */
async function put(cloud: CloudContext, { bucket, key, bytes, news, before }: Put): Promise<string> {
  const write = () =>
    cloud.s3.putObject({
      bucket,
      key,
      bytes,
      contentType: textIn(news, "contentType") ?? DEFAULT_TYPE,
      acl: cannedAcl(news.acl) ?? "private",
      cacheControl: textIn(news, "cacheControl"),
      contentDisposition: textIn(news, "contentDisposition"),
      contentEncoding: textIn(news, "contentEncoding"),
      metadata: textMap(news.metadata),
    });
  const look = async () => {
    const live = await cloud.s3.headObject(bucket, key);
    const isOurs = live?.etag === md5(bytes) && !isUntouched(live, before);
    return isOurs ? { etag: live.etag, versionId: live.versionId } : undefined;
  };
  const { etag } = await inDoubt(cloud, write, look);
  return etag === "" ? md5(bytes) : etag;
}

/** Equal bytes may have been there before, with other headers. */
function isUntouched(live: ObjectFacts, before: ObjectFacts | undefined): boolean {
  return live.etag === before?.etag && live.lastModified?.getTime() === before.lastModified?.getTime();
}

function lostType(place: string, contentType: string, live: ObjectFacts | undefined): ProviderError {
  return new ProviderError({
    code: "CONTENT_TYPE_LOST",
    what: `${place} is not served as ${contentType}`,
    why: live ? `the cloud says "${live.contentType}"` : "it vanished right after it was written",
    next: "Look for a proxy that rewrites headers in front of the object storage, then run `pulumi up` again.",
  });
}
