import { action } from "./action.ts";
import { groupDuplicate, groupLimitExceeded, invalidParameterValue, missingParameter, vpcNotFound } from "./errors.ts";

/** Source: Corymbia/eucalyptus `NetworkGroupManager.java`. */
const VPC_NAME = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
export const VPC_DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is "ASCII"
const ASCII = /^[\x00-\x7f]*$/;
const GROUPS_PER_VPC = 100;

/** VPC groups are born with egress to everywhere, none with ingress. */
export const createSecurityGroup = action({
  name: "CreateSecurityGroup",
  params: { GroupName: "string?", GroupDescription: "string?", VpcId: "string?" },

  run(world, { GroupName: name, GroupDescription: description, VpcId }) {
    if (!name || description === undefined) throw missingParameter("GroupName and GroupDescription required");
    if (name.startsWith("sg-")) throw invalidParameterValue(`Value (${name}) for parameter GroupName is invalid.`);
    const valid = world.isVpc
      ? VPC_NAME.test(name) && VPC_DESCRIPTION.test(description)
      : ASCII.test(name) && ASCII.test(description);
    if (!valid) throw invalidParameterValue("Invalid group name or description");
    if (VpcId && VpcId.toLowerCase() !== world.state.vpc?.vpcId) throw vpcNotFound(VpcId);
    if (world.isVpc && world.state.groups.size >= GROUPS_PER_VPC) throw groupLimitExceeded();
    if (world.groupNamed(name)) throw groupDuplicate(name);
    return { return: true, groupId: world.addGroup(name, description).groupId };
  },
});
