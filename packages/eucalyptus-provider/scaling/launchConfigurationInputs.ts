import { createHash } from "node:crypto";
import { containsUnknown, type Inputs, type Problem } from "@planet/pulumi-plugin";
import type { LaunchConfigurationArgs } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { CheckFacts, RulesOf } from "../handler.ts";
import { problemWithBase64, problemWithUserData } from "../instance/userData.ts";
import { flag, refused, region, text, textSet } from "../rules/inputRule.ts";
import { completeName } from "../rules/names.ts";
import { textsOf } from "../values.ts";
import { problemWithName, problemWithPrefix } from "./names.ts";

const BLOCK_DEVICES = "images here boot from the instance store, which has no volumes to describe; remove it";
const DROPPED = "is taken and dropped by Eucalyptus; remove it";

export const launchConfigurationInputs: RulesOf<LaunchConfigurationArgs> = {
  associatePublicIpAddress: flag({ replaces: true, computed: true }),
  ebsBlockDevices: refused(BLOCK_DEVICES, [[]]),
  ebsOptimized: refused(DROPPED, [false]),
  enableMonitoring: flag({ replaces: true }),
  ephemeralBlockDevices: refused(BLOCK_DEVICES, [[]]),
  iamInstanceProfile: text({ replaces: true }),
  imageId: text({ required: true, replaces: true }),
  instanceType: text({ required: true, replaces: true }),
  keyName: text({ replaces: true, computed: true }),
  metadataOptions: refused("Eucalyptus always answers metadata requests with and without a token; remove it"),
  name: text({ replaces: true, computed: true, problem: problemWithName }),
  namePrefix: text({ replaces: true, computed: true, problem: problemWithPrefix }),
  placementTenancy: refused(DROPPED, ["default"]),
  region,
  rootBlockDevice: refused(BLOCK_DEVICES),
  securityGroups: textSet({ replaces: true }),
  spotPrice: refused(DROPPED),
  userData: text({ replaces: true, hidden: true, problem: problemWithUserData }),
  userDataBase64: text({ replaces: true, hidden: true, problem: problemWithBase64 }),
};

/**
 * A made-up name ends in digits of the whole content, not of chance: a create after a kill finds by it what it had made.
 * Without a name as long as the content is not known.
 */
export function completeLaunchConfiguration(news: Inputs, facts: CheckFacts): Inputs {
  const complete: Inputs = { enableMonitoring: true, ...news };
  const { name: _name, namePrefix: _prefix, ...content } = complete;
  if (facts.olds?.name === undefined && containsUnknown(content)) return complete;
  const words = Object.entries(content).toSorted(([a], [b]) => a.localeCompare(b));
  const randomSeed = createHash("sha256")
    .update(JSON.stringify([facts.urn, words]))
    .digest();
  return completeName(complete, { ...facts, randomSeed }, { property: "name", prefix: "namePrefix" });
}

/** What the table of inputs cannot say of a launch configuration. The cloud would say most of it at a launch only. */
export function launchConfigurationProblems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const problems: Problem[] = [];
  if (news.userData !== undefined && news.userDataBase64 !== undefined) {
    problems.push({ property: "", reason: "userData and userDataBase64 exclude each other; give one" });
  }
  const name = textsOf(news.securityGroups).find((group) => !group.startsWith("sg-"));
  if (name !== undefined) {
    problems.push({ property: "securityGroups", reason: `"${name}" is not the id of a group (sg-…); give that` });
  }
  if (mode === "edge" && news.associatePublicIpAddress !== undefined) {
    const reason =
      "fails every launch on a cloud in EDGE mode, where each server gets a public address anyway; remove it";
    problems.push({ property: "associatePublicIpAddress", reason });
  }
  return problems;
}
