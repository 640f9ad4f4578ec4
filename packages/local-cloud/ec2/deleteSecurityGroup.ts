import { action, RETURN_TRUE } from "./action.ts";
import { groupInUse, groupReserved } from "./errors.ts";
import { targetGroup } from "./targetGroup.ts";

/**
 * A rule of another group that refers to it does not hold it (observed on Eucalyptus 5.1.0, 2026-11-28).
 * Held until the last instance of it is terminated, not merely shutting down. Source:
 * Corymbia/eucalyptus `NetworkGroupManager.java`.
 */
export const deleteSecurityGroup = action({
  name: "DeleteSecurityGroup",
  params: { GroupName: "string?", GroupId: "string?" },

  run(world, request) {
    const { groupId, groupName, vpcId } = targetGroup(world, request);
    if (groupName === "default") throw groupReserved(groupId, vpcId);
    const usedByInstance = world.livingInstances().some(({ groupIds }) => groupIds.includes(groupId));
    if (usedByInstance) throw groupInUse(world.isVpc);
    world.state.groups.delete(groupId);
    world.state.tags.delete(groupId);
    return RETURN_TRUE;
  },
});
