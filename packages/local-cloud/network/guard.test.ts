import { describe, expect, test } from "@jest/globals";
import type { InstancePort, Traffic } from "../machine/driver.ts";
import { guardTable } from "./guard.ts";

const ANY: Traffic = { protocol: "-1", from: 0, to: 65_535, cidrs: ["0.0.0.0/0"] };
const port = (change: Partial<InstancePort> = {}): InstancePort => ({
  ...{ instanceId: "i-0123456789abcdef0", privateAddress: "10.66.0.10", macAddress: "D0:0D:00:00:00:0A" },
  ...{ ingress: [], egress: [ANY], ...change },
});
/** The rules of one chain. */
const chain = (table: string, name: string): string[] =>
  (table.split(`  chain ${name} {\n`)[1]?.split("  }\n")[0] ?? "").split("\n").flatMap((line) => line.trim() || []);

describe("rules inside a cloud (proves what is asked for; escapes.boot.test.ts tries it)", () => {
  test("a port sends with its own link, MAC and address only, and no IPv6", () => {
    const table = guardTable([port()]);
    expect(table).toContain('elements = { "m-56789abcdef0" . d0:0d:00:00:00:0a . 10.66.0.10 }');
    expect(chain(table, "prerouting").slice(1)).toEqual([
      'iifname "m-*" meta nfproto ipv6 drop',
      'iifname "m-*" iifname . ether saddr . ip saddr != @ports drop',
    ]);
  });

  test("without instances, nothing is reached", () => {
    const table = guardTable([]);
    expect(table).not.toContain("elements");
    expect(chain(table, "forward").slice(1)).toEqual([
      "ct state established,related accept",
      'iifname "uplink" accept',
      'oifname "m-*" drop',
    ]);
  });

  test("out by its own groups first, then in by the neighbour's", () => {
    expect(chain(guardTable([port()]), "forward").slice(1)).toEqual([
      "ct state established,related accept",
      'iifname vmap { "m-56789abcdef0" : jump from-i-0123456789abcdef0 }',
      'iifname "uplink" accept',
      'oifname vmap { "m-56789abcdef0" : goto to-i-0123456789abcdef0 }',
      'oifname "m-*" drop',
    ]);
  });

  test.each<{ claim: string; traffic: Partial<Traffic>; rule: string }>([
    { claim: "everything", traffic: {}, rule: "ip saddr 10.66.0.11/32 accept" },
    {
      claim: "a range",
      traffic: { protocol: "tcp", from: 80, to: 81 },
      rule: "ip saddr 10.66.0.11/32 tcp dport 80-81 accept",
    },
    {
      claim: "one type of ICMP",
      traffic: { protocol: "icmp", from: 8, to: -1 },
      rule: "ip saddr 10.66.0.11/32 icmp type 8 accept",
    },
    {
      claim: "type and code",
      traffic: { protocol: "icmp", from: 3, to: 4 },
      rule: "ip saddr 10.66.0.11/32 icmp type 3 icmp code 4 accept",
    },
    {
      claim: "all ICMP",
      traffic: { protocol: "icmp", from: -1, to: -1 },
      rule: "ip saddr 10.66.0.11/32 icmp type 0-255 accept",
    },
    { claim: "another protocol", traffic: { protocol: "47" }, rule: "ip saddr 10.66.0.11/32 meta l4proto 47 accept" },
  ])("a rule for $claim, and no more", ({ traffic, rule }) => {
    const table = guardTable([port({ ingress: [{ ...ANY, cidrs: ["10.66.0.11/32"], ...traffic }] })]);
    expect(chain(table, "to-i-0123456789abcdef0")).toEqual([rule, "drop"]);
  });

  test("what goes out is judged by its destination", () => {
    expect(chain(guardTable([port()]), "from-i-0123456789abcdef0")).toEqual(["ip daddr 0.0.0.0/0 return", "drop"]);
    expect(chain(guardTable([port({ egress: [] })]), "from-i-0123456789abcdef0")).toEqual(["drop"]);
  });
});
