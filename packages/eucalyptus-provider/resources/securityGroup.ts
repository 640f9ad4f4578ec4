import { type Direction, isCloudError, type SecurityGroup as LiveGroup } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs, UNKNOWN, type Value } from "@planet/pulumi-plugin";
import type { SecurityGroup, SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError, messageOf } from "../errors.ts";
import type { Handler, RulesOf, StateOf } from "../handler.ts";
import { groupProblems } from "../rules/groupProblems.ts";
import { liveRules, sameRules } from "../rules/inlineRules.ts";
import { objects, refused, region, text } from "../rules/inputRule.ts";
import { completeName, isSameFixedName } from "../rules/names.ts";
import { expandRules } from "../rules/securityRules.ts";
import { isRetold, planRules, syncRules } from "../rules/syncRules.ts";
import { syncTags, tags, visibleTags } from "../rules/tags.ts";
import { defined, refreshed, textIn, textOf } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";

/** A group is held until its last instance is terminated. */
const RELEASE_SECONDS = 300;

const inputs: RulesOf<SecurityGroupArgs> = {
  description: text({ replaces: true }),
  egress: objects({ same: sameRules }),
  ingress: objects({ same: sameRules }),
  name: text({ replaces: true }),
  namePrefix: text({ replaces: true }),
  region,
  revokeRulesOnDelete: refused("rules go with their group here; remove it", [false]),
  tags,
  vpcId: text({ replaces: true }),
};

/**
 * A security group. As with the official provider, rules are managed inline only where `ingress` or `egress` is given,
 * and in VPC mode a group without `egress` lets nothing out: the cloud's own allow-all rule is removed.
 */
