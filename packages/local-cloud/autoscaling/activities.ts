import { queryAction } from "../wire/queryAction.ts";
import { activityItem, groupNamed } from "./shared.ts";
import { checkFields } from "./validation.ts";

const PAGE = 100;

/** The one description of Auto Scaling that has pages: newest first. */
export const describeScalingActivities = queryAction({
  name: "DescribeScalingActivities",
  basis: "observed",
  params: { AutoScalingGroupName: "string?", ActivityIds: ["string"], MaxRecords: "int?", NextToken: "string?" },

  run(world, { AutoScalingGroupName, ActivityIds, MaxRecords = PAGE, NextToken }) {
    checkFields({ MaxRecords: { value: MaxRecords, least: 1, most: PAGE } });
    const groups =
      AutoScalingGroupName === undefined
        ? [...world.state.scalingGroups.values()]
        : [groupNamed(world, AutoScalingGroupName)];
    const all = groups.flatMap(({ name, activities }) => activities.map((activity) => ({ name, activity })));
    const asked = all.filter(({ activity }) => ActivityIds.length === 0 || ActivityIds.includes(activity.activityId));
    const begin = asked.findIndex(({ activity }) => activity.activityId === NextToken);
    const page = asked.slice(Math.max(begin, 0), Math.max(begin, 0) + MaxRecords);
    return {
      Activities: page.map(({ name, activity }) => activityItem(name, activity)),
      NextToken: asked[Math.max(begin, 0) + MaxRecords]?.activity.activityId,
    };
  },
});
