import { BlockList, isIP } from "node:net";

/**
 * Addresses that no feed may lead to: what is fetched ends up on a public page, so an address inside the cloud would
 * publish what lies there. Source: the IANA special-purpose registries (RFC 6890 and its updates).
 */
const FORBIDDEN_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** 2002::/16 and 64:ff9b::/96 carry an IPv4 address inside; both are refused whole, nobody serves a blog there. */
const FORBIDDEN_IPV6 = [
  ["::", 128],
  ["::1", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const;

/** The metadata service holds user-data and credentials: refused whatever `allowHosts` says. */
const NEVER_IPV4 = [["169.254.0.0", 16]] as const;
const NEVER_IPV6 = [
  ["fe80::", 10],
  ["fd00:ec2::254", 128],
] as const;

const forbidden = blockList(FORBIDDEN_IPV4, FORBIDDEN_IPV6);
const never = blockList(NEVER_IPV4, NEVER_IPV6);

/** Decides which addresses may be connected to. */
export interface AddressPolicy {
  /** True when `address`, reached under `hostName`, must not be connected to. */
  refuses(hostName: string, address: string): boolean;
}

/**
 * @param allowHosts host names, `*.suffix` (the suffix itself is not meant), addresses or CIDRs that may be private.
 */
export function addressPolicy(allowHosts: readonly string[]): AddressPolicy {
  const names = new Set<string>();
  const suffixes: string[] = [];
  const networks = new BlockList();
  for (const raw of allowHosts) {
    const entry = raw.trim().toLowerCase();
    if (entry === "") continue;
    if (entry.startsWith("*.")) suffixes.push(entry.slice(1));
    else if (!addNetwork(networks, entry)) names.add(entry);
  }
  const allowed = (hostName: string, address: string) =>
    names.has(hostName) || suffixes.some((suffix) => hostName.endsWith(suffix)) || contains(networks, address);

  return {
    refuses(hostName, address) {
      if (isIP(address) === 0 || contains(never, address)) return true;
      return contains(forbidden, address) && !allowed(hostName.toLowerCase().replace(/\.$/, ""), address);
    },
  };
}

/** The host of a URL as the resolver or `isIP` wants it: `URL` keeps the brackets of IPv6 literals. */
export function hostNameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function addNetwork(list: BlockList, entry: string): boolean {
  const [address = "", prefix] = entry.split("/");
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (prefix === undefined) list.addAddress(address, type);
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)) {
    list.addSubnet(address, Number(prefix), type);
  } else return false;
  return true;
}

function contains(list: BlockList, address: string): boolean {
  const mapped = ipv4Inside(address);
  if (mapped !== undefined) return list.check(mapped, "ipv4");
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** `::ffff:7f00:1` and `::ffff:127.0.0.1` connect to 127.0.0.1. */
function ipv4Inside(address: string): string | undefined {
  const match = /^::ffff:(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/i.exec(address);
  if (match === null) return undefined;
  if (match[3] !== undefined) return match[3];
  const high = Number.parseInt(match[1] ?? "0", 16);
  const low = Number.parseInt(match[2] ?? "0", 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

type Ranges = readonly (readonly [string, number])[];

function blockList(ipv4: Ranges, ipv6: Ranges): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ipv4) list.addSubnet(address, prefix, "ipv4");
  for (const [address, prefix] of ipv6) list.addSubnet(address, prefix, "ipv6");
  return list;
}
