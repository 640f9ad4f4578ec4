import { isIP } from "node:net";
import { serviceOfHost } from "../wire/serviceNames.ts";
import { formDecode } from "../wire/target.ts";
import { DNS_DOMAIN } from "../world/world.ts";
import { unknownFailure } from "./errors.ts";

export interface S3Target {
  readonly bucketName: string;
  readonly key: string;
}

/**
 * Path style on an IP address, on the cloud's own domain and without a Host; any other host name is itself the bucket and the whole
 * path the key. The key is decoded with form rules: `+` is a space. A bucket's name is taken as sent.
 * Source: Corymbia/eucalyptus `OSGUtil.java`; observed on Eucalyptus 5.1.0, 2026-11-28.
 */
export function s3Target(host: string, path: string, prefix: string): S3Target {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const isOurs = name === "" || name === DNS_DOMAIN || serviceOfHost(name) === "s3";
  const isPathStyle = isOurs || isIP(name.replace(/^\[|\]$/g, "")) !== 0;
  if (!isPathStyle) return { bucketName: name, key: pathText(path.replace(/^\/+/, "")) };
  const rest = path.slice(prefix.length).replace(/^\/+/, "");
  const slash = rest.indexOf("/");
  if (slash < 0) return { bucketName: rest, key: "" };
  return { bucketName: rest.slice(0, slash), key: pathText(rest.slice(slash + 1)) };
}

/** @throws {S3Error} 500 on a broken percent escape */
export function pathText(text: string): string {
  const decoded = formDecode(text);
  if (decoded === undefined) throw unknownFailure("URLDecoder: Illegal hex characters in escape (%) pattern");
  return decoded;
}
