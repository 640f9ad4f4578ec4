import { type CloudError, isCloudError } from "@planet/eucalyptus-client";
import { type Finding, problem } from "../../text/finding.ts";
import type { CloudFacts } from "./facts.ts";

/**
 * What the account's user may not do: keys that are accepted and have no policy. Only of what a look needs; what a deploy
 * writes shows when it does. A refusal by a foreign bucket is a matter for its owner.
 */
export function judgePermissions(facts: CloudFacts): Finding[] {
  const { platform, buckets, images, types, keyPairs, addresses, instances, groups } = facts;
  const ec2 = [platform, images, types, keyPairs, addresses, instances, groups].flatMap((asked) =>
    "error" in asked && isMissingPermission(asked.error) ? [`ec2:${asked.error.action}`] : [],
  );
  const s3 = "error" in buckets && isCloudError(buckets.error, "AccessDenied") ? ["s3:ListAllMyBuckets"] : [];
  const missing = [...new Set([...ec2, ...s3])].toSorted();
  if (missing.length === 0) return [];
  const next = "the account's administrator: euare-useruploadpolicy with the policy of docs/eucalyptus.md";
  return [problem("policy", `the keys' user may not ${missing.join(", ")}`, next)];
}

/** Of valid keys; wrong ones are refused with plain 401 and 403. Seen on the services of 5.1.0. */
export function isMissingPermission(error: unknown): error is CloudError {
  return isCloudError(error, "UnauthorizedOperation");
}
