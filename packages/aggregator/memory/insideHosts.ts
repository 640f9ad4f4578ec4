import { isIP } from "node:net";
import { addressPolicy, hostNameOf } from "../fetch/addresses.ts";

/** Names that no public resolver answers (RFC 6761, 6762, 8375, and those that networks use by habit). */
const INSIDE_NAMES =
  /^[^.]+$|\.(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|test|invalid|home\.arpa)$/;

/**
 * Whether an address may lead into somebody's own network: what lies there, and that it lies there, is nobody's business.
 * @param allowHosts what the operator has declared as private: names, `*.suffix`, addresses, CIDRs
 */
export function insideHosts(allowHosts: readonly string[]): (address: string) => boolean {
  const declared = allowHosts.map((entry) => entry.trim().toLowerCase());
  const isDeclared = (host: string) =>
    declared.some((entry) => (entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : host === entry));
  return (address) => {
    if (!URL.canParse(address)) return true;
    const host = hostNameOf(new URL(address)).toLowerCase().replace(/\.$/, "");
    if (isIP(host) !== 0) return isDeclared(host) || PUBLIC_ONLY.refuses(host, host);
    return INSIDE_NAMES.test(host) || isDeclared(host);
  };
}

const PUBLIC_ONLY = addressPolicy([]);
