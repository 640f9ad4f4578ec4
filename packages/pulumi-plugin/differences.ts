import { Archive, Asset, type Inputs, isMap, isUnknown, Secret, type Value } from "./values.ts";

export type Difference = "add" | "delete" | "update";

/**
 * Where two sets of inputs differ, as the engine writes paths: `tags.Name`, `triggers[0]`, `tags["a.b"]`.
 * Marks of secrecy do not count, assets are compared by hash, an unknown differs from everything.
 */
export function differences(olds: Inputs, news: Inputs): Record<string, Difference> {
  const found: Record<string, Difference> = {};
  compareMaps("", olds, news, found);
  return found;
}

/** The property that a path begins with. */
export function topLevelName(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  if (quoted) return (quoted[1] ?? "").replaceAll(/\\(.)/g, "$1");
  return path.split(/[.[]/, 1)[0] ?? path;
}

function compare(path: string, old: Value | undefined, now: Value | undefined, found: Record<string, Difference>) {
  const before = reveal(old);
  const after = reveal(now);
  if (before === undefined && after === undefined) return;
  if (before === undefined) found[path] = "add";
  else if (after === undefined) found[path] = "delete";
  else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(`${path}[${index}]`, before[index], after[index], found);
    }
  } else if (isMap(before) && isMap(after)) compareMaps(path, before, after, found);
  else if (!sameLeaf(before, after)) found[path] = "update";
}

function compareMaps(
  path: string,
  olds: { readonly [name: string]: Value },
  news: { readonly [name: string]: Value },
  found: Record<string, Difference>,
) {
  for (const name of [...new Set([...Object.keys(olds), ...Object.keys(news)])].toSorted()) {
    compare(join(path, name), olds[name], news[name], found);
  }
}

function sameLeaf(before: Value, after: Value): boolean {
  if (isUnknown(before) || isUnknown(after)) return false;
  const isContent = (value: Value) => value instanceof Asset || value instanceof Archive;
  if (isContent(before) && isContent(after)) {
    return before.kind === after.kind && before.hash !== undefined && before.hash === after.hash;
  }
  return before === after;
}

function reveal(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? reveal(value.value) : value;
}

function join(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}["${name.replaceAll(/["\\]/g, "\\$&")}"]`;
  return path === "" ? name : `${path}.${name}`;
}
