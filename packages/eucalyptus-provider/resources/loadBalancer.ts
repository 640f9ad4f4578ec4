import { messageOf } from "@planet/errors";
import { isCloudError } from "@planet/eucalyptus-client";
import { containsUnknown, InitializationError } from "@planet/pulumi-plugin";
import { BALANCER_DEFAULTS, balancerInputs, balancerProblems, logicalPart } from "../balancer/balancerInputs.ts";
import { balancerKey } from "../balancer/balancerKey.ts";
import {
  balancerState,
  CHOSEN_BY_CLOUD,
  FIXED,
  importedInputs,
  KNOWN_LATER,
  refreshedInputs,
} from "../balancer/balancerState.ts";
import { claimBalancer } from "../balancer/claimBalancer.ts";
import { sameCheck } from "../balancer/healthCheck.ts";
import { CHECK_WARNING, findWhole, syncBalancer } from "../balancer/syncBalancer.ts";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { replacedAsGone } from "../rules/goneInCloud.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { endOrphans } from "../scaling/leftoverGroups.ts";
import { textOf, unknowns } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";

/** A group that goes in the same run is gone within this. */
const RELEASE_SECONDS = 60;

/**
 * A classic load balancer: workers of the cloud's own with a name in the cloud's DNS. Id: its name. Which servers it has is
 * no state: groups and attachments register them, and healed ones come by themselves.
 */
export const loadBalancer: Handler = {
  token: "aws:elb/loadBalancer:LoadBalancer",
  inputs: balancerInputs,
  stables: ["arn", "dnsName", "name", "zoneId"],
  complete(news, facts) {
    const named = completeName(
      news,
      { ...facts, name: logicalPart(facts.name) },
      { property: "name", prefix: "namePrefix" },
    );
    return { ...BALANCER_DEFAULTS, ...named };
  },
  problems: balancerProblems,
  /** To the cloud a name in other capitals is the same. */
  replacesInPlace: (olds, news) =>
    isSameFixedName(textOf(olds, "name").toLowerCase(), textOf(news, "name").toLowerCase()),

  naturalKey: balancerKey,

  async diffInCloud(cloud, { urn, id }, found) {
    if (found.replaces.length > 0 || (await cloud.elb.findLoadBalancer(id))) return found;
    cloud.log.info(urn, `the load balancer ${id} of the state is gone: it is made again`);
    return replacedAsGone(found, "arn");
  },

  preview(news, { region: ours }) {
    const chosen = CHOSEN_BY_CLOUD.filter((name) => news[name] === undefined);
    return {
      ...FIXED,
      internal: false,
      namePrefix: "",
      region: ours,
      tagsAll: news.tags ?? {},
      ...unknowns([...KNOWN_LATER, ...chosen]),
      ...news,
    };
  },

  async create(cloud, { urn, inputs: news }) {
    const id = textOf(news, "name");
    await claimBalancer(cloud, urn, news);
    try {
      const whole = await syncBalancer(cloud, { urn, name: id, oldInputs: {}, news });
      return { id, state: await balancerState(cloud, whole, news) };
    } catch (error) {
      throw new InitializationError({ id, state: news, reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { id, inputs: known }) {
    const whole = await findWhole(cloud, id);
    if (!whole) return undefined;
    const inputs = known ? refreshedInputs(whole, known) : importedInputs(whole);
    return { id, inputs, state: await balancerState(cloud, whole, inputs) };
  },

  previewUpdate({ log }, { urn, olds, news }) {
    const [old, now] = [olds.healthCheck, news.healthCheck];
    const isKnown = old !== undefined && now !== undefined && !containsUnknown(now);
    if (isKnown && !sameCheck(old, now)) log.warning(urn, CHECK_WARNING);
    return { tagsAll: news.tags ?? {} };
  },

  async update(cloud, { urn, id, oldInputs, news }) {
    return balancerState(cloud, await syncBalancer(cloud, { urn, name: id, oldInputs, news }), news);
  },

  async delete(cloud, { urn, id }) {
    const { elb } = cloud;
    await untilNoGroupNames(cloud, urn, id);
    const isGone = async () => ((await elb.findLoadBalancer(id)) ? undefined : true);
    await inDoubt(cloud, () => elb.deleteLoadBalancer(id).then(() => true), isGone);
  },
};

/** A group whose balancer is gone ends and starts its servers for ever. Where Auto Scaling does not answer, there is none. */
async function untilNoGroupNames(cloud: CloudContext, urn: string, id: string): Promise<void> {
  try {
    await endOrphans(cloud, urn, ({ loadBalancerNames }) => loadBalancerNames.includes(id));
  } catch (error) {
    if (!isCloudError(error)) throw error;
    return;
  }
  const next = "Delete the group first: without its load balancer it would end and start servers for ever.";
  const facts = { urn, what: `no Auto Scaling group named ${id}`, seconds: RELEASE_SECONDS, next };
  await waitUntil(cloud, facts, async () => {
    const groups = await cloud.autoScaling.describeGroups();
    const users = groups.filter(({ loadBalancerNames }) => loadBalancerNames.includes(id)).map(({ name }) => name);
    return users.length === 0 ? {} : `${users.join(", ")} still names ${id}`;
  });
}
