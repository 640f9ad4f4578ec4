import { isLiving } from "@planet/eucalyptus-client";
import type { Clients } from "./engineProject.ts";
import type { Facts } from "./lifecycles.ts";

/** Deletes everything that the lifecycles made, as somebody else would: without a word to the stack. */
export async function vanish({ autoScaling, ec2, elb, s3 }: Clients, facts: (type: string) => Facts): Promise<void> {
  const id = (type: string) => facts(type).id ?? "";
  await autoScaling.suspendProcesses(facts("Attachment").group ?? "", ["AddToLoadBalancer"]);
  await autoScaling.deleteGroup(id("Group"), { isForced: true });
  await autoScaling.deleteLaunchConfiguration(id("LaunchConfiguration"));
  await elb.deleteLoadBalancer(id("LoadBalancer"));
  const association = facts("EipAssociation");
  // In EDGE an association has no id of the cloud's own.
  await ec2.disassociateAddress(
    association.id?.startsWith("eipassoc-") ? association.id : (association.publicIp ?? ""),
  );
  await ec2.terminateInstance(id("Instance"));
  const address = await ec2.findAddress(id("Eip"));
  if (address) await ec2.releaseAddress(address);
  const rules = await ec2.findSecurityGroup(facts("SecurityGroupRule").groupId ?? "");
  if (rules) await ec2.revoke("ingress", rules.groupId, rules.ingress);
  await ec2.deleteSecurityGroup(id("SecurityGroup"));
  await ec2.deleteKeyPair(id("KeyPair"));
  for (const type of ["BucketObject", "BucketObjectv2"]) await s3.deleteObject(facts(type).bucket ?? "", "two.txt");
  await s3.deleteBucket(id("Bucket"));
}

/** Everything in the cloud that a fresh account does not have. */
export async function leavings({ autoScaling, ec2, elb, s3 }: Clients): Promise<string[]> {
  const groups = await ec2.describeSecurityGroups({});
  return [
    ...(await ec2.describeInstances({})).filter(isLiving).map(({ instanceId }) => instanceId),
    ...(await ec2.describeAddresses({})).map(({ publicAddress }) => publicAddress),
    ...groups.map(({ name }) => name).filter((name) => name !== "default"),
    ...(await ec2.describeKeyPairs({})).map(({ keyName }) => keyName),
    ...(await s3.listBuckets()),
    ...(await elb.describeLoadBalancers()).map(({ name }) => name),
    ...(await autoScaling.describeGroups()).map(({ name }) => name),
    ...(await autoScaling.describeLaunchConfigurations()).map(({ name }) => name),
  ];
}
