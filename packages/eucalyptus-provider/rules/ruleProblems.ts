import { isIPv4 } from "node:net";
import type { NetworkMode } from "@planet/eucalyptus-client";
import { type Inputs, isUnknown, type Value } from "@planet/pulumi-plugin";
import { textsOf } from "../values.ts";
import { normalProtocol, WITH_PORTS } from "./securityRules.ts";

/** How to say "everything" where protocol -1 does not exist. */
const EDGE_PROTOCOLS =
  "is refused by a cloud in EDGE mode; give a rule for each of tcp (0 to 65535), udp (0 to 65535) and icmp (-1 to -1)";

/** Reason why the cloud would refuse or drop the rule; undefined also for what is not known yet. */
export function problemWithRule(rule: Inputs, mode: NetworkMode | undefined): string | undefined {
  const { fromPort: from, toPort: to } = rule;
  for (const name of ["ipv6CidrBlocks", "prefixListIds"]) {
    if (Array.isArray(rule[name]) && rule[name].length > 0)
      return `${name} is dropped by Eucalyptus, which has no such sources; remove it`;
  }
  const cidrs = Array.isArray(rule.cidrBlocks) ? rule.cidrBlocks : [];
  for (const cidr of cidrs)
    if (!isUnknown(cidr) && !isCidr(cidr)) return `"${String(cidr)}" is not an IPv4 network such as 192.0.2.0/24`;
  for (const group of sourceGroups(rule)) {
    if (!/^(\d{12}\/)?sg-/.test(group)) return `"${group}" is not the id of a group (sg-…); name source groups by id`;
  }
  const sources = ["cidrBlocks", "securityGroups"].filter((name) => isUnknown(rule[name]) || hasItems(rule[name]));
  if (sources.length === 0 && rule.self !== true && rule.sourceSecurityGroupId === undefined) {
    return "has no source; give cidrBlocks, securityGroups or self";
  }
  const protocol = rule.protocol;
  if (isUnknown(protocol) || isUnknown(from) || isUnknown(to)) return undefined;
  const name = normalProtocol(protocol);
  // An operator may let single numbers through; we cannot see which. Source: `ExtendedNetworkingConfiguration.java`.
  if (mode === "edge" && !WITH_PORTS.includes(name)) return `protocol "${name}" ${EDGE_PROTOCOLS}`;
  return problemWithPorts(name, from, to) ?? problemWithText(rule.description);
}

function sourceGroups(rule: Inputs): string[] {
  const one = rule.sourceSecurityGroupId;
  return [...textsOf(rule.securityGroups), ...(typeof one === "string" ? [one] : [])];
}

function problemWithPorts(protocol: string, from: Value | undefined, to: Value | undefined): string | undefined {
  if (!/^(-1|tcp|udp|icmp|\d{1,3})$/.test(protocol) || Number(protocol) > 255) {
    return `protocol "${protocol}" is not one of tcp, udp, icmp, -1 and 0 to 255`;
  }
  if (protocol === "tcp" || protocol === "udp") {
    const isPort = (value: Value | undefined) => typeof value === "number" && value >= 0 && value <= 65_535;
    if (!isPort(from) || !isPort(to) || Number(from) > Number(to)) {
      return `ports ${String(from)} to ${String(to)} are not a range within 0 to 65535`;
    }
  }
  if (protocol === "icmp") {
    const isCode = (value: Value | undefined) => typeof value === "number" && value >= -1 && value <= 255;
    if (!isCode(from) || !isCode(to)) return `icmp type ${String(from)} and code ${String(to)} must be -1 to 255`;
  }
  return undefined;
}

function problemWithText(description: Value | undefined): string | undefined {
  if (typeof description !== "string" || /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(description))
    return undefined;
  return "description has characters that the cloud refuses; letters, digits, blanks and ._-:/()#,@[]+=&;{}!$* are possible";
}

function hasItems(value: Value | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isCidr(value: Value): boolean {
  const [address = "", bits = "", ...rest] = String(value).split("/");
  return isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32 && rest.length === 0;
}
