import { createHash } from "node:crypto";
import { type AutoScalingGroup, isCloudError } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import { nameIn, stackIn } from "../urn.ts";
import { textIn, textOf, textsOf } from "../values.ts";
import { settingsOf, withSizes } from "./groupSettings.ts";
import { tagsFrom, tagValue } from "./groupTags.ts";
import { zonesFor } from "./zones.ts";

/*
 * Who competes: a run that creates a group; what an earlier run left when it died after CreateAutoScalingGroup and before the
 * engine wrote the id down; and the older entry of the state that has this very group (`up --replace`, taint, another
 * logical name).
 *
 * What guards: the call that makes a group tags it with its stack, and the last act of a create tags it complete. A name that
 * the program does not choose is made of the urn and of all that cannot change under a server, so for one urn and these
 * inputs there is a row of names, `web-0a1b2c3d`, `web-0a1b2c3d-2`, …:
 *   ours and not complete         what an interrupted run left: taken over
 *   ours, complete, in our state  what this create replaces by force: next name, and a tag that says so
 *   ours, complete, in no state   a run died between the last tag and the engine's write: taken over
 *   another's                     next name
 *   none                          ours to make, when there is none to take over
 * The state is known by what the engine asked us about in this run. After `up --replace` without a refresh it asked nothing:
 * then the group that is there is taken over instead of replaced, and the run's ledger keeps it from the delete.
 *
 * What a crash leaves besides: a group of a generation that nobody deploys any more. One that is not complete is ended by the
 * next Diff, create or delete of a group of the stack; one that is complete, by the delete of its launch configuration or its
 * balancer: leftoverGroups.ts.
 */

/** As many groups of one urn and the same inputs can there be; each forced replacement ends its predecessor. */
const ROW = 10;
const DIGITS = 8;

/** Takes over our own group or makes one, without members. */
export async function claimScalingGroup(cloud: CloudContext, urn: string, news: Inputs): Promise<AutoScalingGroup> {
  const fixed = textIn(news, "name");
  const names = fixed === undefined ? rowOf(urn, news) : [fixed];
  const shown = await cloud.autoScaling.describeGroups(names);
  const replaced = names.findLast((name) => cloud.run.isInState(name) && shown.some((group) => group.name === name));
  const ours = shown.find((group) => isForUs(cloud, group, { urn, news, isFixed: fixed !== undefined }));
  if (ours) {
    // From here on nobody in this run takes it for a leftover.
    cloud.run.create(groupKey(ours.name), urn);
    cloud.log.info(urn, `took over the Auto Scaling group ${ours.name}, which this stack had made`);
    return ours;
  }
  const free = rotated(names, replaced).filter((name) => !shown.some((group) => group.name === name));
  for (const name of free) {
    cloud.run.create(groupKey(name), urn);
    const made = await make(cloud, { urn, news: { ...news, name }, replaced });
    if (made) return made;
  }
  throw new ProviderError({
    code: "SCALING_GROUP_EXISTS",
    what: `the Auto Scaling group ${names.join(", ")} was not made`,
    why:
      fixed === undefined
        ? "these names are all taken"
        : "the account has one of that name, and it is not this stack's",
    next: "Choose another name, delete what has it, or take it over with `pulumi import`.",
  });
}

/** The names after this one first: the tags of two groups, of which each replaced the other, would say nothing. */
function rotated(names: readonly string[], last: string | undefined): string[] {
  const start = last === undefined ? 0 : names.indexOf(last) + 1;
  return [...names.slice(start), ...names.slice(0, start)];
}

/** How the run speaks of a group. */
export const groupKey = (name: string): string => `Auto Scaling group ${name}`;

function rowOf(urn: string, news: Inputs): string[] {
  const { launchConfiguration, availabilityZones, vpcZoneIdentifiers, loadBalancers } = news;
  const sets = [availabilityZones, vpcZoneIdentifiers, loadBalancers].map((set) => textsOf(set).toSorted());
  const digits = createHash("sha256")
    .update(JSON.stringify([urn, launchConfiguration, ...sets]))
    .digest("hex")
    .slice(0, DIGITS);
  const name = `${textIn(news, "namePrefix") ?? `${nameIn(urn)}-`}${digits}`;
  return Array.from({ length: ROW }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}

interface Facts {
  readonly urn: string;
  readonly news: Inputs;
  readonly isFixed: boolean;
}

function isForUs({ run }: CloudContext, live: AutoScalingGroup, { urn, news, isFixed }: Facts): boolean {
  if (tagValue(live, STACK_TAG) !== stackIn(urn)) return false;
  const sameSet = (wanted: readonly string[], found: readonly string[]) =>
    wanted.length === 0 || wanted.toSorted().join() === found.join();
  const isSamePlace =
    sameSet(textsOf(news.availabilityZones), live.zones) &&
    sameSet(textsOf(news.vpcZoneIdentifiers), live.subnetIds) &&
    textsOf(news.loadBalancers).toSorted().join() === live.loadBalancerNames.join();
  if (!isSamePlace) return false;
  if (isFixed) return true;
  if (live.launchConfigurationName !== textOf(news, "launchConfiguration")) return false;
  const isDone = tagValue(live, COMPLETE_TAG) !== undefined;
  return run.keeperOf(groupKey(live.name)) === undefined && !(isDone && run.isInState(live.name));
}

interface Make {
  readonly urn: string;
  readonly news: Inputs;
  /** The group of the state that the new one replaces by force. */
  readonly replaced: string | undefined;
}

/** Undefined when somebody else made one of that name meanwhile. */
async function make(cloud: CloudContext, { urn, news, replaced }: Make): Promise<AutoScalingGroup | undefined> {
  const { autoScaling } = cloud;
  const name = textOf(news, "name");
  const zones = await zonesFor(cloud, news);
  const mark = { key: STACK_TAG, value: stackIn(urn), propagateAtLaunch: false };
  const marks = replaced === undefined ? [mark] : [mark, { ...mark, key: REPLACES_TAG, value: replaced }];
  const create = () =>
    autoScaling.createGroup({
      // No process can be suspended before the group is there, so it begins with nobody.
      ...withSizes(settingsOf(news, undefined), 0, 0, 0),
      ...{ name, zones, subnetIds: textsOf(news.vpcZoneIdentifiers), loadBalancerNames: textsOf(news.loadBalancers) },
      tags: [...tagsFrom(news.tags), ...marks],
    });
  const findOurs = async () => {
    const live = await autoScaling.findGroup(name);
    return live && tagValue(live, STACK_TAG) === mark.value ? live : undefined;
  };
  try {
    return await inDoubt(cloud, () => create().then(findOurs), findOurs);
  } catch (error) {
    if (isCloudError(error, "AlreadyExists")) return undefined;
    throw error;
  }
}
