import { isCloudError, type LoadBalancer } from "@planet/eucalyptus-client";
import { STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { textMap } from "../rules/tags.ts";
import { stackIn } from "../urn.ts";
import { flagIn, textOf, textsOf } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";
import { listenersFrom } from "./listeners.ts";

/*
 * Who competes: a run that creates a balancer; what an earlier run left when it died after CreateLoadBalancer and before
 * the engine wrote the id down; and the older entry of the state that has this very balancer (`up --replace`, taint, another
 * logical name).
 *
 * What guards: a balancer is tagged with its stack by the call that makes it. One of our name and our stack is ours, and is
 * taken over: the create then brings it to what is wanted, and the run's ledger keeps it from the delete of the older entry.
 * Everybody else's stops the create.
 */

/** The cloud cleans up for some minutes before it gives a name again in EDGE. Seen on 5.1.0. */
const CLEAN_UP_SECONDS = 300;

/** Creates the balancer or takes over our own. */
export async function claimBalancer(cloud: CloudContext, urn: string, news: Inputs): Promise<void> {
  const name = textOf(news, "name");
  const next = "It was deleted a moment ago; run the command again in some minutes.";
  await waitUntil(
    cloud,
    { urn, what: `the name ${name} was free again`, seconds: CLEAN_UP_SECONDS, next },
    async () => {
      try {
        await createOrTakeOver(cloud, urn, news);
        return {};
      } catch (error) {
        if (isCloudError(error, "InternalFailure") && error.detail.startsWith("Cleaning up the previous ELB")) {
          return `the cloud still cleans up the load balancer that had the name ${name} before`;
        }
        throw error;
      }
    },
  );
}

async function createOrTakeOver(cloud: CloudContext, urn: string, news: Inputs): Promise<void> {
  const { elb } = cloud;
  const name = textOf(news, "name");
  const takeOver = async () => {
    const ours = await findOurs(cloud, urn, news);
    if (ours) cloud.log.info(urn, `took over the load balancer ${name}, which this stack had made`);
    return ours ? true : undefined;
  };
  const create = () =>
    elb.createLoadBalancer({
      name,
      listeners: listenersFrom(news.listeners),
      zones: textsOf(news.availabilityZones),
      subnetIds: textsOf(news.subnets),
      securityGroupIds: textsOf(news.securityGroups),
      isInternal: flagIn(news, "internal"),
      tags: { ...textMap(news.tags), [STACK_TAG]: stackIn(urn) },
    });
  try {
    await inDoubt(cloud, () => create().then(() => true), takeOver);
  } catch (error) {
    if (!isCloudError(error, "DuplicateAccessPointName")) throw error;
    if (await takeOver()) return;
    throw new ProviderError(
      {
        code: "BALANCER_EXISTS",
        what: `the load balancer ${name} was not made`,
        why: "the account has one of that name, in capitals or not, and it is not this stack's",
        next: "Choose another name, or take it over with `pulumi import`.",
      },
      { cause: error },
    );
  }
}

/** Where it is seen from cannot change: one that is for others is not taken over. */
async function findOurs({ elb }: CloudContext, urn: string, news: Inputs): Promise<LoadBalancer | undefined> {
  const live = await elb.findLoadBalancer(textOf(news, "name"));
  if (!live || (live.scheme === "internal") !== (flagIn(news, "internal") ?? false)) return undefined;
  const tags = await elb.describeTags(live.name);
  return tags[STACK_TAG] === stackIn(urn) ? live : undefined;
}
