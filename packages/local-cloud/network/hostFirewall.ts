import { attempt, run } from "../machine/command.ts";

/** iptables' chains, which Docker and ufw give the policy `drop`. */
const CHAINS = ["INPUT", "FORWARD"] as const;

/**
 * A packet must be accepted by every table of the host. Where there is iptables' own table (Docker, ufw), it gets rules that leave
 * this cloud's link to the cloud's table, which refuses all that an instance may not do. Rules are found again by their comment.
 * Reloading such a firewall while a cloud runs drops them; a restart of the cloud brings them back.
 */
export async function openHostFirewall(networkName: string): Promise<void> {
  await closeHostFirewall(networkName);
  for (const chain of CHAINS) {
    for (const rule of rulesFor(chain, networkName))
      await attempt(["nft", "insert", "rule", "ip", "filter", chain, ...rule]);
  }
}

export async function closeHostFirewall(networkName: string): Promise<void> {
  for (const chain of CHAINS) {
    const listing = await run(["nft", "--handle", "list", "chain", "ip", "filter", chain]).catch(() => ""); // no such table here
    for (const handle of handlesOf(listing, networkName)) {
      await attempt(["nft", "delete", "rule", "ip", "filter", chain, "handle", handle]);
    }
  }
}

/** Handles of the rules with our comment in nft's listing of a chain. */
export function handlesOf(listing: string, networkName: string): string[] {
  return listing.split("\n").flatMap((line) => {
    const match = /comment "([^"]*)" # handle (\d+)$/.exec(line);
    return match?.[1] === networkName && match[2] ? [match[2]] : [];
  });
}

function rulesFor(chain: (typeof CHAINS)[number], networkName: string): string[][] {
  const directions = chain === "INPUT" ? ["iifname"] : ["iifname", "oifname"];
  return directions.map((direction) => [direction, networkName, "accept", "comment", `"${networkName}"`]);
}
