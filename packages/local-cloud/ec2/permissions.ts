import { isIPv4 } from "node:net";
import type { Rule } from "../world/types.ts";
import { ACCOUNT_ID, type World } from "../world/world.ts";
import { VPC_DESCRIPTION } from "./createSecurityGroup.ts";
import { backendFailure, invalidParameterValue, permissionMalformed, sourceGroupNotFound } from "./errors.ts";

/** `Ipv6Ranges` and `PrefixListIds` are unknown fields of a list element: dropped silently. */
export const IP_PERMISSIONS = [
  {
    IpProtocol: "string?",
    FromPort: "int?",
    ToPort: "int?",
    IpRanges: [{ CidrIp: "string?", Description: "string?" }],
    Groups: [{ UserId: "string?", GroupName: "string?", GroupId: "string?", Description: "string?" }],
  },
] as const;

export const INGRESS_PARAMS = {
  GroupName: "string?",
  GroupId: "string?",
  UserId: "string?",
  IpPermissions: IP_PERMISSIONS,
  IpProtocol: "string?",
  FromPort: "int?",
  ToPort: "int?",
  CidrIp: "string?",
  SourceSecurityGroupName: "string?",
  SourceSecurityGroupOwnerId: "string?",
} as const;

interface SourceGroup {
  readonly UserId: string | undefined;
  readonly GroupName: string | undefined;
  readonly GroupId: string | undefined;
  readonly Description: string | undefined;
}

interface Permission {
  readonly IpProtocol: string | undefined;
  readonly FromPort: number | undefined;
  readonly ToPort: number | undefined;
  readonly IpRanges: readonly { readonly CidrIp: string | undefined; readonly Description: string | undefined }[];
  readonly Groups: readonly SourceGroup[];
}

interface IngressRequest {
  readonly IpPermissions: readonly Permission[];
  readonly IpProtocol: string | undefined;
  readonly FromPort: number | undefined;
  readonly ToPort: number | undefined;
  readonly CidrIp: string | undefined;
  readonly SourceSecurityGroupName: string | undefined;
  readonly SourceSecurityGroupOwnerId: string | undefined;
}

/**
 * One of three ways to say it: permissions, one flat rule, or in EDGE a whole source group. Mixed, half or none is a 500.
 * The order of what is named is that of a Java hash map. Source: Corymbia/eucalyptus `NetworkGroupManager.java`.
 */
export function ingressPermissions(world: World, action: string, request: IngressRequest): readonly Permission[] {
  const failure = (reason: string) => backendFailure(action, `java.lang.RuntimeException: ${reason}`);
  const { IpProtocol, FromPort, ToPort, CidrIp } = request;
  const flat = {
    ...(!world.isVpc && { fromPort: FromPort, toPort: ToPort }),
    ...{ ipProtocol: IpProtocol, cidrIp: CidrIp },
  };
  const source = {
    sourceSecurityGroupName: request.SourceSecurityGroupName,
    sourceSecurityGroupOwnerId: request.SourceSecurityGroupOwnerId,
  };
  const [flatSet, flatUnset] = firstSetAndUnset(flat);
  const [sourceSet, sourceUnset] = firstSetAndUnset(source);
  const combined = (one: string, other: string) =>
    failure(`InvalidParameterCombination: ${one} and ${other} must not both be set`);
  const missing = (unset: string, set: string) => failure(`MissingParameter: ${unset} must be set if ${set} is set.`);

  if (request.IpPermissions.length > 0) {
    const other = flatSet ?? sourceSet;
    if (other !== undefined) throw combined(other, "ipPermissions");
    return request.IpPermissions;
  }
  if (sourceSet !== undefined) {
    if (sourceUnset !== undefined) throw missing(sourceUnset, sourceSet);
    if (world.isVpc) throw failure("MissingParameter: IpProtocol");
    if (flatSet !== undefined) throw combined(flatSet, sourceSet);
    return everythingFrom(request.SourceSecurityGroupName, request.SourceSecurityGroupOwnerId);
  }
  if (flatSet === undefined) {
    throw failure("Missing source specification: include source security group or CIDR information");
  }
  if (flatUnset !== undefined) throw missing(flatUnset, flatSet);
  return [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp, Description: undefined }], Groups: [] }];
}

