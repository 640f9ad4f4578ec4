import type { Element } from "../http/members.ts";
import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** One thing that a group did, or tried. */
export interface ScalingActivity {
  readonly activityId: string;
  /** `Launching a new EC2 instance: i-…`; without an id when that failed. */
  readonly description: string;
  readonly startTime: string;
  /** `Successful`, `Failed`, `InProgress`, `Cancelled`, … */
  readonly statusCode: string;
  /** Why it failed; "" otherwise. */
  readonly statusMessage: string;
}

export function memberCalls(send: Send) {
  return {
    /** The group's last activities, newest first. A group that is not there is a ValidationError. */
    describeActivities: (group: string): Promise<ScalingActivity[]> =>
      send("DescribeScalingActivities", { AutoScalingGroupName: group }, (result) =>
        result.members("Activities").map(activityFrom),
      ),

    /** At once, and it leaves its balancers at the same time: deregister and drain first. Lowers the desired capacity. */
    async terminateMember(instanceId: string): Promise<void> {
      const inputs = { InstanceId: instanceId, ShouldDecrementDesiredCapacity: true };
      await send("TerminateInstanceInAutoScalingGroup", inputs, nothing);
    },
  };
}

const activityFrom = (element: Element): ScalingActivity => ({
  activityId: element.needed("ActivityId"),
  description: element.text("Description"),
  startTime: element.text("StartTime"),
  statusCode: element.needed("StatusCode"),
  statusMessage: element.text("StatusMessage"),
});
