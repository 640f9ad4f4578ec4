import type { World } from "../world/world.ts";
import type { Member, ScalingGroup } from "./types.ts";

const HOUR_MS = 60 * 60_000;

/**
 * Who goes next in a scale-in: the first policy that leaves one; ties go to the lowest id, where a real cloud takes one at random.
 * Source: Corymbia/eucalyptus `TerminationPolicyType.java`.
 * @param members at least one
 */
export function nextToGo(world: World, { terminationPolicies }: ScalingGroup, members: readonly Member[]): Member {
  const chosen = terminationPolicies.reduce<readonly Member[]>((left, policy) => apply(policy, world, left), members);
  const [first] = chosen.toSorted((one, other) => (one.instanceId < other.instanceId ? -1 : 1));
  if (!first) throw new Error("there is no member to choose from");
  return first;
}

function apply(policy: string, world: World, members: readonly Member[]): readonly Member[] {
  switch (policy) {
    case "OldestInstance":
      return lowest(members, ({ launchedAt }) => Date.parse(launchedAt));
    case "NewestInstance":
      return lowest(members, ({ launchedAt }) => -Date.parse(launchedAt));
    case "OldestLaunchConfiguration":
      return lowest(members, configurationAge(world));
    case "ClosestToNextInstanceHour":
      return lowest(
        members,
        ({ launchedAt }) => HOUR_MS - ((world.now().getTime() - Date.parse(launchedAt)) % HOUR_MS),
      );
    default: {
      const [oldest] = lowest(members, ({ launchedAt }) => Date.parse(launchedAt));
      const same = members.filter(
        ({ launchConfigurationName }) => launchConfigurationName === oldest?.launchConfigurationName,
      );
      return apply("ClosestToNextInstanceHour", world, same);
    }
  }
}

/** One that is gone is the oldest. */
const configurationAge =
  (world: World) =>
  ({ launchConfigurationName }: Member): number =>
    Date.parse(world.state.launchConfigurations.get(launchConfigurationName)?.createdTime ?? "1970-01-01");

function lowest(members: readonly Member[], value: (member: Member) => number): readonly Member[] {
  const least = Math.min(...members.map(value));
  return members.filter((member) => value(member) === least);
}
