import { isCloudError, isLiving, type Instance as LiveInstance } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError, messageOf } from "../errors.ts";
import type { Handler } from "../handler.ts";
import { claimInstance } from "../instance/claimInstance.ts";
import { instanceInputs, instanceProblems } from "../instance/instanceInputs.ts";
import {
  CHOSEN_BY_CLOUD,
  FIXED,
  importedInputs,
  instanceState,
  isUnfinished,
  KNOWN_LATER,
  refreshedInputs,
} from "../instance/instanceState.ts";
import { launchOf } from "../instance/launch.ts";
import { launchProblems } from "../instance/launchProblems.ts";
import { COMPLETE_TAG, syncTags } from "../rules/tags.ts";
import { textsOf, unknowns } from "../values.ts";
import { waitUntil } from "../waitUntil.ts";

const START_SECONDS = 900;
const END_SECONDS = 900;

/** What this process took over as an orphan. Not to be deleted in the same run: see delete. */
const takenOver = new Set<string>();

/**
 * A server. Nothing about it can change in place but tags, protection and, in VPC mode, its groups: images here boot
 * from the instance store, so it can be neither stopped nor given another type or user-data.
 */
export const instance: Handler = {
  token: "aws:ec2/instance:Instance",
  inputs: instanceInputs,
  stables: ["arn", "availabilityZone", "primaryNetworkInterfaceId", "privateDns", "privateIp", "subnetId"],
  problems: instanceProblems,
  problemsInCloud: launchProblems,

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

  async create(cloud, { urn, inputs, timeoutSeconds }) {
    const { instance: live, isOrphan } = await claimInstance(cloud, urn, launchOf(inputs, cloud.mode));
    if (isOrphan) {
      takenOver.add(live.instanceId);
      cloud.log.info(urn, `took over ${live.instanceId}, which an interrupted run had started with these inputs`);
    }
    return {
      id: live.instanceId,
      state: await finish(cloud, { urn, live, olds: {}, inputs, seconds: timeoutSeconds }),
    };
  },

  async read(cloud, { id, inputs }) {
    const live = await cloud.ec2.findInstance(id);
    if (!live || !isThere(live)) return undefined;
    const known =
      inputs ?? importedInputs(live, await cloud.ec2.readUserData(id), await cloud.ec2.readTerminationDisabled(id));
    return { id, inputs: refreshedInputs(live, known), state: instanceState(live, known, cloud.region) };
  },

  previewUpdate(_cloud, { olds, news }) {
    const open = [...KNOWN_LATER, ...CHOSEN_BY_CLOUD.filter((name) => news[name] === undefined)];
    return { tagsAll: news.tags ?? {}, ...(isUnfinished(olds) && unknowns(open)) };
  },

  async update(cloud, { urn, id, oldInputs, news, timeoutSeconds }) {
    const live = await cloud.ec2.findInstance(id);
    if (!live || !isThere(live)) {
      throw new ExplainedError({
        code: "INSTANCE_GONE",
        what: `${id} cannot be updated`,
        why: live ? `it is ${live.state} (${live.reason})` : "it no longer exists",
        next: "Run `npx pulumi up --refresh`: it notices that and makes a new one.",
      });
    }
    await syncGroups(cloud, live, news);
    if (oldInputs.disableApiTermination !== news.disableApiTermination) {
      await cloud.ec2.setTerminationDisabled(id, news.disableApiTermination === true);
    }
    return finish(cloud, { urn, live, olds: oldInputs, inputs: news, seconds: timeoutSeconds });
  },

  async delete(cloud, { urn, id, timeoutSeconds }) {
    // A forced replacement of an instance that could not even be tagged takes over that very instance.
    if (takenOver.has(id)) return;
    const live = await cloud.ec2.findInstance(id);
    // A second TerminateInstances on a terminated one would only hide it.
    if (!live || live.state === "terminated") return;
    await terminate(cloud, id);
    const next = "It is on its way out; run the command again to wait on.";
    const seconds = timeoutSeconds || END_SECONDS;
    // Until then its security groups and, in EDGE, its address are held.
    await waitUntil(cloud, { urn, what: `${id} was terminated`, seconds, next }, async () => {
      const now = await cloud.ec2.findInstance(id);
      return !now || now.state === "terminated" ? { isGone: true } : `${id} is ${now.state}`;
    });
  },
};

