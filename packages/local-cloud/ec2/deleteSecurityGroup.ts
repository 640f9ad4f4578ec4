import { action, RETURN_TRUE } from "./action.ts";
import { groupInUse, groupReserved } from "./errors.ts";
import { targetGroup } from "./targetGroup.ts";

/** Held until the last instance of it is terminated, not merely shutting down. Source: Corymbia/eucalyptus `NetworkGroupManager.java`. */
export const deleteSecurityGroup = action({
  name: "DeleteSecurityGroup",
  params: { GroupName: "string?", GroupId: "string?" },

  run(world, request) {
    const { groupId, groupName } = targetGroup(world, request);
    if (groupName === "default") throw groupReserved(world.isVpc);
    const usedByInstance = world.livingInstances().some(({ groupIds }) => groupIds.includes(groupId));
    const usedByRule = [...world.state.groups.values()].some(
      (group) =>
        group.groupId !== groupId &&
        [...group.ingress, ...group.egress].some(({ groups }) => groups.some((source) => source.groupId === groupId)),
    );
    if (usedByInstance || usedByRule) throw groupInUse(world.isVpc);
    world.state.groups.delete(groupId);
    world.state.tags.delete(groupId);
    return RETURN_TRUE;
  },
});
