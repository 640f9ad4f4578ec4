import { action, FILTER } from "./action.ts";
import { volumeNotFound } from "./errors.ts";
import { applyFilters, noMatch } from "./filters.ts";
import { checkIds, withoutMagicId } from "./resourceIds.ts";

/** There are no volumes: all images are instance-store. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeVolumes = action({
  name: "DescribeVolumes",
  params: { VolumeId: ["string"], Filter: FILTER, MaxResults: "int?", NextToken: "string?" },

  run(_world, { VolumeId, Filter }) {
    const ids = withoutMagicId(VolumeId);
    checkIds(ids, "volumes", "vol");
    if (ids[0] !== undefined) throw volumeNotFound(ids[0]);
    applyFilters([], Filter, FIELDS, () => new Map());
    return { volumeSet: [] };
  },
});

const FIELDS = noMatch<never>(
  ...["attach-time", "delete-on-termination", "device", "instance-id", "status"].map((name) => `attachment.${name}`),
  ...["availability-zone", "create-time", "size", "snapshot-id", "status", "volume-id", "volume-type"],
);
