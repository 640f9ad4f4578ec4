import { describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { handlesOf } from "./hostFirewall.ts";
import { nftTable } from "./nft.ts";
import { connectScript, inside, portName, setUpCommands } from "./plan.ts";

const identity = cloudIdentity("local");
const asText = (commands: readonly string[][]): string => commands.map((command) => command.join(" ")).join("\n");

describe("network plan (proves what is asked for; not that the kernel grants it)", () => {
  test("a cloud is one namespace that routes, and one pair to the host", () => {
    expect(asText(setUpCommands(identity, 1400))).toBe(`ip netns add planet0
ip -n planet0 link set lo up
ip link add planet0 mtu 1400 type veth peer name uplink netns planet0 mtu 1400
ip addr add 10.67.0.1/24 dev planet0
ip link set planet0 up
ip -n planet0 addr add 10.67.0.2/24 dev uplink
ip -n planet0 link set uplink up
ip -n planet0 route add default via 10.67.0.1
ip -n planet0 addr add 169.254.169.254/32 dev lo
ip -n planet0 route add unreachable 10.66.0.0/24
nsenter --net=/run/netns/planet0 sysctl -qw net.ipv4.ip_forward=1
ip route add 10.66.0.0/24 via 10.67.0.2`);
  });

  test("a machine gets its address and MAC before its init runs, and shares its link with the gateway alone", () => {
    const machine = {
      instanceId: "i-0123456789abcdef0",
      privateAddress: "10.66.0.10",
      macAddress: "D0:0D:00:00:00:0A",
    };
    expect(
      connectScript(identity, machine, 1400).split("done\n").at(-1),
    ).toBe(`ip -n planet0 link delete m-56789abcdef0 2>/dev/null || : # of the boot before
ip -n planet0 -batch - <<END
link add m-56789abcdef0 mtu 1400 type veth peer name eth0 netns $init address d0:0d:00:00:00:0a mtu 1400
addr add 10.66.0.1/32 dev m-56789abcdef0
link set m-56789abcdef0 up
neigh replace 10.66.0.10 lladdr d0:0d:00:00:00:0a dev m-56789abcdef0 nud permanent
route replace 10.66.0.10/32 dev m-56789abcdef0
END
# Its neighbours are behind the gateway too.
nsenter --net=/proc/$init/ns/net ip -batch - <<END
addr add 10.66.0.10/24 dev eth0 noprefixroute
link set eth0 up
route add 10.66.0.1 dev eth0
route add default via 10.66.0.1
END
`);
  });

  test.each(["local", "a", "a-name-of-20-letters"])(
    "names of links of %s fit into the kernel's 15 characters",
    (name) => {
      expect(cloudIdentity(name).networkName.length).toBeLessThanOrEqual(15);
      expect(portName("i-0123456789abcdef0").length).toBeLessThanOrEqual(15);
    },
  );

  test("a namespace is entered by nsenter", () => {
    expect(inside("planet7", ["true"])).toEqual(["nsenter", "--net=/run/netns/planet7", "true"]);
  });
});

describe("rules in the host's own firewall", () => {
  test("are found again by their comment, and no others", () => {
    const listing = `table ip filter {
	chain FORWARD { # handle 2
		type filter hook forward priority filter; policy drop;
		oifname "planet8" accept comment "planet8" # handle 12
		iifname "planet8" accept comment "planet8" # handle 11
		iifname "planet88" accept comment "planet88" # handle 9
		counter packets 0 bytes 0 jump DOCKER-USER # handle 7
	}
}`;
    expect(handlesOf(listing, "planet8")).toEqual(["12", "11"]);
  });
});

describe("nft table (proves what is asked for; escapes.boot.test.ts tries it)", () => {
  const ways = { outside: ["eth0", "tun0"], forwardForClouds: ["eth0"], proxyPorts: [] };
  const table = nftTable(identity, ways);

  test("replaces itself in one transaction, whether it is there or not", () => {
    expect(table.split("\n").slice(0, 3)).toEqual([
      "table ip planet0",
      "delete table ip planet0",
      "table ip planet0 {",
    ]);
  });

  test.each([
    [
      "only the endpoint's services and name servers of the host",
      /ip daddr 10\.67\.0\.1 tcp dport \{ 80, 8773 \} accept.*dport 53 accept.*reject/s,
    ],
    ["no other cloud", /ip daddr \{ 10\.66\.0\.0\/16, 10\.67\.0\.0\/16, 169\.254\.0\.0\/16 \} reject/],
    [
      "the world, and no other network of the host",
      /iifname "planet0" oifname \{ "eth0", "tun0" \} accept\s+iifname "planet0" reject/,
    ],
    [
      "nobody from outside reaches an instance",
      /oifname "planet0" ct state established,related accept\s+oifname "planet0" drop/,
    ],
    [
      "a neighbour of the host reaches neither endpoint nor instances",
      /iifname != \{ "lo", "planet0" \} ip daddr \{ 10\.66\.0\.0\/24, 10\.67\.0\.1\/24 \} drop/,
    ],
    ["what is let in for a cloud goes nowhere else", /iifname \{ "eth0" \} oifname != "planet\*" drop/],
    ["the world sees the host's address", /ip saddr 10\.66\.0\.0\/24 oifname != "planet0" masquerade/],
  ])("%s", (_claim, rule) => expect(table).toMatch(rule));

  test("a router's own forwarding is its owner's matter", () => {
    expect(nftTable(identity, { ...ways, forwardForClouds: [] })).not.toContain('!= "planet*"');
  });

  test("offline, nothing goes out", () => {
    const offline = nftTable(identity, { outside: [], forwardForClouds: [], proxyPorts: [] });
    expect(offline).toMatch(/169\.254\.0\.0\/16 \} reject.*\n\s+iifname "planet0" reject/);
  });

  test("opens the ports of a package proxy on the host", () => {
    expect(nftTable(identity, { ...ways, proxyPorts: [3128] })).toContain("tcp dport { 3128 } accept");
  });
});
