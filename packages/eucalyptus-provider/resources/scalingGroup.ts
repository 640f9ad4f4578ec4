import { messageOf } from "@planet/errors";
import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG } from "@planet/eucalyptus-client/marks";
import { type DiffResult, InitializationError, type Inputs, UNKNOWN } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler } from "../handler.ts";
import { replacedAsGone } from "../rules/goneInCloud.ts";
import { isSameFixedName } from "../rules/names.ts";
import { awaitMembers, groupGone } from "../scaling/awaitMembers.ts";
import { claimScalingGroup, groupKey } from "../scaling/claimScalingGroup.ts";
import { endScalingGroup } from "../scaling/endScalingGroup.ts";
import { GROUP_DEFAULTS, groupInputs, groupProblems, OF_THE_ATTACHMENT } from "../scaling/groupInputs.ts";
import { sameSettings, sameSizes, settingsIn, settingsOf } from "../scaling/groupSettings.ts";
import { CHOSEN_BY_CLOUD, FIXED, groupState, importedInputs, refreshedInputs } from "../scaling/groupState.ts";
import { syncGroupTags, tagValue } from "../scaling/groupTags.ts";
import { endLeftoverGroups, leftoversOf } from "../scaling/leftoverGroups.ts";
import { lowerGroup } from "../scaling/lowerGroup.ts";
import { flagIn, textsOf, unknowns } from "../values.ts";

/** Servers that replace themselves. Id: the name. Who is a member is no state: a healed server is no difference. */
export const scalingGroup: Handler = {
  token: "aws:autoscaling/group:Group",
  inputs: groupInputs,
  stables: ["arn", "name", "availabilityZones", "loadBalancers"],
  complete: (news) => ({ ...GROUP_DEFAULTS, ...news }),
  problems: groupProblems,
  alike: (olds, news) => (sameProcesses(olds, news) ? ["suspendedProcesses"] : []),
  replacesInPlace: (olds, news) => isSameFixedName(olds.name, news.name),

  naturalKey: groupKey,

  preview(news, { region: ours }) {
    const chosen = CHOSEN_BY_CLOUD.filter((name) => news[name] === undefined);
    return {
      ...FIXED,
      loadBalancers: [],
      namePrefix: "",
      protectFromScaleIn: false,
      region: ours,
      suspendedProcesses: [],
      tags: [],
      terminationPolicies: [],
      arn: UNKNOWN,
      ...unknowns(chosen),
      ...news,
    };
  },

  /** An interrupted run leaves other sizes than the state says: none at all, when it was deleting the group. */
  async diffInCloud(cloud, { urn, id, news }, found) {
    if (found.replaces.length > 0) return found;
    const groups = await cloud.autoScaling.describeGroups();
    const live = groups.find(({ name }) => name === id);
    if (!live) {
      cloud.log.info(urn, `the Auto Scaling group ${id} of the state is gone: it is made again`);
      return replacedAsGone(found, "arn");
    }
    const updated: DiffResult = { ...found, changes: true, detailed: { ...found.detailed, desiredCapacity: "update" } };
    const wanted = settingsOf(news, live);
    if (!sameSizes(wanted, live)) {
      cloud.log.info(urn, `${id} has ${live.desiredCapacity} members: they are made ${wanted.desiredCapacity}`);
      return updated;
    }
    const [first] = leftoversOf(groups, cloud, urn);
    if (!first) return found;
    cloud.log.info(urn, `the making of ${first.name}, which an interrupted run had begun, is undone`);
    return updated;
  },

  async create(cloud, { urn, inputs }) {
    const live = await claimScalingGroup(cloud, urn, inputs);
    return { id: live.name, state: await finish(cloud, { urn, live, oldInputs: {}, inputs, isNew: true }) };
  },

  async read(cloud, { id, inputs: known }) {
    const live = await cloud.autoScaling.findGroup(id);
    if (!live) return undefined;
    const inputs = known ? refreshedInputs(live, known) : importedInputs(live);
    return { id, inputs, state: groupState(live, inputs, cloud.region) };
  },

  previewUpdate(_cloud, { olds, news }) {
    if (news.desiredCapacity !== undefined || typeof olds.desiredCapacity !== "number") return {};
    const [least, most] = [Number(news.minSize), Number(news.maxSize)];
    return { desiredCapacity: Math.max(least, Math.min(most, olds.desiredCapacity)) };
  },

  async update(cloud, { urn, id, oldInputs, news }) {
    const live = await cloud.autoScaling.findGroup(id);
    if (!live) throw groupGone(id);
    return finish(cloud, { urn, live, oldInputs, inputs: news, isNew: false });
  },

  async delete(cloud, { urn, id, oldInputs, state, timeoutSeconds }) {
    await endLeftoverGroups(cloud, urn);
    const isForced = flagIn(oldInputs, "forceDelete") ?? flagIn(state, "forceDelete") ?? false;
    await endScalingGroup(cloud, { urn, id, isForced, seconds: timeoutSeconds });
  },
};

