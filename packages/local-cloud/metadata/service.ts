import { createHash } from "node:crypto";
import { faultAnswer } from "../wire/answer.ts";
import { PipelineFault } from "../wire/faults.ts";
import type { Instance } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { dynamicTree, type MetadataTree, metadataTree } from "./tree.ts";

export interface MetadataAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Source: Corymbia/eucalyptus `MetadataPipeline.java`. */
const VERSIONS = [
  ...["1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01"],
  ...["2009-04-04", "2011-01-01", "2011-05-01", "2012-01-12", "2014-02-25", "latest"],
];

/** Any date is a version, and all versions are the same. Other paths belong to no service. */
const PATH = /^\/(?:latest$|(?:latest|1\.0|\d{4}-\d\d-\d\d)\/+(.*))/s;

const TEXT = "text/plain";

const NOT_FOUND = Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
         "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>404 - Not Found</title>
 </head>
 <body>
  <h1>404 - Not Found</h1>
 </body>
</html>
`);

/** The only Host under which the root lists the versions. */
const OWN_HOST = "169.254.169.254";

/**
 * Who asks is known by its address alone; the verb does not matter. `target` is as sent: with a query nothing is found.
 * Paths and texts: observed on Eucalyptus 5.1.0, 2026-11-28. What one gets that is no instance: read in Corymbia/eucalyptus
 * `MetadataPipeline.java`, `VmMetadata.java`.
 */
export function answerMetadata(world: World, sourceAddress: string, target: string, host: string): MetadataAnswer {
  if (target === "/" ? host !== OWN_HOST : !PATH.test(target)) {
    const { status, headers, body } = faultAnswer(new PipelineFault(404, "unknown"));
    return { status, contentType: headers["Content-Type"] ?? TEXT, body: Buffer.from(body) };
  }
  const address = sourceAddress.replace(/^::ffff:/, "");
  const instance = world.livingInstances().find(({ privateAddress }) => privateAddress === address);
  const text = target === "/" ? VERSIONS.join("\n") : instance ? valueAt(world, instance, target) : valueForAll(target);
  return text === undefined
    ? { status: 404, contentType: TEXT, body: NOT_FOUND }
    : { status: 200, contentType: TEXT, body: Buffer.from(text) };
}

/** Whoever asks: a list of nothing. */
const valueForAll = (path: string): string | undefined => (PATH.exec(path)?.[1] ? undefined : "");

function valueAt(world: World, instance: Instance, path: string): string | Buffer | undefined {
  const below = PATH.exec(path)?.[1];
  if (below === undefined) return "";
  if (below.includes("?")) return undefined;
  const [first = "", ...rest] = below.replace(/\/$/, "").split("/");
  switch (first) {
    case "":
      return ["dynamic", "meta-data", ...(instance.userData === undefined ? [] : ["user-data"])].join("\n");
    case "user-data":
      return instance.userData === undefined ? undefined : Buffer.from(instance.userData, "base64");
    case "meta-data":
      return walk(metadataTree(world, instance), rest);
    case "dynamic":
      return walk(dynamicTree(instance), rest);
    case "api":
      // Handed out for any verb, required nowhere.
      return rest.join("/") === "token" ? tokenOf(instance) : undefined;
    default:
      return undefined;
  }
}

/** 21 characters. */
const tokenOf = ({ instanceId }: Instance): string =>
  `AQAAA${createHash("sha256").update(instanceId).digest("hex").slice(0, 16).toUpperCase()}`;

function walk(tree: MetadataTree, path: readonly string[]): string | undefined {
  const [name, ...rest] = path.filter((part) => part !== "");
  if (name === undefined) return listing(tree);
  const child = childOf(tree, name);
  if (child === undefined) return undefined;
  if (typeof child === "string") return rest.length === 0 ? child : undefined;
  return walk(child, rest);
}

/** A key is listed as `0=name` and asked for as `0`. */
function childOf(tree: MetadataTree, name: string): string | MetadataTree | undefined {
  if (Object.hasOwn(tree, name)) return tree[name];
  const listed = Object.keys(tree).find((key) => key.startsWith(`${name}=`));
  return listed === undefined ? undefined : tree[listed];
}

/** Sorted, joined without a last line feed; directories end with a slash, keys do not. */
function listing(tree: MetadataTree): string {
  return Object.keys(tree)
    .filter((name) => tree[name] !== undefined)
    .map((name) => (typeof tree[name] === "object" && !/^\d+=/.test(name) ? `${name}/` : name))
    .toSorted()
    .join("\n");
}
