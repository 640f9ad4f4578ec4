import { isCloudError, openTo } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";

/**
 * Whoever may write into a bucket decides what is served from it. A program that says nothing of the ACL does not mean that.
 * @throws {ProviderError} `BUCKET_OPEN`; nothing was changed.
 */
export async function refuseOpen({ s3 }: Pick<CloudContext, "s3">, id: string): Promise<void> {
  const acl = await s3.getBucketAcl(id).catch((error: unknown) => {
    if (isCloudError(error, "NoSuchBucket")) return undefined; // gone, which is for a refresh to find
    throw error;
  });
  if (!acl || openTo(acl) !== "write") return;
  throw new ProviderError({
    code: "BUCKET_OPEN",
    what: `the bucket ${id} is not used`,
    why: "its ACL lets everybody, or every account of the cloud, write into it",
    next: `Take that away, look at what is in it, and run \`pulumi up\` again: s3cmd setacl --acl-private s3://${id}`,
  });
}
