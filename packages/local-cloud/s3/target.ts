import { isIP } from "node:net";
import { formDecode } from "../wire/target.ts";

export interface S3Target {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Path style on an IP address; any other host name is itself the bucket and the whole path the key, as on a cloud with
 * a DNS domain set: `localhost` is a bucket. The key is decoded with form rules: `+` is a space.
 * Source: Corymbia/eucalyptus `OSGUtil.java`.
 */
export function s3Target(host: string, path: string, prefix: string): S3Target {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (isIP(name.replace(/^\[|\]$/g, "")) === 0) return { bucketName: name, key: formDecode(path.replace(/^\/+/, "")) };
  const rest = path.slice(prefix.length).replace(/^\/+/, "");
  const slash = rest.indexOf("/");
  if (slash < 0) return { bucketName: formDecode(rest), key: "" };
  return { bucketName: formDecode(rest.slice(0, slash)), key: formDecode(rest.slice(slash + 1)) };
}