interface Finish {
  readonly urn: string;
  readonly live: LiveInstance;
  readonly olds: Inputs;
  readonly inputs: Inputs;
  readonly seconds: number;
}

/**
 * Tags, waits until it runs, and tags it complete. From here on the instance has an id: whatever fails keeps it by an
 * initialization error, and the next run goes on here. Only an instance that the cloud itself ended is given up.
 */
async function finish(cloud: CloudContext, { urn, live, olds, inputs, seconds }: Finish): Promise<Inputs> {
  const { instanceId } = live;
  try {
    await syncTags(cloud, instanceId, { live: live.tags, olds: olds.tags, news: inputs.tags });
    await waitUntilRunning(cloud, { urn, instanceId, seconds: seconds || START_SECONDS });
    await cloud.ec2.createTags(instanceId, { [COMPLETE_TAG]: "true" });
    const now = await cloud.ec2.findInstance(instanceId);
    return instanceState(now ?? live, inputs, cloud.region);
  } catch (error) {
    if (error instanceof ExplainedError && error.code === "INSTANCE_FAILED") throw error;
    // The engine knows it from now on: an untagged one would be taken over by a later create as an orphan.
    await cloud.ec2.createTags(instanceId, { [COMPLETE_TAG]: "true" }).catch(() => {});
    const state = instanceState(live, inputs, cloud.region);
    throw new InitializationError({ id: instanceId, state, reasons: [messageOf(error)] }, { cause: error });
  }
}

async function waitUntilRunning(cloud: CloudContext, facts: { urn: string; instanceId: string; seconds: number }) {
  const { urn, instanceId, seconds } = facts;
  const next = "The instance is kept; run `npx pulumi up` again to wait on.";
  await waitUntil(cloud, { urn, what: `${instanceId} ran`, seconds, next }, async () => {
    const now = await cloud.ec2.findInstance(instanceId);
    if (now?.state === "running" && now.privateAddress !== "") return now;
    if (now && !isLiving(now)) {
      throw new ExplainedError({
        code: "INSTANCE_FAILED",
        what: `${instanceId} did not start`,
        why: `the cloud says it is ${now.state}: ${now.reason === "" ? "no reason given" : now.reason}`,
        next: "Nothing of it is left: run `npx pulumi up --refresh` for a new one; if it fails twice, ask the cloud's operator.",
      });
    }
    return `${instanceId} is ${now?.state ?? "not shown yet"}`;
  });
}

async function syncGroups({ ec2, mode }: CloudContext, live: LiveInstance, news: Inputs) {
  const wanted = textsOf(news.vpcSecurityGroupIds).toSorted();
  const observed = live.securityGroups.map(({ id }) => id).toSorted();
  if (mode === "edge" || wanted.length === 0 || wanted.join() === observed.join()) return;
  await ec2.setSecurityGroups(live.instanceId, wanted);
}

async function terminate({ ec2 }: CloudContext, id: string) {
  try {
    await ec2.terminateInstance(id);
  } catch (error) {
    if (isCloudError(error, "InvalidInstanceID.NotFound")) return;
    if (!isCloudError(error, "OperationNotPermitted")) throw error;
    throw new ExplainedError(
      {
        code: "TERMINATION_DISABLED",
        what: `${id} was not terminated`,
        why: "it is protected by disableApiTermination",
        next: "Set that to false, run `npx pulumi up`, then delete it.",
      },
      { cause: error },
    );
  }
}

/** Not on its way out. */
function isThere({ state }: LiveInstance): boolean {
  return state !== "terminated" && state !== "shutting-down";
}
