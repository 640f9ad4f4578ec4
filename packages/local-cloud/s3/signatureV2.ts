import { headerOf, type RequestHead } from "../wire/target.ts";

/** AWS's list of version 2, and what Eucalyptus added (Corymbia/eucalyptus `S3V2Authentication.java`). */
const SIGNED_SUB_RESOURCES = new Set([
  ...["acl", "lifecycle", "location", "logging", "notification", "partNumber", "policy", "requestPayment", "torrent"],
  ...["uploadId", "uploads", "versionId", "versioning", "versions", "website", "delete"],
  ...["cors", "tagging", "accelerate", "metrics", "analytics", "inventory", "replication", "encryption"],
  ...["response-content-type", "response-content-language", "response-expires", "response-cache-control"],
  ...["response-content-disposition", "response-content-encoding"],
]);

/** All texts that may have been signed: the path as sent, then without the service prefix. */
export function v2StringsToSign(head: RequestHead, prefix: string, dateLine: string): string[] {
  const query = head.query
    .filter(([name]) => SIGNED_SUB_RESOURCES.has(name))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const suffix = query.length > 0 ? `?${query.join("&")}` : "";
  const start = [
    head.method,
    headerOf(head, "content-md5") ?? "",
    headerOf(head, "content-type") ?? "",
    dateLine,
    ...amzHeaders(head),
  ];
  const paths = [head.path, head.path.slice(prefix.length) || "/"];
  return paths.map((path) => [...start, path + suffix].join("\n"));
}

function amzHeaders(head: RequestHead): string[] {
  const merged = new Map<string, string[]>();
  for (const [name, value] of head.headers) {
    const lower = name.toLowerCase();
    if (lower.startsWith("x-amz-")) merged.set(lower, [...(merged.get(lower) ?? []), value.trim()]);
  }
  return [...merged]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, values]) => `${name}:${values.join(",")}`);
}
