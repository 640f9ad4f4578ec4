import { messageOf } from "@planet/errors";
import { containsUnknown, InitializationError } from "@planet/pulumi-plugin";
import { BALANCER_DEFAULTS, balancerInputs, balancerProblems, logicalPart } from "../balancer/balancerInputs.ts";
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
import type { Handler } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { textOf, unknowns } from "../values.ts";

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

  naturalKey: (id) => `load balancer ${id}`,

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

  async delete({ elb, sleep }, { id }) {
    const isGone = async () => ((await elb.findLoadBalancer(id)) ? undefined : true);
    await inDoubt({ sleep }, () => elb.deleteLoadBalancer(id).then(() => true), isGone);
  },
};
