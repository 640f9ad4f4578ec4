import { FILTER_NAMES, type Filterable, type Filters, isKnownFilter } from "@planet/eucalyptus-client";
import { type Inputs, isMap, type Problem, type Value } from "@planet/pulumi-plugin";
import { textMap } from "../rules/tags.ts";
import { textsOf } from "../values.ts";

/** The filters and tags of a function's arguments, in the cloud's form; or what is wrong with them. */
export function readFilters(of: Filterable, args: Inputs): { filters: Filters } | { failures: Problem[] } {
  const filters: Record<string, string[]> = {};
  const failures: Problem[] = [];
  const list = Array.isArray(args.filters) ? args.filters : [];
  list.forEach((filter: Value, index) => {
    const name = isMap(filter) ? String(filter.name ?? "") : "";
    if (isMap(filter) && isKnownFilter(of, name)) filters[name] = [...(filters[name] ?? []), ...textsOf(filter.values)];
    else {
      // The cloud would answer 500 to it, as to a fault of its own.
      const reason = `"${name}" is not known to Eucalyptus; there are ${FILTER_NAMES[of].join(", ")}`;
      failures.push({ property: `filters[${index}]`, reason });
    }
  });
  for (const [key, value] of Object.entries(textMap(args.tags))) filters[`tag:${key}`] = [value];
  return failures.length > 0 ? { failures } : { filters };
}

/** The one thing that was asked for, or why the filters do not determine it. */
export function single<T>(found: readonly T[], what: string): { found: T } | { failures: Problem[] } {
  const [first] = found;
  if (first !== undefined && found.length === 1) return { found: first };
  const reason =
    first === undefined
      ? `no ${what} of this account fits; check the arguments against what the cloud has`
      : `${found.length} ${what}s fit; narrow the arguments until one is left`;
  return { failures: [{ property: "", reason }] };
}
