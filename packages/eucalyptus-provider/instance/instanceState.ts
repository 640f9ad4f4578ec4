import type { Instance as LiveInstance } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { Instance } from "@pulumi/aws/ec2/instance.js";
import type { CloudContext } from "../cloudContext.ts";
import type { StateOf } from "../handler.ts";
import { sameOrLive } from "../rules/sameOrLive.ts";
import { visibleTags } from "../rules/tags.ts";
import { defined, refreshed, textOf } from "../values.ts";

/** Outputs that only the cloud knows. */
export const KNOWN_LATER = [
  "arn",
  "instanceState",
  "primaryNetworkInterfaceId",
  "privateDns",
  "publicDns",
  "publicIp",
] as const satisfies readonly (keyof StateOf<Instance>)[];

/** Outputs that the cloud fills in where the user did not say. */
export const CHOSEN_BY_CLOUD = [
  "associatePublicIpAddress",
  "availabilityZone",
  "instanceType",
  "privateIp",
  "securityGroups",
  "subnetId",
  "vpcSecurityGroupIds",
] as const satisfies readonly (keyof StateOf<Instance>)[];

/** Outputs that are the same for every instance here. */
export const FIXED = {
  ebsOptimized: false,
  getPasswordData: false,
  hibernation: false,
  instanceLifecycle: "",
  monitoring: false,
  outpostArn: "",
  passwordData: "",
  tenancy: "default",
} as const satisfies StateOf<Instance>;

/** All outputs: what the user set, with what the cloud says now. */
export function instanceState(live: LiveInstance, inputs: Inputs, region: string): Inputs {
  const observed: StateOf<Instance> = {
    ...FIXED,
    ami: live.imageId,
    arn: `arn:aws:ec2:${region}:${live.ownerId}:instance/${live.instanceId}`,
    associatePublicIpAddress: inputs.associatePublicIpAddress ?? live.publicAddress !== "",
    availabilityZone: live.availabilityZone,
    disableApiTermination: inputs.disableApiTermination ?? false,
    instanceState: live.state,
    instanceType: live.instanceType,
    keyName: live.keyName,
    primaryNetworkInterfaceId: live.networkInterfaceId,
    privateDns: live.privateDns,
    privateIp: live.privateAddress,
    publicDns: live.publicDns,
    publicIp: live.publicAddress,
    region,
    securityGroups: sameOrLive(inputs.securityGroups, names(live)),
    subnetId: live.subnetId,
    tagsAll: visibleTags(live.tags),
    vpcSecurityGroupIds: sameOrLive(inputs.vpcSecurityGroupIds, ids(live)),
  };
  return { ...inputs, ...defined(observed), ...(inputs.tags !== undefined && { tags: visibleTags(live.tags) }) };
}

/** An instance as a refresh finds it or, without `known` inputs, an import. */
export async function observeInstance(
  { ec2, region }: Pick<CloudContext, "ec2" | "region">,
  live: LiveInstance,
  known: Inputs | undefined,
): Promise<{ inputs: Inputs; state: Inputs }> {
  const { instanceId } = live;
  // A call of its own, so only where the program minds it.
  const isAsked = !known || known.disableApiTermination !== undefined;
  const isProtected = isAsked ? await ec2.readTerminationDisabled(instanceId) : false;
  const inputs = known
    ? refreshedInputs(live, known, isProtected)
    : importedInputs(live, await ec2.readUserData(instanceId), isProtected);
  return { inputs, state: instanceState(live, inputs, region) };
}

/** The user's inputs with live values: nothing is added, and what the cloud does not give back is kept. */
function refreshedInputs(live: LiveInstance, inputs: Inputs, isProtected: boolean): Inputs {
  const observed: Inputs = {
    ami: live.imageId,
    disableApiTermination: isProtected,
    availabilityZone: live.availabilityZone,
    instanceType: live.instanceType,
    keyName: live.keyName,
    privateIp: live.privateAddress,
    securityGroups: sameOrLive(inputs.securityGroups, names(live)),
    subnetId: live.subnetId,
    tags: visibleTags(live.tags),
    vpcSecurityGroupIds: sameOrLive(inputs.vpcSecurityGroupIds, ids(live)),
  };
  return { ...inputs, ...refreshed(inputs, observed) };
}

/** The inputs that would have made this instance. What the program then leaves out of them is not a difference. */
function importedInputs(live: LiveInstance, userData: Buffer | undefined, isProtected: boolean): Inputs {
  const isText = userData !== undefined && Buffer.from(userData.toString("utf8")).equals(userData);
  const profile = live.iamInstanceProfileArn.split("/").at(-1) ?? "";
  const tags = visibleTags(live.tags);
  return defined({
    ami: live.imageId,
    availabilityZone: live.availabilityZone,
    instanceType: live.instanceType,
    keyName: live.keyName === "" ? undefined : live.keyName,
    subnetId: live.subnetId === "" ? undefined : live.subnetId,
    vpcSecurityGroupIds: ids(live).toSorted(),
    iamInstanceProfile: profile === "" ? undefined : profile,
    disableApiTermination: isProtected ? true : undefined,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
    userData: isText ? userData.toString("utf8") : undefined,
    userDataBase64: userData && !isText ? userData.toString("base64") : undefined,
    userDataReplaceOnChange: userData ? true : undefined,
  });
}

/** Whether outputs belong to an instance that had not got ready when they were written. */
export function isUnfinished(olds: Inputs): boolean {
  return textOf(olds, "instanceState") !== "running";
}

const ids = ({ securityGroups }: LiveInstance) => securityGroups.map(({ id }) => id);
const names = ({ securityGroups }: LiveInstance) => securityGroups.map(({ name }) => name);
