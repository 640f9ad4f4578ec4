import { existsSync, readFileSync } from "node:fs";
import type { CloudIdentity } from "../identity.ts";
import { attempt, run } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { forwardFrom, linksToOpen, restoreForwarding } from "./forwarding.ts";
import { closeHostFirewall, openHostFirewall } from "./hostFirewall.ts";
import { arpTable, type HostWays, nftTable } from "./nft.ts";
import { outsideLinks } from "./outside.ts";
import { namespaceFile, setUpCommands } from "./plan.ts";

/** One at a time on this machine: the forwarding switches belong to all clouds together. */
const LOCK = "/run/planet-local-cloud/network.lock";

/** Sets up what is missing. A namespace that is there is kept: machines of a killed cloud may still run in it. */
export async function setUpNetwork(identity: CloudIdentity): Promise<void> {
  await withLock(LOCK, async () => {
    if (!existsSync(namespaceFile(identity.networkName))) {
      const mtu = await uplinkMtu();
      for (const command of setUpCommands(identity, mtu)) await run(command);
    }
    await attempt(["nft", "-f", "-"], { input: arpTable(identity) }); // a kernel may lack it; it hides, and protects nothing
    await connect(identity, await hostWays());
    await openHostFirewall(identity.networkName);
  });
}

/**
 * Leads the cloud to the world by the links that lead there now: a laptop changes its network, and Docker makes a host a router.
 * @returns a function that looks again, and changes something when it must.
 */
export function followHost(identity: CloudIdentity): () => Promise<void> {
  let known = "";
  return async () => {
    const now = JSON.stringify(await hostWays());
    if (now === known) return;
    await withLock(LOCK, async () => {
      if (existsSync(`/sys/class/net/${identity.networkName}`)) await connect(identity, await hostWays());
    });
    known = now;
  };
}

/** Rules first: nothing comes in before they are there. */
async function connect(identity: CloudIdentity, ways: HostWays): Promise<void> {
  await run(["nft", "-f", "-"], { input: nftTable(identity, ways) });
  forwardFrom(ways.forwardForClouds, identity.networkName);
}

async function hostWays(): Promise<HostWays> {
  const outside = await outsideLinks();
  return { outside, forwardForClouds: linksToOpen(outside), proxyPorts: proxyPorts(process.env) };
}

/** Removes all of it; it is not an error when parts are missing. */
export async function removeNetwork(identity: CloudIdentity): Promise<void> {
  const { networkName } = identity;
  await withLock(LOCK, async () => {
    await closeHostFirewall(networkName);
    for (const family of ["ip", "arp"]) await attempt(["nft", "delete", "table", family, networkName]);
    // The pair ends with the link: the kernel frees a namespace only when the last process in it is gone.
    await attempt(["ip", "link", "delete", networkName]);
    await attempt(["ip", "netns", "delete", networkName]);
    await restoreForwarding();
  });
}

/** The uplink's packet size, which may be below Ethernet's in a tunnel; larger packets would silently vanish there. */
export async function uplinkMtu(): Promise<number> {
  const device = / dev (\S+)/.exec(await run(["ip", "-4", "route", "show", "default"]))?.[1];
  const file = `/sys/class/net/${device ?? ""}/mtu`;
  return device && existsSync(file) ? Number(readFileSync(file, "utf8")) : 1500;
}

/** Ports of the package proxy in the environment: it may be the host's own. */
function proxyPorts(environment: NodeJS.ProcessEnv): number[] {
  const urls = [environment.http_proxy, environment.https_proxy].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url)] : [],
  );
  return [...new Set(urls.map(({ port, protocol }) => Number(port) || (protocol === "https:" ? 443 : 80)))];
}
