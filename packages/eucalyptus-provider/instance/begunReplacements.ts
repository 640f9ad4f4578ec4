import type { Instance, Launch } from "@planet/eucalyptus-client";
import { REPLACES_TAG } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";
import { isOrphan } from "./claimInstance.ts";
import { clientTokens, tokenFamily } from "./launch.ts";

/** A row of tokens that a kill can have left something under; older ones have their tag. */
const LOOKED_AT = 10;

type Cloud = Pick<CloudContext, "ec2" | "run">;

export interface Replaced {
  readonly urn: string;
  /** Of the instance in the state. */
  readonly id: string;
  readonly launch: Omit<Launch, "clientToken">;
}

export interface Begun {
  readonly instance: Instance;
  /** Whether a create with these inputs takes it over. */
  readonly isWanted: boolean;
}

/**
 * Living instances that a run had started when it died, and that no state has: in place of this one (`up --replace`,
 * `state taint`), or as another generation of it that nobody deploys any more, in the same security group. Without a look
 * nobody would ever name them again.
 */
export async function begunReplacements(cloud: Cloud, { urn, id, launch }: Replaced): Promise<Begun[]> {
  const { ec2, run } = cloud;
  const tokens = clientTokens(urn, launch, 0, LOOKED_AT);
  const [ofOurs, named, related] = await Promise.all([
    ec2.describeInstances({ "client-token": tokens }),
    ec2.describeInstances({ [`tag:${REPLACES_TAG}`]: [id] }),
    otherGenerations(cloud, urn, launch),
  ]);
  const found = new Map([...ofOurs, ...named, ...related].map((instance) => [instance.instanceId, instance]));
  return [...found.values()]
    .filter((instance) => isOrphan(instance, id))
    .filter(({ instanceId }) => !run.isInState(instanceId) && run.keeperOf(instanceKey(instanceId)) === undefined)
    .map((instance) => ({ instance, isWanted: tokens.includes(instance.clientToken) }));
}

/**
 * A program that has two generations side by side may just be starting the other: then these are left to people.
 * The group is the state's own, so no other state of the same stack name has an instance in it.
 */
async function otherGenerations({ ec2, run }: Cloud, urn: string, launch: Replaced["launch"]): Promise<Instance[]> {
  const groupIds = launch.securityGroupIds ?? [];
  const family = tokenFamily(urn);
  const isAlone = run.registered().every((other) => other === urn || tokenFamily(other) !== family);
  if (groupIds.length === 0 || !isAlone) return [];
  const inGroup = await ec2.describeInstances({ "instance.group-id": groupIds });
  return inGroup.filter(({ clientToken }) => clientToken.startsWith(family));
}

/** Ends what nobody wants any more. An instance that holds an elastic address serves somebody, and stays. */
export async function endReplacements(cloud: CloudContext, replaced: Replaced): Promise<void> {
  for (const { instance } of await begunReplacements(cloud, replaced)) {
    const { instanceId } = instance;
    const [held] = await cloud.ec2.describeAddresses({ "instance-id": [instanceId] });
    const text = `${instanceId}, which an interrupted run had started beside ${replaced.id},`;
    if (held) cloud.log.warning(replaced.urn, `${text} holds ${held.publicAddress} and runs on`);
    else {
      await cloud.ec2.terminateInstance(instanceId);
      cloud.log.info(replaced.urn, `${text} was terminated`);
    }
  }
}

/** How the run speaks of an instance. */
export const instanceKey = (instanceId: string): string => `instance ${instanceId}`;