function firstSetAndUnset(values: Readonly<Record<string, unknown>>) {
  const find = (isSet: boolean) => Object.entries(values).find(([, value]) => (value !== undefined) === isSet)?.[0];
  return [find(true), find(false)] as const;
}

/** The old form opens everything to the other group. */
function everythingFrom(GroupName: string | undefined, UserId: string | undefined): readonly Permission[] {
  const Groups = [{ UserId, GroupName, GroupId: undefined, Description: undefined }];
  const open = (IpProtocol: string, FromPort: number, ToPort: number) => ({
    ...{ IpProtocol, FromPort, ToPort, IpRanges: [], Groups },
  });
  return [open("tcp", 1, 65_535), open("udp", 1, 65_535), open("icmp", -1, -1)];
}

/** Unlike an authorisation, a revocation must name sources (observed on Eucalyptus 5.1.0, 2026-11-28). */
export function revokedRules(world: World, action: string, permissions: readonly Permission[]): Rule[] {
  if (permissions.some(({ IpRanges, Groups }) => IpRanges.length + Groups.length === 0)) {
    throw permissionMalformed("Invalid Ip Permissions:  must specify either a source cidr or user");
  }
  return rulesOf(world, action, permissions, unknownGroup);
}

/** It can be named in a revocation, and is in no rule. */
const unknownGroup = ({ GroupId, GroupName }: SourceGroup) => ({
  groupId: GroupId || `unknown ${GroupName}`,
  groupName: GroupName ?? "",
  description: undefined,
});

/**
 * Each permission becomes one rule; one that names neither a network nor a group is skipped. All groups are looked up first.
 * Source: Corymbia/eucalyptus `NetworkGroups.java`, `NetworkRule.java`.
 * @param whenUnknown stands for a group that there is not, instead of a refusal
 */
export function rulesOf(
  world: World,
  action: string,
  permissions: readonly Permission[],
  whenUnknown?: (source: SourceGroup) => Rule["groups"][number],
): Rule[] {
  const sources = new Map(
    permissions.map((permission) => [
      permission,
      permission.Groups.map((source) => sourceGroup(world, action, source) ?? refused(source, whenUnknown)),
    ]),
  );
  return permissions
    .filter(({ IpRanges, Groups }) => IpRanges.length + Groups.length > 0)
    .map((permission) => {
      const groups = sources.get(permission) ?? [];
      if (permission.IpProtocol === undefined) throw backendFailure(action, "java.lang.NullPointerException");
      const protocol = normalProtocol(world, permission.IpProtocol);
      const ports = checkedPorts(protocol, permission.FromPort, permission.ToPort, groups.length > 0);
      // Groups win: networks of the same element are dropped.
      const ranges = groups.length > 0 ? [] : checkedRanges(world, permission.IpRanges);
      return { protocol, ...ports, ranges, groups };
    });
}

function refused(source: SourceGroup, whenUnknown: ((source: SourceGroup) => Rule["groups"][number]) | undefined) {
  if (whenUnknown) return whenUnknown(source);
  throw sourceGroupNotFound(source.GroupId || (source.GroupName ?? ""));
}

/** `undefined` when there is none; with an id the owner does not matter. */
function sourceGroup(world: World, action: string, { UserId, GroupName, GroupId, Description }: SourceGroup) {
  if (!GroupId && !GroupName) {
    throw backendFailure(action, "java.lang.RuntimeException: Group ID or Group Name required.");
  }
  const group = GroupId ? world.group(GroupId) : world.groupNamed(GroupName ?? "");
  if (!group || (!GroupId && UserId && UserId !== ACCOUNT_ID)) return undefined;
  const { groupId, groupName } = group;
  const byName = !GroupId && !UserId;
  return { groupId, groupName, description: keptDescription(world, Description), ...(byName && { byName }) };
}

