import { isIPv6 } from "node:net";

/** An IPv6 address as the eight numbers that it is; undefined for anything else. */
function groupsOf(address: string): number[] | undefined {
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) return undefined;
  // `::ffff:127.0.0.1` ends in the four bytes of two groups.
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(plain);
  const [a = 0, b = 0, c = 0, d = 0] = (dotted ?? []).slice(1).map(Number);
  const written = dotted ? `${plain.slice(0, dotted.index)}${hex(a, b)}:${hex(c, d)}` : plain;
  const [head = "", tail] = written.split("::");
  const [left, right] = [numbers(head), numbers(tail ?? "")];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);

const numbers = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((part) => Number.parseInt(part, 16));

/** Where a translator, a tunnel or the system itself finds an IPv4 address: the group that it begins at. */
const CARRIERS: readonly { readonly prefix: readonly number[]; readonly at: number; readonly isInverted?: true }[] = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // mapped, RFC 4291
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 }, // translated, RFC 2765
  { prefix: [0, 0, 0, 0, 0, 0], at: 6 }, // compatible, RFC 4291
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64, RFC 6052
  { prefix: [0x64, 0xff9b, 1], at: 6 }, // NAT64 of a network's own, RFC 8215
  { prefix: [0x2002], at: 1 }, // 6to4, RFC 3056
  { prefix: [0x2001, 0], at: 2 }, // Teredo's server, RFC 4380
  { prefix: [0x2001, 0], at: 6, isInverted: true }, // Teredo's client, each bit the other way round
];

/** All IPv4 addresses that an IPv6 address may lead to; none for an address without any. */
export function embeddedIpv4(address: string): string[] {
  const groups = groupsOf(address);
  if (!groups) return [];
  return CARRIERS.filter(({ prefix }) => prefix.every((group, index) => group === groups[index])).map(
    ({ at, isInverted }) => {
      const [high = 0, low = 0] = groups.slice(at, at + 2).map((group) => (isInverted ? group ^ 0xffff : group));
      return [high >> 8, high & 255, low >> 8, low & 255].join(".");
    },
  );
}

/** The address that the system connects to for `::ffff:127.0.0.1`; undefined for an address of any other kind. */
export function mappedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  const isMapped = groups?.slice(0, 6).every((group, index) => group === (index === 5 ? 0xffff : 0));
  return isMapped ? embeddedIpv4(address)[0] : undefined;
}