interface Finish {
  readonly urn: string;
  readonly live: AutoScalingGroup;
  readonly oldInputs: Inputs;
  readonly inputs: Inputs;
  readonly isNew: boolean;
}

/**
 * Brings the group to what is wanted, waits for its members, and tags it complete. Safe to repeat. Whatever fails keeps the group
 * by an initialization error, and the next run goes on here.
 */
async function finish(cloud: CloudContext, facts: Finish): Promise<Inputs> {
  const { urn, live, inputs, isNew } = facts;
  const { autoScaling, region } = cloud;
  const { name } = live;
  const isDone = tagValue(live, COMPLETE_TAG) !== undefined;
  const complete = [{ key: COMPLETE_TAG, value: "true", propagateAtLaunch: false }];
  try {
    await endLeftoverGroups(cloud, urn);
    await sync(cloud, facts);
    await awaitMembers(cloud, { urn, name, inputs, isNew });
    // Last of all: a group that is not complete is taken over, or ended, by a later run.
    if (!isDone) await autoScaling.setGroupTags(name, complete);
    return groupState((await autoScaling.findGroup(name)) ?? live, inputs, region);
  } catch (error) {
    // The engine knows it from now on.
    if (!isDone) await autoScaling.setGroupTags(name, complete).catch(() => {});
    const state = groupState((await autoScaling.findGroup(name).catch(() => undefined)) ?? live, inputs, region);
    throw new InitializationError({ id: name, state, reasons: [messageOf(error)] }, { cause: error });
  }
}

/** Tags and processes come before the sizes: a new member has the tags, and is not registered before it may be. */
async function sync(cloud: CloudContext, { urn, live, oldInputs, inputs, isNew }: Finish): Promise<void> {
  const { autoScaling } = cloud;
  const { name } = live;
  await syncGroupTags(cloud, { live, olds: oldInputs.tags, news: inputs.tags });
  // One that is complete was taken over: an attachment may be using it.
  const isMade = tagValue(live, COMPLETE_TAG) !== undefined;
  await syncProcesses(cloud, { live, inputs, isNew: isNew && !isMade });
  const wanted = settingsOf(inputs, live);
  if (wanted.desiredCapacity < live.desiredCapacity || wanted.desiredCapacity < live.members.length) {
    await lowerGroup(cloud, { urn, live, wanted });
  }
  if (!sameSettings(settingsIn((await autoScaling.findGroup(name)) ?? live), wanted)) {
    await autoScaling.updateGroup(name, wanted);
  }
}

interface Processes {
  readonly live: AutoScalingGroup;
  readonly inputs: Inputs;
  readonly isNew: boolean;
}

/** A group with balancers is made with all that the program suspends; later the attachment's are left alone. */
async function syncProcesses({ autoScaling }: CloudContext, { live, inputs, isNew }: Processes): Promise<void> {
  const isOurs = (process: string) =>
    isNew || live.loadBalancerNames.length === 0 || !OF_THE_ATTACHMENT.includes(process);
  const wanted = textsOf(inputs.suspendedProcesses).filter(isOurs);
  const suspended = live.suspendedProcesses.filter(isOurs);
  await autoScaling.suspendProcesses(
    live.name,
    wanted.filter((process) => !suspended.includes(process)),
  );
  await autoScaling.resumeProcesses(
    live.name,
    suspended.filter((process) => !wanted.includes(process)),
  );
}

function sameProcesses(olds: Inputs, news: Inputs): boolean {
  const isWithBalancers = textsOf(news.loadBalancers).length > 0;
  const text = ({ suspendedProcesses }: Inputs) =>
    textsOf(suspendedProcesses)
      .filter((process) => !(isWithBalancers && OF_THE_ATTACHMENT.includes(process)))
      .toSorted()
      .join();
  return text(olds) === text(news);
}
