import type { Action } from "./action.ts";
import { allocateAddress } from "./allocateAddress.ts";
import { associateAddress } from "./associateAddress.ts";
import { authorizeSecurityGroupEgress } from "./authorizeSecurityGroupEgress.ts";
import { authorizeSecurityGroupIngress } from "./authorizeSecurityGroupIngress.ts";
import { createKeyPair } from "./createKeyPair.ts";
import { createSecurityGroup } from "./createSecurityGroup.ts";
import { createTags } from "./createTags.ts";
import { deleteKeyPair } from "./deleteKeyPair.ts";
import { deleteSecurityGroup } from "./deleteSecurityGroup.ts";
import { deleteTags } from "./deleteTags.ts";
import { describeAccountAttributes } from "./describeAccountAttributes.ts";
import { describeAddresses } from "./describeAddresses.ts";
import { describeAvailabilityZones } from "./describeAvailabilityZones.ts";
import { describeImages } from "./describeImages.ts";
import { describeInstanceAttribute } from "./describeInstanceAttribute.ts";
import { describeInstanceStatus } from "./describeInstanceStatus.ts";
import { describeInstances } from "./describeInstances.ts";
import { describeInstanceTypes } from "./describeInstanceTypes.ts";
import { describeKeyPairs } from "./describeKeyPairs.ts";
import { describeNetworkInterfaces } from "./describeNetworkInterfaces.ts";
import { describeRegions } from "./describeRegions.ts";
import { describeSecurityGroups } from "./describeSecurityGroups.ts";
import { describeSubnets } from "./describeSubnets.ts";
import { describeTags } from "./describeTags.ts";
import { describeVolumes } from "./describeVolumes.ts";
import { describeVpcs } from "./describeVpcs.ts";
import { disassociateAddress } from "./disassociateAddress.ts";
import { getConsoleOutput } from "./getConsoleOutput.ts";
import { getPasswordData } from "./getPasswordData.ts";
import { importKeyPair } from "./importKeyPair.ts";
import { modifyInstanceAttribute } from "./modifyInstanceAttribute.ts";
import { monitorInstances, unmonitorInstances } from "./monitorInstances.ts";
import { rebootInstances } from "./rebootInstances.ts";
import { releaseAddress } from "./releaseAddress.ts";
import { resetInstanceAttribute } from "./resetInstanceAttribute.ts";
import { revokeSecurityGroupEgress } from "./revokeSecurityGroupEgress.ts";
import { revokeSecurityGroupIngress } from "./revokeSecurityGroupIngress.ts";
import { runInstances } from "./runInstances.ts";
import { startInstances } from "./startInstances.ts";
import { stopInstances } from "./stopInstances.ts";
import { terminateInstances } from "./terminateInstances.ts";

/**
 * Where an action's answers come from: seen on running services (Eucalyptus 5.1.0, 2026-11-28; each request and answer is in
 * testdata/observed-ec2.json), or read in the source alone.
 */
type Basis = "observed" | "read";

const TABLE: readonly (readonly [action: Action, basis: Basis])[] = [
  [allocateAddress, "observed"],
  [associateAddress, "observed"],
  [authorizeSecurityGroupEgress, "observed"],
  [authorizeSecurityGroupIngress, "observed"],
  [createKeyPair, "read"],
  [createSecurityGroup, "observed"],
  [createTags, "observed"],
  [deleteKeyPair, "observed"],
  [deleteSecurityGroup, "observed"],
  [deleteTags, "observed"],
  [describeAccountAttributes, "observed"],
  [describeAddresses, "observed"],
  [describeAvailabilityZones, "observed"],
  [describeImages, "observed"],
  [describeInstanceAttribute, "observed"],
  [describeInstanceStatus, "observed"],
  [describeInstanceTypes, "observed"],
  [describeInstances, "observed"],
  [describeKeyPairs, "observed"],
  [describeNetworkInterfaces, "observed"],
  [describeRegions, "observed"],
  [describeSecurityGroups, "observed"],
  [describeSubnets, "observed"],
  [describeTags, "observed"],
  [describeVolumes, "observed"],
  [describeVpcs, "observed"],
  [disassociateAddress, "observed"],
  [getConsoleOutput, "observed"],
  [getPasswordData, "read"],
  [importKeyPair, "observed"],
  [modifyInstanceAttribute, "observed"],
  [monitorInstances, "read"],
  [rebootInstances, "observed"],
  [releaseAddress, "observed"],
  [resetInstanceAttribute, "read"],
  [revokeSecurityGroupEgress, "observed"],
  [revokeSecurityGroupIngress, "observed"],
  [runInstances, "observed"],
  [startInstances, "observed"],
  [stopInstances, "observed"],
  [terminateInstances, "observed"],
  [unmonitorInstances, "read"],
];

/** Every action that the cloud performs; the table in the documentation is printed from it. */
export const ACTIONS: ReadonlyMap<string, Action & { readonly basis: Basis }> = new Map(
  TABLE.map(([one, basis]) => [one.name, { ...one, basis }]),
);
