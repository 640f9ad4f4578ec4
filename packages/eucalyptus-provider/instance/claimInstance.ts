import { type Ec2, type Instance, isCloudError, isLiving, type Launch } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError } from "../errors.ts";
import { COMPLETE_TAG } from "../rules/tags.ts";
import { clientToken } from "./launch.ts";

/*
 * Who competes: a run that creates, and what an earlier run of the same stack left when it died (kill, power) after
 * RunInstances and before the engine wrote the id down. The engine itself only warns and creates again.
 *
 * What guards: RunInstances carries a token made from urn, inputs and an ordinal, and the last act of a create tags the
 * instance. So for one urn and launch there is a row of instances, by ordinal:
 *   living and not tagged   our orphan: nobody else knows it; it is taken over
 *   living and tagged       in somebody's state (a replacement by `up --replace`, `state taint`): next ordinal
 *   ended                   the cloud would answer the token with the dead instance for an hour: next ordinal
 *   none                    ours to start
 *
 * What a crash leaves: at most one untagged instance, found by the next create with the same inputs. A crash between the
 * tag and the engine's write of the state (milliseconds in a folder, a second in a bucket of a busy cloud) leaves a
 * tagged one: it cannot be told from another state's, so it stays, and `planet doctor` names it.
 */

/** As many instances of one urn and launch can the cloud still show: dead ones are shown for an hour. */
const ORDINAL_LIMIT = 1_000;
const BATCH = 10;
const LOOK_AGAIN_MS = 2_000;

/** Takes over our orphan or starts an instance; the answer is pending or running. */
export async function claimInstance(
  cloud: { readonly ec2: Pick<Ec2, "describeInstances" | "runInstance">; readonly sleep: CloudContext["sleep"] },
  urn: string,
  launch: Omit<Launch, "clientToken">,
): Promise<{ instance: Instance; isOrphan: boolean }> {
  for (let first = 0; first < ORDINAL_LIMIT; first += BATCH) {
    const tokens = Array.from({ length: BATCH }, (_, index) => clientToken(urn, launch, first + index));
    const shown = await cloud.ec2.describeInstances({ "client-token": tokens });
    for (const token of tokens) {
      const holders = shown.filter((instance) => instance.clientToken === token);
      const orphan = holders.find(isOrphan);
      if (orphan) return { instance: orphan, isOrphan: true };
      if (holders.length > 0) continue;
      const instance = await runOrFind(cloud, { ...launch, clientToken: token });
      // Not shown a moment ago and yet not new: somebody buried it in between. The next ordinal is free of it.
      if (isLiving(instance)) return { instance, isOrphan: false };
    }
  }
  throw new ExplainedError({
    code: "NO_FREE_TOKEN",
    what: "no instance was started",
    why: `the cloud still shows ${ORDINAL_LIMIT} instances that were made for this resource with these inputs`,
    next: "Terminated ones vanish after an hour; then run `npx pulumi up` again.",
  });
}

/** A call without an answer, or with a fault of the cloud's own, may have started the instance: look before giving up. */
async function runOrFind({ ec2, sleep }: Parameters<typeof claimInstance>[0], launch: Launch): Promise<Instance> {
  try {
    return await ec2.runInstance(launch);
  } catch (error) {
    if (!isCloudError(error) || (error.status !== 0 && error.status < 500)) throw error;
    await sleep(LOOK_AGAIN_MS);
    const shown = await ec2.describeInstances({ "client-token": [launch.clientToken] }).catch(() => []);
    const started = shown.find(isOrphan);
    if (started) return started;
    throw error;
  }
}

function isOrphan(instance: Instance): boolean {
  return isLiving(instance) && !(COMPLETE_TAG in instance.tags);
}
