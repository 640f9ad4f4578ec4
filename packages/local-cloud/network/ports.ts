import type { PortRange } from "../machine/driver.ts";

/** A range of at most this many ports is forwarded whole: each port is a listening socket of the host. */
const WHOLE_RANGE_LIMIT = 64;

/** Of a larger range only these are forwarded: what people open "all ports" for. */
const WELL_KNOWN_PORTS = [22, 80, 443, 3000, 8000, 8080, 8443] as const;

export interface OpenPort {
  readonly port: number;
  readonly cidrs: readonly string[];
}

/** The ports to listen on, ascending, each with the sources of all ranges that name it. */
export function openPorts(ranges: readonly PortRange[]): OpenPort[] {
  const cidrs = new Map<number, Set<string>>();
  for (const range of ranges) {
    for (const port of portsOf(range)) {
      const known = cidrs.get(port) ?? new Set<string>();
      for (const cidr of range.cidrs) known.add(cidr);
      cidrs.set(port, known);
    }
  }
  return [...cidrs]
    .map(([port, sources]) => ({ port, cidrs: [...sources].toSorted() }))
    .toSorted((a, b) => a.port - b.port);
}

/** Whether some ports of this range are not forwarded; the log says so. */
export function isTooLarge({ from, to }: PortRange): boolean {
  return to - from + 1 > WHOLE_RANGE_LIMIT;
}

function portsOf(range: PortRange): number[] {
  const from = Math.max(1, range.from);
  const to = Math.min(65_535, range.to);
  if (isTooLarge(range)) return WELL_KNOWN_PORTS.filter((port) => port >= from && port <= to);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset);
}
