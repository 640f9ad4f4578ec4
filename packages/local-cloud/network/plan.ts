import type { CloudIdentity } from "../identity.ts";

/** A program and its arguments. */
export type Command = [string, ...string[]];

/** Where every EC2 instance asks for its metadata. */
export const METADATA_ADDRESS = "169.254.169.254";

/** The end of the pair to the host, inside the cloud's namespace. */
export const UPLINK = "uplink";

/** `/run/netns/…` as `ip netns` keeps them; `nsenter --net=` and nspawn take the file. */
export function namespaceFile(name: string): string {
  return `/run/netns/${name}`;
}

/** Runs a program inside a namespace. Not `ip netns exec`: that remounts /sys, and programs no longer find their cgroups. */
export function inside(namespace: string, command: Command): Command {
  return ["nsenter", `--net=${namespaceFile(namespace)}`, ...command];
}

/**
 * The cloud's network: one namespace that routes between a veth pair to the host and one to each machine. Machines share no link,
 * so what one sends passes the namespace's rules before another gets it.
 * Deleting the namespace takes all of it away, the host's end of the pair included.
 */
export function setUpCommands(identity: CloudIdentity, mtu: number): Command[] {
  const { networkName: name, endpointAddress, routerAddress, privatePrefix } = identity;
  const ip = (...args: string[]): Command => ["ip", "-n", name, ...args];
  return [
    ["ip", "netns", "add", name],
    ip("link", "set", "lo", "up"),
    [
      "ip",
      "link",
      "add",
      name,
      "mtu",
      String(mtu),
      "type",
      "veth",
      "peer",
      "name",
      UPLINK,
      "netns",
      name,
      "mtu",
      String(mtu),
    ],
    ["ip", "addr", "add", `${endpointAddress}/24`, "dev", name],
    ["ip", "link", "set", name, "up"],
    ip("addr", "add", `${routerAddress}/24`, "dev", UPLINK),
    ip("link", "set", UPLINK, "up"),
    ip("route", "add", "default", "via", endpointAddress),
    ip("addr", "add", `${METADATA_ADDRESS}/32`, "dev", "lo"),
    ip("route", "add", "unreachable", `${privatePrefix}.0/24`), // where no machine is
    inside(name, ["sysctl", "-qw", "net.ipv4.ip_forward=1"]),
    ["ip", "route", "add", `${privatePrefix}.0/24`, "via", routerAddress],
  ];
}

/**
 * A shell script that gives a machine its `eth0`, with MAC, address and route. `$1` is the process nspawn; the machine's init, in a
 * network namespace of its own, waits for the route. Nothing is left when nspawn ends before that.
 */
export function connectScript(
  identity: CloudIdentity,
  machine: { instanceId: string; privateAddress: string; macAddress: string },
  mtu: number,
): string {
  const { networkName, gatewayAddress } = identity;
  const { instanceId, privateAddress, macAddress } = machine;
  const port = portName(instanceId);
  const mac = macAddress.toLowerCase();
  return `outside=$(readlink /proc/$1/ns/net)
while kill -0 $1 2>/dev/null; do
  for init in $(pgrep -P $1); do
    inside=$(readlink /proc/$init/ns/net) && [ "$inside" != "$outside" ] && break 2
  done
  sleep 0.02
done
ip -n ${networkName} link delete ${port} 2>/dev/null || : # of the boot before
ip -n ${networkName} -batch - <<END
link add ${port} mtu ${mtu} type veth peer name eth0 netns $init address ${mac} mtu ${mtu}
addr add ${gatewayAddress}/32 dev ${port}
link set ${port} up
neigh replace ${privateAddress} lladdr ${mac} dev ${port} nud permanent
route replace ${privateAddress}/32 dev ${port}
END
# Its neighbours are behind the gateway too.
nsenter --net=/proc/$init/ns/net ip -batch - <<END
addr add ${privateAddress}/24 dev eth0 noprefixroute
link set eth0 up
route add ${gatewayAddress} dev eth0
route add default via ${gatewayAddress}
END
`;
}

/** A link's name has at most 15 characters; the last 12 digits of an instance id are random enough in one cloud. */
export function portName(instanceId: string): string {
  return `m-${instanceId.slice(-12)}`;
}