const PROTOCOL = /^(?:icmp|tcp|udp|\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]|-1)$/;
const PROTOCOL_NAMES: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp" };

function normalProtocol(world: World, given: string): string {
  if (!PROTOCOL.test(given)) throw permissionMalformed(`Invalid protocol (${given})`);
  const protocol = PROTOCOL_NAMES[given] ?? given;
  if (world.isVpc || ["tcp", "udp", "icmp"].includes(protocol)) return protocol;
  throw permissionMalformed(`Invalid protocol ${given}`);
}

function checkedPorts(protocol: string, from: number | undefined, to: number | undefined, withGroups: boolean) {
  if (!["tcp", "udp", "icmp"].includes(protocol)) return { fromPort: undefined, toPort: undefined };
  const beyond = protocol === "icmp" ? [from, to].find((part) => part !== undefined && part > 255) : undefined;
  if (beyond !== undefined) {
    throw invalidParameterValue(
      `ICMP code (${beyond}) out of range. Supported range for ICMP code and type is 0 to 255`,
    );
  }
  if (from === undefined || to === undefined) {
    throw permissionMalformed(
      protocol === "icmp"
        ? "Must specify both type and code for ICMP."
        : "Must specify both from and to ports with TCP/UDP.",
    );
  }
  if (protocol === "icmp") return { fromPort: from, toPort: to };
  const given = `lowPort=${from} highPort=${to}`;
  if (from > to) throw permissionMalformed(`Provided lowPort is greater than highPort: ${given}`);
  if (to > 65_535) throw permissionMalformed(`Provided ports must be less than 65535: ${given}`);
  if (from < 0) throw permissionMalformed(`Provided ports must be greater than 0: ${given}`);
  return withGroups && from === 0 && to === 0 ? { fromPort: 0, toPort: 65_535 } : { fromPort: from, toPort: to };
}

function checkedRanges(world: World, ranges: Permission["IpRanges"]) {
  return ranges.map(({ CidrIp = "", Description }) => {
    const cidr = networkOf(CidrIp);
    if (cidr === undefined) throw invalidRanges(ranges);
    return { cidr, description: keptDescription(world, Description) };
  });
}

/** The cloud prints its objects as they are. */
function invalidRanges(ranges: Permission["IpRanges"]) {
  const printed = ranges.map(
    ({ CidrIp, Description }) =>
      `cidrIp:${CidrIp}class:class com.eucalyptus.compute.common.CidrIpTypedescription:${Description ?? "null"}`,
  );
  return permissionMalformed(`Invalid IP range: '[${printed.join(", ")}]'`);
}

/** 4.4 reads none: an unknown field of a list's element. */
function keptDescription({ state }: World, text: string | undefined): string | undefined {
  if (state.version === "4.4") return undefined;
  if (text !== undefined && !VPC_DESCRIPTION.test(text)) throw permissionMalformed("Invalid permission description");
  return text;
}

/** Kept as the network address: `10.0.0.7/8` is stored as `10.0.0.0/8`. */
function networkOf(cidr: string): string | undefined {
  const [address = "", bits = ""] = cidr.split("/");
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  if (!isIPv4(address) || length > 32) return undefined;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const network = number - (number % 2 ** (32 - length));
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${parts.join(".")}/${length}`;
}

/** Equal when protocol, ports and the sets of networks and groups are; descriptions do not count. */
export function sameRule(left: Rule, right: Rule): boolean {
  return identity(left) === identity(right);
}

function identity({ protocol, fromPort, toPort, ranges, groups }: Rule): string {
  const networks = [...new Set(ranges.map(({ cidr }) => cidr))].sort();
  const sources = [...new Set(groups.map(({ groupId }) => groupId))].sort();
  return JSON.stringify([protocol, fromPort, toPort, networks, sources]);
}
