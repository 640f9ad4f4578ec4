import { messageOf } from "@planet/errors";
import { type Direction, isCloudError, type SecurityGroup as LiveGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import { InitializationError, type Inputs, UNKNOWN, type Value } from "@planet/pulumi-plugin";
import type { SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { CloudContext } from "../cloudContext.ts";
import { claimGroup } from "../group/claimGroup.ts";
import { groupGone } from "../group/groupGone.ts";
import { isUnfinished, observedInputs, stateOf } from "../group/groupState.ts";
import type { Handler, RulesOf } from "../handler.ts";
import { inDoubt } from "../inDoubt.ts";
import { groupProblems } from "../rules/groupProblems.ts";
import { sameRules } from "../rules/inlineRules.ts";
import { objects, refused, region, text } from "../rules/inputRule.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { planRules } from "../rules/planRules.ts";
import { expandRules } from "../rules/securityRules.ts";
import { syncRules } from "../rules/syncRules.ts";
import { syncTags, tags } from "../rules/tags.ts";
import { stackIn } from "../urn.ts";
import { waitUntil } from "../waitUntil.ts";

/** A group is held until its last instance is terminated. */
const RELEASE_SECONDS = 300;

/** The SDK writes it where the program says nothing; a group that has another one keeps that, as only a new one could change. */
const SDK_DESCRIPTION = "Managed by Pulumi";

const inputs: RulesOf<SecurityGroupArgs> = {
  description: text({ replaces: true }),
  egress: objects({ computed: true, same: sameRules }),
  ingress: objects({ computed: true, same: sameRules }),
  name: text({ replaces: true }),
  namePrefix: text({ replaces: true, computed: true }),
  region,
  revokeRulesOnDelete: refused("rules go with their group here; remove it", [false]),
  tags,
  vpcId: text({ replaces: true, computed: true }),
};

/**
 * A security group. As with the official provider, rules are managed inline only where `ingress` or `egress` is given: a
 * list is the whole truth, `[]` closes all, and to drop the list leaves the rules to others. A new group in VPC mode
 * without `egress` lets nothing out: the cloud's own allow-all rule is removed.
 */
export const securityGroup: Handler = {
  token: "aws:ec2/securityGroup:SecurityGroup",
  inputs,
  stables: ["arn", "name", "ownerId", "vpcId"],
  complete(news, facts) {
    const { description = SDK_DESCRIPTION } = news;
    const kept = description === SDK_DESCRIPTION ? (facts.olds?.description ?? description) : description;
    return completeName({ ...news, description: kept }, facts, { property: "name", prefix: "namePrefix" });
  },
  problems: groupProblems,
  replacesInPlace: (olds, news) => isSameFixedName(olds.name, news.name),

  naturalKey: (id) => `security group ${id}`,

  preview(news, { region: ours, mode }) {
    const vpcId = mode === "vpc" ? UNKNOWN : "";
    return {
      arn: UNKNOWN,
      egress: [],
      ingress: [],
      namePrefix: "",
      ownerId: UNKNOWN,
      region: ours,
      tagsAll: news.tags ?? {},
      vpcId,
      ...news,
    };
  },

  async create(cloud, { urn, inputs: news }) {
    const id = await claimGroup(cloud, urn, news);
    try {
      return { id, state: await sync(cloud, { urn, id, olds: {}, news, isUnfinished: true }) };
    } catch (error) {
      throw new InitializationError({ id, state: news, reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { id, state, inputs: known }) {
    const live = await cloud.ec2.findSecurityGroup(id);
    if (!live) return undefined;
    const current = observedInputs(live, known, cloud.mode);
    if (state && isUnfinished(state) && !(COMPLETE_TAG in live.tags)) {
      // The engine would take it for finished otherwise, and the rule that lets everything out would stay.
      const reasons = [`the creation of ${id} was interrupted; the next update finishes it`];
      throw new InitializationError({ id, state, inputs: current, reasons });
    }
    return { id, inputs: current, state: stateOf(live, current, cloud.region) };
  },

  previewUpdate: (_cloud, { news }) => ({ tagsAll: news.tags ?? {} }),

  update: (cloud, { urn, id, olds, oldInputs, news }) =>
    sync(cloud, { urn, id, olds: oldInputs, news, isUnfinished: isUnfinished(olds) }),

  async delete(cloud, { urn, id, timeoutSeconds }) {
    const next = "End what uses it (an instance holds its groups until it is terminated), then run the command again.";
    const seconds = timeoutSeconds || RELEASE_SECONDS;
    await waitUntil(cloud, { urn, what: `${id} was deleted`, seconds, next }, () => tryDelete(cloud, id));
  },
};

async function tryDelete(cloud: CloudContext, id: string): Promise<{ isGone: true } | string> {
  const { ec2 } = cloud;
  const isGone = async () => ((await ec2.findSecurityGroup(id)) ? undefined : true);
  try {
    await inDoubt(cloud, () => ec2.deleteSecurityGroup(id).then(() => true), isGone);
  } catch (error) {
    if (isCloudError(error, "DependencyViolation", "InvalidGroup.InUse")) return `${id} is still in use`;
    if (!isCloudError(error, "InvalidGroup.NotFound")) throw error;
  }
  return { isGone: true };
}

interface Sync {
  readonly urn: string;
  readonly id: string;
  readonly olds: Inputs;
  readonly news: Inputs;
  /** Its creation never came to its end, as far as the state knows. */
  readonly isUnfinished: boolean;
}

/** Brings tags and the managed rules from what is there to what is wanted, and tags it complete; safe to repeat. */
async function sync(cloud: CloudContext, facts: Sync): Promise<Inputs> {
  const { urn, id, olds, news } = facts;
  const live = await mustFind(cloud, id);
  const isNew = facts.isUnfinished && !(COMPLETE_TAG in live.tags);
  await syncTags(cloud, id, { live: live.tags, olds: olds.tags, news: news.tags });
  await syncList(cloud, { urn, live, direction: "ingress", old: olds.ingress, now: news.ingress });
  if (cloud.mode === "vpc") {
    const now = news.egress ?? (isNew ? [] : undefined);
    await syncList(cloud, { urn, live, direction: "egress", old: olds.egress, now });
  }
  const mark = { [COMPLETE_TAG]: stackIn(urn) };
  if (live.tags[COMPLETE_TAG] !== mark[COMPLETE_TAG]) await cloud.ec2.createTags(id, mark);
  return stateOf(await mustFind(cloud, id), news, cloud.region);
}

interface List {
  readonly urn: string;
  readonly live: LiveGroup;
  readonly direction: Direction;
  readonly old: Value | undefined;
  readonly now: Value | undefined;
}

async function syncList(cloud: CloudContext, { urn, live, direction, old, now }: List): Promise<void> {
  if (now === undefined) return; // rules belong to SecurityGroupRule resources
  const { groupId } = live;
  const wanted = expandRules(now, groupId);
  const isSurplus = (key: string) => !wanted.has(key);
  const plan = planRules(live[direction], { wanted, olds: expandRules(old, groupId), isSurplus });
  await syncRules(cloud, { urn, direction, groupId, plan });
}

async function mustFind({ ec2 }: CloudContext, id: string): Promise<LiveGroup> {
  const live = await ec2.findSecurityGroup(id);
  if (live) return live;
  throw groupGone(id, {
    what: "tags and rules of the group were not set",
    next: "It was deleted outside of this stack. Run `pulumi up` again: it notices that and makes a new one.",
  });
}
