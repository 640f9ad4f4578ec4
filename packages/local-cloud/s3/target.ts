import { isIP } from "node:net";
import { serviceOfHost } from "../wire/serviceNames.ts";
import { formDecode } from "../wire/target.ts";
import { DNS_DOMAIN } from "../world/world.ts";

export interface S3Target {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Path style on an IP address, on the cloud's own domain and without a Host; any other host name is itself the bucket and the whole
 * path the key. The key is decoded with form rules: `+` is a space.
 * Source: Corymbia/eucalyptus `OSGUtil.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 */
export function s3Target(host: string, path: string, prefix: string): S3Target {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const isOurs = name === "" || name === DNS_DOMAIN || serviceOfHost(name) === "s3";
  const isPathStyle = isOurs || isIP(name.replace(/^\[|\]$/g, "")) !== 0;
  if (!isPathStyle) return { bucketName: name, key: formDecode(path.replace(/^\/+/, "")) };
  const rest = path.slice(prefix.length).replace(/^\/+/, "");
  const slash = rest.indexOf("/");
  if (slash < 0) return { bucketName: formDecode(rest), key: "" };
  return { bucketName: formDecode(rest.slice(0, slash)), key: formDecode(rest.slice(slash + 1)) };
}
