import type { AutoScalingGroup, ScalingActivity } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { textIn, textsOf } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";
import { GROUP_DEFAULTS, secondsIn } from "./groupInputs.ts";

/** How a launch fails that may succeed when others have ended. */
const NO_ROOM = /not enough|capacity|insufficient|no .* available/i;

interface Wait {
  readonly urn: string;
  readonly name: string;
  readonly inputs: Inputs;
  /** In a create `minElbCapacity` counts, too. */
  readonly isNew: boolean;
}

/** Waits until as many members are in service as there should be, and as many of them in their balancers as is asked for. */
export async function awaitMembers(cloud: CloudContext, { urn, name, inputs, isNew }: Wait): Promise<void> {
  const { autoScaling } = cloud;
  const seconds = secondsIn(textIn(inputs, "waitForCapacityTimeout") ?? GROUP_DEFAULTS.waitForCapacityTimeout) ?? 0;
  if (seconds === 0) return;
  const before = new Set((await autoScaling.describeActivities(name)).map(({ activityId }) => activityId));
  const next = `Look at its activities: euscale-describe-scaling-activities ${name}. The group is kept; run \`pulumi up\` again to wait on.`;
  await waitUntil(cloud, { urn, what: `the members of ${name} were in service`, seconds, next }, async () => {
    const [group, activities] = await Promise.all([autoScaling.findGroup(name), autoScaling.describeActivities(name)]);
    if (!group) throw groupGone(name);
    const inService = membersInService(group);
    const failed = failedLaunch(activities, before);
    if (inService.length < group.desiredCapacity) {
      if (failed && inputs.ignoreFailedScalingActivities !== true && !NO_ROOM.test(failed.statusMessage)) {
        throw launchFailed(name, failed);
      }
      const others = group.members.length - inService.length;
      const why = failed ? `; the last launch failed: ${failed.statusMessage}` : "";
      return `${inService.length} of ${group.desiredCapacity} members of ${name} are in service, ${others} on the way${why}`;
    }
    return waitingForBalancers(cloud, { inService, inputs, isNew });
  });
}

/** Ids of the members that Auto Scaling calls in service; it looks at the machine, not at what it serves. */
export function membersInService({ members }: AutoScalingGroup): string[] {
  return members
    .filter(({ lifecycleState, isHealthy }) => lifecycleState === "InService" && isHealthy)
    .map(({ instanceId }) => instanceId);
}

/** The newest launch, when it failed and is none of those that failed before. */
function failedLaunch(
  activities: readonly ScalingActivity[],
  before: ReadonlySet<string>,
): ScalingActivity | undefined {
  const newest = activities.find(({ description }) => description.startsWith("Launching"));
  return newest?.statusCode === "Failed" && !before.has(newest.activityId) ? newest : undefined;
}

interface InBalancers {
  readonly inService: readonly string[];
  readonly inputs: Inputs;
  readonly isNew: boolean;
}

async function waitingForBalancers({ elb }: CloudContext, { inService, inputs, isNew }: InBalancers) {
  const exactly = Number(inputs.waitForElbCapacity ?? 0);
  const atLeast = isNew && exactly === 0 ? Number(inputs.minElbCapacity ?? 0) : 0;
  if (exactly + atLeast === 0) return {};
  for (const balancer of textsOf(inputs.loadBalancers)) {
    const health = await elb.describeInstanceHealth(balancer);
    const good = health.filter(
      ({ instanceId, state }) => state === "InService" && inService.includes(instanceId),
    ).length;
    const isDone = exactly > 0 ? good === exactly : good >= atLeast;
    if (!isDone) return `${good} of ${exactly || atLeast} members are in service at the load balancer ${balancer}`;
  }
  return {};
}

function launchFailed(name: string, { statusMessage, description }: ScalingActivity): ProviderError {
  return new ProviderError({
    code: "MEMBER_NOT_LAUNCHED",
    what: `the Auto Scaling group ${name} cannot start a member`,
    why: `${description}: ${statusMessage === "" ? "no reason given" : statusMessage}`,
    next: "The cloud tries again and again, in vain: correct the launch configuration, then run `pulumi up`.",
  });
}

export function groupGone(name: string): ProviderError {
  return new ProviderError({
    code: "SCALING_GROUP_GONE",
    what: `the Auto Scaling group ${name} cannot be set up`,
    why: "the cloud does not show it",
    next: "It was deleted outside of this stack. Run `pulumi up` again: it notices that and makes a new one.",
  });
}
