import { createHash } from "node:crypto";
import type { Launch, NetworkMode } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import { flagIn, textIn, textsOf } from "../values.ts";
import { userDataOf } from "./userData.ts";

/** What is asked of the cloud for these inputs, without the token. Tags come later, by a call of their own. */
export function launchOf(inputs: Inputs, mode: NetworkMode): Omit<Launch, "clientToken"> {
  return {
    imageId: textIn(inputs, "ami") ?? "",
    instanceType: textIn(inputs, "instanceType"),
    keyName: textIn(inputs, "keyName"),
    userData: userDataOf(inputs),
    securityGroupIds: textsOf(inputs.vpcSecurityGroupIds).toSorted(),
    securityGroupNames: textsOf(inputs.securityGroups).toSorted(),
    availabilityZone: textIn(inputs, "availabilityZone"),
    subnetId: textIn(inputs, "subnetId"),
    privateAddress: textIn(inputs, "privateIp"),
    // In EDGE every instance has one anyway, and naming an interface would be refused.
    publicAddress: mode === "vpc" ? flagIn(inputs, "associatePublicIpAddress") : undefined,
    disableApiTermination: flagIn(inputs, "disableApiTermination"),
    iamInstanceProfile: textIn(inputs, "iamInstanceProfile"),
  };
}

/**
 * The ClientToken of the nth instance for one urn and one launch: 64 hex digits. Equal in a run after a crash, so that
 * the cloud answers with the instance that the crash left.
 */
export function clientToken(urn: string, launch: Omit<Launch, "clientToken">, ordinal: number): string {
  const { userData, ...rest } = launch;
  const words = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => a.localeCompare(b));
  const digest = createHash("sha256")
    .update(JSON.stringify([urn, ordinal, words]))
    .update(userData ?? "")
    .digest("hex");
  return `${tokenFamily(urn)}${digest.slice(0, -FAMILY_DIGITS)}`;
}

const FAMILY_DIGITS = 16;

/** What the tokens of one resource begin with, also of its generations whose names end in other hex digits (`server-<version>`). */
export function tokenFamily(urn: string): string {
  const name = urn.replace(/-[0-9a-f]{7,8}$/, "");
  return createHash("sha256").update(name).digest("hex").slice(0, FAMILY_DIGITS);
}

/** The first ClientTokens of the row for one urn and one launch. */
export function clientTokens(urn: string, launch: Omit<Launch, "clientToken">, first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => clientToken(urn, launch, first + index));
}
