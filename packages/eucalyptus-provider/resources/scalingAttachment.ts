import { messageOf } from "@planet/errors";
import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { InitializationError, type Inputs } from "@planet/pulumi-plugin";
import type { Attachment, AttachmentArgs } from "@pulumi/aws/autoscaling/attachment.js";
import type { CloudContext } from "../cloudContext.ts";
import type { Handler, RulesOf, StateOf } from "../handler.ts";
import { refused, region, text } from "../rules/inputRule.ts";
import { attachGroup, findAttached, refuseForeignBalancer } from "../scaling/attachGroup.ts";
import { deregisterAndDrain } from "../scaling/drain.ts";
import { untilOthersServe } from "../scaling/lastServers.ts";
import { textOf } from "../values.ts";

/*
 * Who competes: the attachment of the old group and that of the new one, an update that was broken off between them, and the
 * person who then goes back. What guards: as for an elastic address (eipAssociation.ts), a difference is looked for in the
 * cloud, too: a group that is not in its balancer makes a new attachment, whose id is another, so that what waits for it asks
 * again. The last servers of a balancer are never taken out (lastServers.ts). What a crash leaves: a process of the group
 * suspended, some members registered or not; attaching or detaching once more changes only what is missing.
 */

const inputs: RulesOf<AttachmentArgs> = {
  autoscalingGroupName: text({ required: true, replaces: true }),
  elb: text({ required: true, replaces: true }),
  lbTargetGroupArn: refused("Eucalyptus has classic load balancers only; use elb"),
  region,
};

/** The members of a group in a balancer. Id: `group/balancer:digits`, whose digits no two attachments share. */
export const scalingAttachment: Handler = {
  token: "aws:autoscaling/attachment:Attachment",
  inputs,
  stables: ["autoscalingGroupName", "elb"],

  preview: (news, { region: ours }) => ({ region: ours, ...news }),

  naturalKey(id) {
    const { group, balancer } = pairIn(id);
    return `attachment of ${group} to ${balancer}`;
  },

  async diffInCloud(cloud, { urn, id }, found) {
    if (found.replaces.length > 0) return found;
    const { group, balancer } = pairIn(id);
    const attached = await findAttached(cloud, urn, { group, balancer });
    if (typeof attached === "object") return found;
    cloud.log.info(urn, `${attached}: it is attached again`);
    return {
      ...found,
      changes: true,
      replaces: ["autoscalingGroupName"],
      detailed: { autoscalingGroupName: "update-replace" },
    };
  },

  async create(cloud, { urn, inputs: news, timeoutSeconds }) {
    const [group, balancer] = [textOf(news, "autoscalingGroupName"), textOf(news, "elb")];
    await refuseForeignBalancer(cloud, { group, balancer });
    const id = `${group}/${balancer}:${cloud.newDigits()}`;
    try {
      await attachGroup(cloud, { urn, group, balancer, seconds: timeoutSeconds });
      return { id, state: stateOf(news, cloud.region) };
    } catch (error) {
      const state = stateOf(news, cloud.region);
      throw new InitializationError({ id, state, reasons: [messageOf(error)] }, { cause: error });
    }
  },

  async read(cloud, { urn, id, inputs: known }) {
    const { group, balancer } = pairIn(id);
    const attached = await findAttached(cloud, urn, { group, balancer });
    if (typeof attached === "string") return undefined;
    const news = known ?? { autoscalingGroupName: group, elb: balancer };
    return { id, inputs: news, state: stateOf(news, cloud.region) };
  },

  /** Only after a create that did not come to its end. */
  async update(cloud, { urn, id, olds, news, timeoutSeconds }) {
    await attachGroup(cloud, { urn, ...pairIn(id), seconds: timeoutSeconds });
    return { ...olds, ...news };
  },

  async delete(cloud, { urn, id }) {
    const { group, balancer } = pairIn(id);
    const live = await cloud.autoScaling.findGroup(group);
    if (!live) return;
    await detach(cloud, { urn, live, balancer });
  },
};

interface Detach {
  readonly urn: string;
  readonly live: AutoScalingGroup;
  readonly balancer: string;
}

async function detach(cloud: CloudContext, { urn, live, balancer }: Detach): Promise<void> {
  const instanceIds = live.members.map(({ instanceId }) => instanceId);
  const what = `the members of ${live.name} were not taken out of the load balancer ${balancer}`;
  await untilOthersServe(cloud, { urn, balancer, instanceIds, what });
  // HealthCheck says until the end that readers may still be there: the delete of the group reads it after a kill.
  await cloud.autoScaling.suspendProcesses(live.name, ["AddToLoadBalancer", "HealthCheck"]);
  // Who came in the meantime goes, too.
  const now = (await cloud.autoScaling.findGroup(live.name)) ?? live;
  const all = new Set([...instanceIds, ...now.members.map(({ instanceId }) => instanceId)]);
  await deregisterAndDrain(cloud, { urn, balancers: [balancer], instanceIds: [...all] });
  await cloud.autoScaling.resumeProcesses(live.name, ["HealthCheck"]);
}

/** Without digits: as `pulumi import` takes it. A balancer's name has no slash. */
function pairIn(id: string): { readonly group: string; readonly balancer: string } {
  const [, group = "", balancer = ""] = /^(.*)\/([^/:]*)(?::[0-9a-f]{8})?$/.exec(id) ?? [];
  return { group, balancer };
}

function stateOf(news: Inputs, ours: string): Inputs {
  const observed: StateOf<Attachment> = { region: ours };
  return { ...news, ...observed };
}
