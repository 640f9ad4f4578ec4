import type { SecurityGroup as LiveGroup, NetworkMode } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { StateOf } from "../handler.ts";
import { liveRules } from "../rules/inlineRules.ts";
import { visibleTags } from "../rules/tags.ts";
import { defined, refreshed, textOf } from "../values.ts";

/** What every group in EDGE mode lets out, and no call describes. */
const EDGE_EGRESS: Inputs = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

/** The inputs as a refresh finds them or, without `known` ones, an import. */
export function observedInputs(live: LiveGroup, known: Inputs | undefined, mode: NetworkMode): Inputs {
  if (!known) return importedInputs(live, mode);
  const observed: Inputs = {
    description: live.description,
    ingress: liveRules(live.ingress, known.ingress, live.groupId),
    // In EDGE there is no egress to observe; the default stays as written.
    ...(mode === "vpc" && { egress: liveRules(live.egress, known.egress, live.groupId) }),
    name: live.name,
    tags: visibleTags(live.tags),
    vpcId: live.vpcId,
  };
  return { ...known, ...refreshed(known, observed) };
}

/** The inputs that would have made this group. What the program then leaves out of them is not a difference. */
function importedInputs(live: LiveGroup, mode: NetworkMode): Inputs {
  const tagMap = visibleTags(live.tags);
  return defined({
    description: live.description,
    name: live.name,
    vpcId: live.vpcId === "" ? undefined : live.vpcId,
    ingress: liveRules(live.ingress, undefined, live.groupId),
    egress: mode === "edge" ? [EDGE_EGRESS] : liveRules(live.egress, undefined, live.groupId),
    tags: Object.keys(tagMap).length === 0 ? undefined : tagMap,
  });
}

export function stateOf(live: LiveGroup, news: Inputs, ours: string): Inputs {
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

/** Whether outputs belong to a group whose creation was interrupted after the cloud had made it. */
export function isUnfinished(state: Inputs): boolean {
  return textOf(state, "arn") === "";
}
