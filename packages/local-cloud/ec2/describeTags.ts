import type { World } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters } from "./filters.ts";
import { resourceTypeOf } from "./taggable.ts";

interface Tag {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

/** Sorted by id, key, value. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeTags = action({
  name: "DescribeTags",
  params: { Filter: FILTER, MaxResults: "int?", NextToken: "string?" },
  run: (world, { Filter }) => ({ tagSet: applyFilters(allTags(world), Filter, FIELDS).map((tag) => ({ ...tag })) }),
});

function allTags(world: World): Tag[] {
  return [...world.state.tags]
    .flatMap(([resourceId, tags]) =>
      [...tags].map(([key, value]) => ({ resourceId, resourceType: resourceTypeOf(resourceId), key, value })),
    )
    .toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
}

const sortKey = ({ resourceId, key, value }: Tag): string => [resourceId, key, value].join("\u0000");

const FIELDS = {
  key: ({ key }: Tag) => key,
  value: ({ value }: Tag) => value,
  "resource-id": ({ resourceId }: Tag) => resourceId,
  "resource-type": ({ resourceType }: Tag) => resourceType,
};
