import { action } from "./action.ts";
import { groupDuplicate, groupLimitExceeded, groupVpcNotFound, invalidParameterValue, textTooLong } from "./errors.ts";

/** Source: Corymbia/eucalyptus `NetworkGroupManager.java`. */
const VPC_NAME = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
export const VPC_DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is "ASCII"
export const ASCII = /^[\x00-\x7f]*$/;
const GROUPS_PER_VPC = 100;

/** VPC groups are born with egress to everywhere, none with ingress. */
export const createSecurityGroup = action({
  name: "CreateSecurityGroup",
  params: { GroupName: "string", GroupDescription: "string", VpcId: "string?" },

  run(world, { GroupName: name, GroupDescription: description, VpcId }) {
    if (name.startsWith("sg-")) throw invalidName(name, "Group names may not be in the format sg-*");
    if (world.isVpc) checkForVpc(name, description);
    else checkForEdge(name, description);
    if (VpcId && VpcId.toLowerCase() !== world.state.vpc?.vpcId) throw groupVpcNotFound(VpcId);
    if (world.isVpc && world.state.groups.size >= GROUPS_PER_VPC)
      throw groupLimitExceeded(world.state.vpc?.vpcId ?? "");
    if (world.groupNamed(name)) throw groupDuplicate(name);
    return { return: true, groupId: world.addGroup(name, description).groupId };
  },
});

const invalidName = (name: string, rule: string, parameter = "GroupName") =>
  invalidParameterValue(`Value (${name}) for parameter ${parameter} is invalid. ${rule}`);

/** The blank before the set is doubled by the cloud. */
const SET = "strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";

function checkForVpc(name: string, description: string): void {
  if (!VPC_NAME.test(name)) {
    throw invalidParameterValue(`Invalid security group name. Valid names are non-empty ${SET}`);
  }
  if (!VPC_DESCRIPTION.test(description)) {
    throw invalidParameterValue(`Invalid security group description. Valid descriptions are ${SET}`);
  }
}

/** An empty name is taken; one that is too long fails in the database. */
function checkForEdge(name: string, description: string): void {
  const rule = "Character sets beyond ASCII are not supported.";
  if (!ASCII.test(name)) throw invalidName(name, rule);
  if (!ASCII.test(description)) throw invalidName(description, rule, "GroupDescription");
  if (name.length > 255) throw textTooLong("CreateSecurityGroup");
}
