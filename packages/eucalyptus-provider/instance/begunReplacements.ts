import type { Instance, Launch } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { REPLACES_TAG } from "../rules/tags.ts";
import { isOrphan } from "./claimInstance.ts";
import { clientTokens } from "./launch.ts";

/** A row of tokens that a kill can have left something under; older ones have their tag. */
const LOOKED_AT = 10;

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
 * Living instances that an `up --replace` or a run after `state taint` had started in place of this one when it died. No
 * state has them, and without a look nobody would ever name them again.
 */
export async function begunReplacements(
  { ec2, run }: Pick<CloudContext, "ec2" | "run">,
  { urn, id, launch }: Replaced,
): Promise<Begun[]> {
  const tokens = clientTokens(urn, launch, 0, LOOKED_AT);
  const [ofOurs, named] = await Promise.all([
    ec2.describeInstances({ "client-token": tokens }),
    ec2.describeInstances({ [`tag:${REPLACES_TAG}`]: [id] }),
  ]);
  const found = new Map([...ofOurs, ...named].map((instance) => [instance.instanceId, instance]));
  return [...found.values()]
    .filter((instance) => isOrphan(instance, id))
    .filter(({ instanceId }) => !run.isInState(instanceId) && run.keeperOf(instanceKey(instanceId)) === undefined)
    .map((instance) => ({ instance, isWanted: tokens.includes(instance.clientToken) }));
}

/** Ends what nobody wants any more. An instance that holds an elastic address serves somebody, and stays. */
export async function endReplacements(cloud: CloudContext, replaced: Replaced): Promise<void> {
  for (const { instance } of await begunReplacements(cloud, replaced)) {
    const { instanceId } = instance;
    const [held] = await cloud.ec2.describeAddresses({ "instance-id": [instanceId] });
    const text = `${instanceId}, which an interrupted replacement of ${replaced.id} had started,`;
    if (held) cloud.log.warning(replaced.urn, `${text} holds ${held.publicAddress} and runs on`);
    else {
      await cloud.ec2.terminateInstance(instanceId);
      cloud.log.info(replaced.urn, `${text} was terminated`);
    }
  }
}

/** How the run speaks of an instance. */
export const instanceKey = (instanceId: string): string => `instance ${instanceId}`;
