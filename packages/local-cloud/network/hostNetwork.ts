import { existsSync, readFileSync } from "node:fs";
import type { CloudIdentity } from "../identity.ts";
import { attempt, run } from "../machine/command.ts";
import { withLock } from "../machine/lock.ts";
import { restoreForwarding, turnOnForwarding } from "./forwarding.ts";
import { closeHostFirewall, openHostFirewall } from "./hostFirewall.ts";
import { nftTable } from "./nft.ts";
import { namespaceFile, setUpCommands } from "./plan.ts";

/** One at a time on this machine: the forwarding switch belongs to all clouds together. */
const LOCK = "/run/planet-local-cloud/network.lock";

/** Sets up what is missing. A namespace that is there is kept: machines of a killed cloud may still run in it. */
export async function setUpNetwork(identity: CloudIdentity): Promise<void> {
  await withLock(LOCK, async () => {
    if (!existsSync(namespaceFile(identity.networkName))) {
      const mtu = await uplinkMtu();
      for (const command of setUpCommands(identity, mtu)) await run(command);
    }
    turnOnForwarding();
    await run(["nft", "-f", "-"], { input: nftTable(identity, proxyPorts(process.env)) });
    await openHostFirewall(identity.networkName);
  });
}

/** Removes all of it; it is not an error when parts are missing. */
export async function removeNetwork(identity: CloudIdentity): Promise<void> {
  const { networkName } = identity;
  await withLock(LOCK, async () => {
    await closeHostFirewall(networkName);
    await attempt(["nft", "delete", "table", "ip", networkName]);
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
