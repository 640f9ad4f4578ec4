import { NoAnswer } from "../wire/faults.ts";
import { internalFailure } from "./errors.ts";

type FilterValue = string | number | boolean | undefined;

/** What a resource shows to each filter; `undefined` and an empty list match nothing. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => FilterValue | readonly FilterValue[]>>;

interface Filter {
  readonly Name: string | undefined;
  readonly Value: readonly string[];
}

/**
 * Names are ANDed, values ORed; the same name twice gets no answer at all (observed on Eucalyptus 5.1.0, 2026-11-28); `*`, `?` and `\` are wildcards and escape.
 * A name without values is not validated. Source: Corymbia/eucalyptus `FilterSupport.java`.
 * @throws {ServiceError} 500 on a name that the resource does not have.
 */
export function applyFilters<T>(
  items: readonly T[],
  filters: readonly Filter[],
  fields: FilterFields<T>,
  tagsOf?: (item: T) => ReadonlyMap<string, string>,
): T[] {
  const wanted = new Map<string, readonly string[]>();
  for (const { Name: name, Value: values } of filters) {
    if (name === undefined || values.length === 0) continue;
    if (wanted.has(name)) throw new NoAnswer(`the filter '${name}' was given twice`);
    wanted.set(name, values);
  }
  const tests = [...wanted].map(([name, values]) => {
    const read = readerOf(name, fields, tagsOf);
    const patterns = values.map(pattern);
    return (item: T) =>
      read(item).some((value) => value !== undefined && patterns.some((one) => one.test(String(value))));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function readerOf<T>(
  name: string,
  fields: FilterFields<T>,
  tagsOf: ((item: T) => ReadonlyMap<string, string>) | undefined,
): (item: T) => readonly FilterValue[] {
  if (tagsOf && name.startsWith("tag:")) return (item) => [tagsOf(item).get(name.slice("tag:".length))];
  if (tagsOf && name === "tag-key") return (item) => [...tagsOf(item).keys()];
  if (tagsOf && name === "tag-value") return (item) => [...tagsOf(item).values()];
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!read) throw internalFailure(`The filter '${name}' is invalid.`);
  return (item) => [read(item)].flat();
}

function pattern(text: string): RegExp {
  const parts = text.matchAll(/\\(.)|([*?])|([^*?\\]|\\$)/gs);
  const source = [...parts].map(([whole, escaped, wildcard]) =>
    wildcard === undefined
      ? (escaped ?? whole).replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
      : wildcard === "*"
        ? ".*"
        : ".",
  );
  return new RegExp(`^${source.join("")}$`, "s");
}

/** Accepted by the cloud, matching nothing. */
export function noMatch<T>(...names: readonly string[]): FilterFields<T> {
  return Object.fromEntries(names.map((name) => [name, () => undefined]));
}
