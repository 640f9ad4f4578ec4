import type { Permission } from "@planet/eucalyptus-client";
import { type Inputs, isMap, type Value } from "@planet/pulumi-plugin";

/**
 * One rule with one source: the only form in which we authorise, because the cloud keeps what it is given as one rule
 * and revokes only whole rules. Source: Corymbia/eucalyptus `NetworkRule.java`, `NetworkGroups.java`.
 */
export interface SingleRule {
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source: { readonly cidr: string } | { readonly groupId: string; readonly ownerId?: string | undefined };
  readonly description: string | undefined;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { all: "-1", "1": "icmp", "6": "tcp", "17": "udp" };

/** The cloud compares ports only for these. */
export const WITH_PORTS: readonly string[] = ["tcp", "udp", "icmp"];

/** Equal for two rules that are one to the cloud: description and host bits do not count. */
export function ruleKey({ protocol, fromPort, toPort, source }: SingleRule): string {
  const from = "cidr" in source ? networkOf(source.cidr) : source.groupId;
  if (!WITH_PORTS.includes(protocol)) return `${protocol} ${from}`;
  // With a group the cloud widens 0-0 to all ports.
  const isAll = protocol !== "icmp" && "groupId" in source && (fromPort ?? 0) === 0 && (toPort ?? 0) === 0;
  return `${protocol} ${fromPort ?? -1}-${isAll ? 65_535 : (toPort ?? -1)} ${from}`;
}

/** What a program's rule (of `ingress`, `egress` or a SecurityGroupRule) stands for. */
export function expandRule(rule: Inputs, ownGroupId: string): SingleRule[] {
  const protocol = normalProtocol(rule.protocol);
  const hasPorts = WITH_PORTS.includes(protocol);
  const port = (value: Value | undefined) => (hasPorts && typeof value === "number" ? value : undefined);
  const texts = (value: Value | undefined) => (Array.isArray(value) ? value.map(String) : []);
  const common = {
    protocol,
    fromPort: port(rule.fromPort),
    toPort: port(rule.toPort),
    description: typeof rule.description === "string" && rule.description !== "" ? rule.description : undefined,
  };
  const one = rule.sourceSecurityGroupId;
  const groups = [
    ...texts(rule.securityGroups),
    ...(typeof one === "string" ? [one] : []),
    ...(rule.self === true ? [ownGroupId] : []),
  ];
  return [
    ...texts(rule.cidrBlocks).map((cidr) => ({ ...common, source: { cidr } })),
    // "account/group" is how AWS writes a group of somebody else.
    ...groups.map((group) => {
      const [ownerId, groupId] = group.includes("/") ? (group.split("/") as [string, string]) : [undefined, group];
      return { ...common, source: { groupId, ownerId } };
    }),
  ];
}

/** All single rules of a list, each once; the last description wins. */
export function expandRules(list: Value | undefined, ownGroupId: string): Map<string, SingleRule> {
  const rules = Array.isArray(list) ? list.filter(isMap) : [];
  return new Map(rules.flatMap((rule) => expandRule(rule, ownGroupId)).map((single) => [ruleKey(single), single]));
}

/** A rule as the cloud describes it, source by source. */
export function splitPermission(permission: Permission): SingleRule[] {
  const protocol = normalProtocol(permission.protocol);
  const hasPorts = WITH_PORTS.includes(protocol);
  const { fromPort, toPort } = permission;
  const common = { protocol, fromPort: hasPorts ? fromPort : undefined, toPort: hasPorts ? toPort : undefined };
  return [
    ...permission.cidrs.map(({ cidr, description }) => ({
      ...common,
      source: { cidr },
      description: description || undefined,
    })),
    ...permission.groups.map(({ groupId, ownerId, description }) => ({
      ...common,
      source: { groupId, ownerId },
      description: description || undefined,
    })),
  ];
}

export function toPermission({ protocol, fromPort, toPort, source, description }: SingleRule): Permission {
  return {
    protocol,
    fromPort,
    toPort,
    cidrs: "cidr" in source ? [{ cidr: source.cidr, description }] : [],
    groups: "groupId" in source ? [{ ...source, description }] : [],
  };
}

/** Lower case, with names for the numbers that have ports. */
export function normalProtocol(protocol: Value | undefined): string {
  const text = String(protocol).toLowerCase();
  return PROTOCOL_NAMES[text] ?? text;
}

/** `10.1.2.3/8` is the network 10.0.0.0/8. */
function networkOf(cidr: string): string {
  const [address = "", bits = "32"] = cidr.split("/");
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits));
  const network = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${bits}`;
}
