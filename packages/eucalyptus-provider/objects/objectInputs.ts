import type { Inputs, Problem, Value } from "@planet/pulumi-plugin";
import type { BucketObjectArgs } from "@pulumi/aws/s3/bucketObject.js";
import type { BucketObjectv2Args } from "@pulumi/aws/s3/bucketObjectv2.js";
import type { RulesOf } from "../handler.ts";
import { asset, refused, region, stringMap, text } from "../rules/inputRule.ts";
import { problemWithAcl } from "./acl.ts";

const NO_LOCKS = "Eucalyptus has no object locks; remove it";
const NO_ENCRYPTION = "Eucalyptus ignores it and stores the object in clear text; remove it";

/** In a header; control characters would end it. */
const headerText = text({
  problem: (value) =>
    /^[\x20-\x7e]*$/.test(String(value)) ? undefined : "must be printable ASCII: it is sent as a header",
});

/** Headers that the store keeps: Corymbia/eucalyptus `ObjectStorageRESTBinding.java`. */
export const bucketObjectInputs: RulesOf<BucketObjectArgs> = {
  acl: text({ problem: problemWithAcl }),
  bucket: text({ required: true, replaces: true }),
  bucketKeyEnabled: refused(NO_ENCRYPTION, [false]),
  cacheControl: headerText,
  content: text({ hidden: true }),
  contentBase64: text({ hidden: true, problem: problemWithBase64 }),
  contentDisposition: headerText,
  contentEncoding: headerText,
  contentLanguage: refused("Eucalyptus does not keep it; remove it"),
  contentType: headerText,
  etag: refused("is computed from the content; remove it (a change of the content is noticed without it)"),
  forceDestroy: refused(NO_LOCKS, [false]),
  key: text({ replaces: true, problem: problemWithKey }),
  kmsKeyId: refused(NO_ENCRYPTION),
  metadata: stringMap({ problem: problemWithMetadata }),
  objectLockLegalHoldStatus: refused(NO_LOCKS, ["OFF"]),
  objectLockMode: refused(NO_LOCKS),
  objectLockRetainUntilDate: refused(NO_LOCKS),
  region,
  serverSideEncryption: refused(NO_ENCRYPTION),
  source: asset(),
  sourceHash: text(),
  storageClass: refused("Eucalyptus has one class; remove it", ["STANDARD"]),
  // Tagging an object here overwrites it with the XML of its tags, and untagging deletes it.
  tags: refused("Eucalyptus cannot tag objects; remove it", [{}]),
  websiteRedirect: refused("Eucalyptus serves no websites from buckets; remove it"),
};

export const bucketObjectv2Inputs: RulesOf<BucketObjectv2Args> = {
  ...bucketObjectInputs,
  checksumAlgorithm: refused("Eucalyptus keeps no checksums; remove it (the upload is protected by its signature)"),
  overrideProvider: refused("the provider has no default tags that would need it; remove it"),
};

/** All ways in which the bytes may be given. */
export const CONTENTS = ["content", "contentBase64", "source"];

/** Problems that no single input shows. */
export function objectProblems(news: Inputs): Problem[] {
  const given = CONTENTS.filter((name) => news[name] !== undefined);
  return given.length > 1 ? [{ property: "", reason: `${given.join(" and ")} exclude each other; give one` }] : [];
}

function problemWithBase64(value: Value): string | undefined {
  const bytes = Buffer.from(String(value), "base64");
  const isExact =
    bytes.toString("base64").replace(/=+$/, "") === String(value).replaceAll(/\s/g, "").replace(/=+$/, "");
  return isExact ? undefined : "is not base64";
}

function problemWithKey(value: Value): string | undefined {
  const key = String(value);
  if (key === "" || Buffer.byteLength(key) > 1024) return "must have 1 to 1024 bytes";
  if (key.startsWith("/")) return "may not begin with a slash: the cloud takes several slashes as one";
  return undefined;
}

function problemWithMetadata(value: Value): string | undefined {
  const wrong = Object.entries(value as Record<string, Value>).find(
    ([name, text]) => !/^[a-z0-9-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(String(text)),
  );
  return (
    wrong &&
    `"${wrong[0]}": names are lower-case letters, digits and hyphens, values printable ASCII; they are sent as headers`
  );
}
