import { type Instance, isLiving, type Launch } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { clientTokens } from "./launch.ts";

/*
 * Who competes: a run that creates, and what an earlier run of the same stack left when it died (kill, power) after
 * RunInstances and before the engine wrote the id down. The engine itself only warns and creates again, or, after a
 * forced replacement, forgets that there was one.
 *
 * What guards: RunInstances carries a token made from urn, inputs and an ordinal; the first tags of an instance that
 * replaces another name that one, and the last act of a create tags it complete. So for one urn and launch there is a row
 * of instances, by ordinal:
 *   living and not complete            our orphan: nobody else knows it; it is taken over
 *   living and made to replace ours    the same, complete or not: what it replaces is still in our state
 *   living and complete                in somebody's state: next ordinal
 *   ended                              the cloud would answer the token with the dead instance for an hour: next ordinal
 *   none                               ours to start
 * A replacement that was begun is seen by the next Diff, which then replaces; what was started for a generation that
 * nobody deploys any more is ended by the next Diff or create: begunReplacements.ts.
 *
 * What a crash leaves: a crash between the tag "complete" of an instance that replaces nothing and the engine's write of
 * the state (milliseconds in a folder, a second in a bucket of a busy cloud) leaves one that looks the same as one that is
 * to be replaced by force, or from another state's. It stays, whole by its tag and in no state.
 */

/** As many instances of one urn and launch can the cloud still show: dead ones are shown for an hour. */
const ORDINAL_LIMIT = 1_000;
const BATCH = 10;

export interface Claim {
  readonly urn: string;
  readonly launch: Omit<Launch, "clientToken">;
  /** The instance of the state that the new one is to replace, where the engine has named it. */
  readonly replacedId?: string | undefined;
  /**
   * A security group of the launch is this state's own: then no other state can have made the same launch, and a complete
   * instance of it is what `up --replace` or `state taint` replaces. The engine shows such a create as any other.
   */
  readonly isInOwnGroup: boolean;
}

export interface Claimed {
  /** Pending or running. */
  readonly instance: Instance;
  /** Taken over from an earlier run. */
  readonly isOrphan: boolean;
  /** What it replaces, as far as that is known. */
  readonly replacedId?: string | undefined;
}

type Cloud = Pick<CloudContext, "sleep"> & {
  readonly ec2: Pick<CloudContext["ec2"], "describeInstances" | "runInstance">;
};

/** Takes over our orphan or starts an instance. */
export async function claimInstance(cloud: Cloud, claim: Claim): Promise<Claimed> {
  for (let first = 0; first < ORDINAL_LIMIT; first += BATCH) {
    const tokens = clientTokens(claim.urn, claim.launch, first, BATCH);
    const shown = await cloud.ec2.describeInstances({ "client-token": tokens });
    const replacedId = claim.replacedId ?? (claim.isInOwnGroup ? replacedByForce(shown) : undefined);
    const orphan = tokens
      .flatMap((token) => shown.filter(({ clientToken }) => clientToken === token))
      .find((instance) => isOrphan(instance, replacedId) || isBegun(instance, claim, shown));
    if (orphan) return { instance: orphan, isOrphan: true, replacedId: orphan.tags[REPLACES_TAG] ?? replacedId };
    for (const clientToken of tokens) {
      if (shown.some((instance) => instance.clientToken === clientToken)) continue;
      const instance = await runOrFind(cloud, claim, clientToken);
      // Not shown a moment ago and yet not new: somebody buried it in between. The next ordinal is free of it.
      if (isLiving(instance)) return { instance, isOrphan: false, replacedId };
    }
  }
  throw new ProviderError({
    code: "NO_FREE_TOKEN",
    what: "no instance was started",
    why: `the cloud still shows ${ORDINAL_LIMIT} instances that were made for this resource with these inputs`,
    next: "Terminated ones vanish after an hour; then run `pulumi up` again.",
  });
}

/** The one of the row that has no successor: the state's, when it was made with the same inputs. */
function replacedByForce(shown: readonly Instance[]): string | undefined {
  return shown.find((instance) => isComplete(instance) && !hasSuccessor(instance, shown))?.instanceId;
}

/** What an earlier replacement by force has made, as long as what it replaces still lives. */
function isBegun(instance: Instance, { isInOwnGroup, replacedId }: Claim, shown: readonly Instance[]): boolean {
  if (!isInOwnGroup || replacedId !== undefined || !isComplete(instance)) return false;
  return shown.some((other) => isLiving(other) && other.instanceId === instance.tags[REPLACES_TAG]);
}

const isComplete = (instance: Instance): boolean => isLiving(instance) && COMPLETE_TAG in instance.tags;

const hasSuccessor = ({ instanceId }: Instance, shown: readonly Instance[]): boolean =>
  shown.some(({ tags }) => tags[REPLACES_TAG] === instanceId);

function runOrFind(cloud: Cloud, { launch, replacedId }: Claim, clientToken: string): Promise<Instance> {
  return inDoubt(
    cloud,
    () => cloud.ec2.runInstance({ ...launch, clientToken }),
    async () => {
      const shown = await cloud.ec2.describeInstances({ "client-token": [clientToken] });
      return shown.find((instance) => isOrphan(instance, replacedId));
    },
  );
}

/** Started by an earlier run for the same end, and in no state. */
export function isOrphan(instance: Instance, replacedId: string | undefined): boolean {
  if (!isLiving(instance) || instance.instanceId === replacedId) return false;
  return !(COMPLETE_TAG in instance.tags) || (replacedId !== undefined && instance.tags[REPLACES_TAG] === replacedId);
}
