import { isAmbiguous, isCloudError, type SecurityGroup as LiveGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { ALL_KEY } from "../rules/groupProblems.ts";
import { expandRules, ruleKey, splitPermission } from "../rules/securityRules.ts";
import { textMap, visibleTags } from "../rules/tags.ts";
import { stackIn } from "../urn.ts";
import { textIn, textOf } from "../values.ts";

/*
 * Who competes: a run that creates a group; what an earlier run left when it died after CreateSecurityGroup and before the
 * engine wrote the id down; and, for a name that the program chose, the older entry of the state that has this very group
 * (`up --replace`, taint, another logical name).
 *
 * What guards: the last act of a create tags the group with its stack. Of a group with our name and description
 *   not tagged, unused, with nothing in it that this program does not want   is what an earlier run left
 *   tagged with our stack                                                    is in our state under another entry
 * and both are taken over; in the second case the run's ledger keeps the group from the delete of that entry. Everybody
 * else's group stops the create.
 */

/** Creates the group or takes over our own; answers its id. */
export async function claimGroup(cloud: CloudContext, urn: string, news: Inputs): Promise<string> {
  const { ec2 } = cloud;
  const [name, description, vpcId] = [textOf(news, "name"), textOf(news, "description"), textIn(news, "vpcId")];
  const takeOver = async () => {
    const ours = await findOurs(cloud, urn, news);
    if (ours) cloud.log.info(urn, `took over ${ours.groupId}, which this stack had made under this name`);
    return ours?.groupId;
  };
  try {
    return await inDoubt(cloud, () => ec2.createSecurityGroup({ name, description, vpcId }), takeOver);
  } catch (error) {
    if (isAmbiguous(error) || !isCloudError(error, "InvalidGroup.Duplicate")) throw error;
    const ours = await takeOver();
    if (ours !== undefined) return ours;
    throw new ProviderError(
      {
        code: "GROUP_EXISTS",
        what: `the security group "${name}" was not made`,
        why: "one of that name exists, and it is not this stack's",
        next: "Leave `name` out for a name that is free, or take it over with `pulumi import`.",
      },
      { cause: error },
    );
  }
}

async function findOurs(cloud: CloudContext, urn: string, news: Inputs): Promise<LiveGroup | undefined> {
  const vpcId = textIn(news, "vpcId");
  const named = await cloud.ec2.describeSecurityGroups({
    "group-name": [textOf(news, "name")],
    ...(vpcId !== undefined && { "vpc-id": [vpcId] }),
  });
  const [only, ...others] = named;
  // Several: the name is there once per VPC, and which of them is the default one is not said here.
  if (!only || others.length > 0 || only.description !== textOf(news, "description")) return undefined;
  const owner = only.tags[COMPLETE_TAG];
  if (owner !== undefined) return owner === stackIn(urn) ? only : undefined;
  return hasOnlyWanted(only, news) && (await isUnused(cloud, only)) ? only : undefined;
}

/** The cloud's own first rule of a group in VPC mode does not count. */
function hasOnlyWanted(live: LiveGroup, news: Inputs): boolean {
  const wantedTags = textMap(news.tags);
  const isWanted = (direction: "ingress" | "egress") => {
    const wanted = expandRules(news[direction], live.groupId);
    const keys = live[direction].flatMap(splitPermission).map(ruleKey);
    return keys.every((key) => wanted.has(key) || (direction === "egress" && key === ALL_KEY));
  };
  const areTagsWanted = Object.entries(visibleTags(live.tags)).every(([key, value]) => wantedTags[key] === value);
  return areTagsWanted && isWanted("ingress") && isWanted("egress");
}

async function isUnused({ ec2 }: CloudContext, { groupId }: LiveGroup): Promise<boolean> {
  const instances = await ec2.describeInstances({});
  return !instances.some(({ securityGroups }) => securityGroups.some(({ id }) => id === groupId));
}
