import type { Instance as LiveInstance } from "@planet/eucalyptus-client";
import type { DiffResult, Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler } from "../handler.ts";
import { begunReplacements, endReplacements, instanceKey } from "../instance/begunReplacements.ts";
import { claimInstance } from "../instance/claimInstance.ts";
import { endInstance } from "../instance/endInstance.ts";
import { finishInstance } from "../instance/finishInstance.ts";
import { instanceInputs, instanceProblems } from "../instance/instanceInputs.ts";
import { CHOSEN_BY_CLOUD, FIXED, isUnfinished, KNOWN_LATER, observeInstance } from "../instance/instanceState.ts";
import { launchOf } from "../instance/launch.ts";
import { launchProblems } from "../instance/launchProblems.ts";
import { sameUserData } from "../instance/userData.ts";
import { ProviderError } from "../providerError.ts";
import { textsOf, unknowns } from "../values.ts";

/**
 * A server. Nothing about it can change in place but tags, protection and, in VPC mode, its groups: images here boot
 * from the instance store, so it can be neither stopped nor given another type or user-data.
 */
export const instance: Handler = {
  token: "aws:ec2/instance:Instance",
  inputs: instanceInputs,
  stables: ["arn", "availabilityZone", "primaryNetworkInterfaceId", "privateDns", "privateIp", "subnetId"],
  secretWhenImported: ["userData", "userDataBase64"],
  problems: instanceProblems,
  alike: (olds, news) => (sameUserData(olds, news) ? ["userData", "userDataBase64"] : []),
  problemsInCloud: (news, olds, cloud) => launchProblems(news, olds, cloud),

  preview(inputs, { region }) {
    const chosen = CHOSEN_BY_CLOUD.filter((name) => inputs[name] === undefined);
    const tagsAll = inputs.tags ?? {};
    return {
      ...FIXED,
      keyName: "",
      disableApiTermination: false,
      region,
      tagsAll,
      ...unknowns([...KNOWN_LATER, ...chosen]),
      ...inputs,
    };
  },

  naturalKey: instanceKey,

  async diffInCloud(cloud, { urn, id, news }, found) {
    if (found.replaces.length > 0) return found;
    const replaced = { urn, id, launch: launchOf(news, cloud.mode) };
    const [live, begun] = await Promise.all([cloud.ec2.findInstance(id), begunReplacements(cloud, replaced)]);
    if (!live || !isThere(live)) {
      cloud.log.info(urn, `${id} of the state is ${live?.state ?? "gone"}: it is replaced`);
      return withChange(found, "update-replace");
    }
    const [first] = begun;
    if (!first) return found;
    const isWanted = begun.some((replacement) => replacement.isWanted);
    const what = isWanted ? "is finished" : "is undone";
    cloud.log.info(urn, `the start of ${first.instance.instanceId}, which an interrupted run had begun, ${what}`);
    return withChange(found, isWanted ? "update-replace" : "update");
  },

  async create(cloud, { urn, inputs, timeoutSeconds }) {
    const { run } = cloud;
    const launch = launchOf(inputs, cloud.mode);
    const isInOwnGroup = (launch.securityGroupIds ?? []).some((group) => run.isInState(group));
    const claim = { urn, launch, replacedId: run.currentId(urn), isInOwnGroup };
    const { instance: live, isOrphan, replacedId } = await claimInstance(cloud, claim);
    if (isOrphan) {
      cloud.log.info(urn, `took over ${live.instanceId}, which an interrupted run had started with these inputs`);
    }
    cloud.run.create(instanceKey(live.instanceId), urn);
    const facts = { urn, live, olds: {}, inputs, seconds: timeoutSeconds };
    const state = await finishInstance(cloud, { ...facts, replacedId });
    return { id: live.instanceId, state };
  },

  async read(cloud, { id, inputs }) {
    const live = await cloud.ec2.findInstance(id);
    if (!live || !isThere(live)) return undefined;
    return { id, ...(await observeInstance(cloud, live, inputs)) };
  },

  previewUpdate(_cloud, { olds, news }) {
    const open = [...KNOWN_LATER, ...CHOSEN_BY_CLOUD.filter((name) => news[name] === undefined)];
    return { tagsAll: news.tags ?? {}, ...(isUnfinished(olds) && unknowns(open)) };
  },

  async update(cloud, { urn, id, oldInputs, news, timeoutSeconds }) {
    const live = await cloud.ec2.findInstance(id);
    if (!live || !isThere(live)) {
      throw new ProviderError({
        code: "INSTANCE_GONE",
        what: `${id} cannot be updated`,
        why: live ? `it is ${live.state} (${live.reason})` : "it no longer exists",
        next: "Run `pulumi up`: it notices that and makes a new one.",
      });
    }
    await syncGroups(cloud, live, news);
    const { disableApiTermination: wanted } = news;
    if (typeof wanted === "boolean" && wanted !== oldInputs.disableApiTermination) {
      await cloud.ec2.setTerminationDisabled(id, wanted);
    }
    return finishInstance(cloud, { urn, live, olds: oldInputs, inputs: news, seconds: timeoutSeconds });
  },

  async delete(cloud, { urn, id, oldInputs, timeoutSeconds }) {
    await endReplacements(cloud, { urn, id, launch: launchOf(oldInputs, cloud.mode) });
    await endInstance(cloud, { urn, id, seconds: timeoutSeconds });
  },
};

async function syncGroups({ ec2, mode }: CloudContext, live: LiveInstance, news: Inputs) {
  const wanted = textsOf(news.vpcSecurityGroupIds).toSorted();
  const observed = live.securityGroups.map(({ id }) => id).toSorted();
  if (mode === "edge" || wanted.length === 0 || wanted.join() === observed.join()) return;
  await ec2.setSecurityGroups(live.instanceId, wanted);
}

/** A difference that no input shows. */
function withChange(found: DiffResult, kind: "update" | "update-replace"): DiffResult {
  const replaces = kind === "update" ? [] : ["instanceState"];
  return { ...found, changes: true, replaces, detailed: { ...found.detailed, instanceState: kind } };
}

/** Not on its way out. */
function isThere({ state }: LiveInstance): boolean {
  return state !== "terminated" && state !== "shutting-down";
}
