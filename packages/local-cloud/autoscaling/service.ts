import type { QueryAction } from "../wire/queryAction.ts";
import type { QueryService } from "../wire/queryService.ts";
import { describeScalingActivities } from "./activities.ts";
import {
  createAutoScalingGroup,
  deleteAutoScalingGroup,
  describeAutoScalingGroups,
  setDesiredCapacity,
  updateAutoScalingGroup,
} from "./groups.ts";
import {
  createLaunchConfiguration,
  deleteLaunchConfiguration,
  describeLaunchConfigurations,
} from "./launchConfigurations.ts";
import {
  describeAutoScalingInstances,
  setInstanceHealth,
  setInstanceProtection,
  terminateInstance,
} from "./members.ts";
import { resumeProcesses, suspendProcesses } from "./processes.ts";
import { createOrUpdateTags, deleteTags, describeTags } from "./tags.ts";

const ACTIONS: readonly QueryAction[] = [
  createAutoScalingGroup,
  createLaunchConfiguration,
  createOrUpdateTags,
  deleteAutoScalingGroup,
  deleteLaunchConfiguration,
  deleteTags,
  describeAutoScalingGroups,
  describeAutoScalingInstances,
  describeLaunchConfigurations,
  describeScalingActivities,
  describeTags,
  resumeProcesses,
  setDesiredCapacity,
  setInstanceHealth,
  setInstanceProtection,
  suspendProcesses,
  terminateInstance,
  updateAutoScalingGroup,
];

export const AUTO_SCALING: QueryService = {
  host: "autoscaling",
  defaultVersion: "2011-01-01",
  messages: "com.eucalyptus.autoscaling.common.msgs",
  actions: new Map(ACTIONS.map((action) => [action.name, action])),
  lacking: [
    ...["PutScalingPolicy", "DeletePolicy", "DescribePolicies", "ExecutePolicy"],
    ...["EnableMetricsCollection", "DisableMetricsCollection", "DescribeMetricCollectionTypes"],
    ...["DescribeAdjustmentTypes", "DescribeAutoScalingNotificationTypes", "DescribeScalingProcessTypes"],
    ...["DescribeTerminationPolicyTypes", "DescribeAccountLimits", "DescribeNotificationConfigurations"],
    "DescribeScheduledActions",
  ],
  stubs: [
    ...["PutNotificationConfiguration", "DeleteNotificationConfiguration"],
    ...["PutScheduledUpdateGroupAction", "DeleteScheduledAction"],
  ],
  hasEmptyResults: false,
};