export const securityGroup: Handler = {
  token: "aws:ec2/securityGroup:SecurityGroup",
  inputs,
  stables: ["arn", "name", "ownerId", "vpcId"],
  complete: (news, facts) =>
    completeName({ description: "Managed by Pulumi", ...news }, facts, { property: "name", prefix: "namePrefix" }),
  problems: groupProblems,
  replacesInPlace: (olds, news) => isSameFixedName(olds.name, news.name),

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

  async create(cloud, { inputs: news }) {
    const id = await createGroup(cloud, news);
    try {
      return { id, state: await sync(cloud, { id, olds: {}, news }) };
    } catch (error) {
      throw new InitializationError({ id, state: news, reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { id, inputs: known }) {
    const live = await find(cloud, id);
    if (!live) return undefined;
    const news = known ?? importedInputs(live);
    const observed: Inputs = {
      description: live.description,
      ingress: liveRules(live.ingress, news.ingress, id),
      egress: liveRules(live.egress, news.egress, id),
      name: live.name,
      tags: visibleTags(live.tags),
      vpcId: live.vpcId,
    };
    // In EDGE there is no egress to observe; the default stays as written.
    if (cloud.mode === "edge") delete observed.egress;
    const current = { ...news, ...refreshed(news, observed) };
    return { id, inputs: current, state: stateOf(live, current, cloud.region) };
  },

  previewUpdate: (_cloud, { news }) => ({
    tagsAll: news.tags ?? {},
    ...(news.ingress === undefined && { ingress: [] }),
    ...(news.egress === undefined && { egress: [] }),
  }),

  update: (cloud, { id, oldInputs, news }) => sync(cloud, { id, olds: oldInputs, news }),

  async delete(cloud, { urn, id, timeoutSeconds }) {
    const next = "End what uses it (an instance holds its groups until it is terminated), then run the command again.";
    const seconds = timeoutSeconds || RELEASE_SECONDS;
    await waitUntil(cloud, { urn, what: `${id} was deleted`, seconds, next }, () => tryDelete(cloud, id));
  },
};

async function tryDelete({ ec2 }: CloudContext, id: string): Promise<{ isGone: true } | string> {
  try {
    await ec2.deleteSecurityGroup(id);
  } catch (error) {
    if (isCloudError(error, "DependencyViolation", "InvalidGroup.InUse")) return `${id} is still in use`;
    if (!isCloudError(error, "InvalidGroup.NotFound")) throw error;
  }
  return { isGone: true };
}

async function createGroup({ ec2 }: CloudContext, news: Inputs): Promise<string> {
  const name = textOf(news, "name");
  try {
    return await ec2.createSecurityGroup({
      name,
      description: textOf(news, "description"),
      vpcId: textIn(news, "vpcId"),
    });
  } catch (error) {
    if (!isCloudError(error, "InvalidGroup.Duplicate")) throw error;
    throw new ExplainedError(
      {
        code: "GROUP_EXISTS",
        what: `the security group "${name}" was not made`,
        why: "one of that name exists",
        next: "Leave `name` out for a name that is free, or take it over with `npx pulumi import`.",
      },
      { cause: error },
    );
  }
}

/** Brings tags and the managed rules from what is there to what is wanted; safe to repeat. */
async function sync(cloud: CloudContext, facts: { id: string; olds: Inputs; news: Inputs }): Promise<Inputs> {
  const { id, olds, news } = facts;
  const live = await mustFind(cloud, id);
  await syncTags(cloud, id, { live: live.tags, olds: olds.tags, news: news.tags });
  await syncDirection(cloud, { live, direction: "ingress", old: olds.ingress, now: news.ingress, isNew: false });
  if (cloud.mode === "vpc") {
    const isNew = Object.keys(olds).length === 0;
    await syncDirection(cloud, { live, direction: "egress", old: olds.egress, now: news.egress, isNew });
  }
  return stateOf(await mustFind(cloud, id), news, cloud.region);
}

interface DirectionChange {
  readonly live: LiveGroup;
  readonly direction: Direction;
  readonly old: Value | undefined;
  readonly now: Value | undefined;
  /** A new group in VPC mode lets everything out by itself. */
  readonly isNew: boolean;
}

async function syncDirection(cloud: CloudContext, { live, direction, old, now, isNew }: DirectionChange) {
  if (now === undefined && old === undefined && !isNew) return; // rules belong to SecurityGroupRule resources
  const wanted = expandRules(now, live.groupId);
  const ours = expandRules(old, live.groupId);
  // A list in the program is the whole truth; without one only what we had set goes.
  const isUnwanted = (key: string) => !wanted.has(key) && (now !== undefined || isNew || ours.has(key));
  const surplus = (key: string) => isUnwanted(key) || isRetold(key, ours, wanted);
  await syncRules(cloud, { direction, groupId: live.groupId, plan: planRules(live[direction], wanted, surplus) });
}

async function find({ ec2 }: CloudContext, id: string): Promise<LiveGroup | undefined> {
  return ec2.findSecurityGroup(id);
}

async function mustFind(cloud: CloudContext, id: string): Promise<LiveGroup> {
  const live = await find(cloud, id);
  if (live) return live;
  throw new ExplainedError({
    code: "GROUP_GONE",
    what: `the security group ${id} is not there`,
    why: "it was deleted outside of this stack",
    next: "Run `npx pulumi up --refresh`: it notices that and makes a new one.",
  });
}

function importedInputs(live: LiveGroup): Inputs {
  const tagMap = visibleTags(live.tags);
  return defined({
    description: live.description,
    name: live.name,
    vpcId: live.vpcId === "" ? undefined : live.vpcId,
    ingress: live.ingress.length === 0 ? undefined : liveRules(live.ingress, undefined, live.groupId),
    egress: live.egress.length === 0 ? undefined : liveRules(live.egress, undefined, live.groupId),
    tags: Object.keys(tagMap).length === 0 ? undefined : tagMap,
  });
}

function stateOf(live: LiveGroup, news: Inputs, ours: string): Inputs {
  const observed: StateOf<SecurityGroup> = {
    arn: `arn:aws:ec2:${ours}:${live.ownerId}:security-group/${live.groupId}`,
    description: live.description,
    egress: live.vpcId === "" ? (news.egress ?? []) : liveRules(live.egress, news.egress, live.groupId),
    ingress: liveRules(live.ingress, news.ingress, live.groupId),
    name: live.name,
    namePrefix: news.namePrefix ?? "",
    ownerId: live.ownerId,
    region: ours,
    tagsAll: visibleTags(live.tags),
    vpcId: live.vpcId,
  };
  return { ...news, ...defined(observed) };
}
