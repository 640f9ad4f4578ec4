import { getServers } from "node:dns";
import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import { totalmem } from "node:os";
import { instanceId } from "../system/metadata.ts";
import { serverFiles } from "./serverFiles.ts";
import { readInstallSettings } from "./settings.ts";
import { writeFiles } from "./writeFiles.ts";

/** Of /etc/resolv.conf. A bucket's name is looked up when a certificate authority asks, not when nginx starts. */
function nameservers(): readonly string[] {
  // nginx knows no zones of addresses.
  const found = getServers().filter((address) => !address.includes("%"));
  return (found.length > 0 ? found : ["127.0.0.1"]).map((address) => (isIPv6(address) ? `[${address}]` : address));
}

/**
 * Writes the units, their environment and nginx's configuration. It starts nothing: planet.sh does, in its order.
 * @param engine path of the running file.
 * @returns one line that says what was done.
 */
export async function install(environment: NodeJS.ProcessEnv, engine: string): Promise<string> {
  const hasIpv6 = existsSync("/proc/net/if_inet6");
  const facts = {
    engine,
    hasIpv6,
    memoryBytes: totalmem(),
    instanceId: await instanceId(),
    nameservers: nameservers(),
  };
  const files = serverFiles(readInstallSettings(environment, facts));
  const written = await writeFiles(files);
  return `install ok wrote=${written.length === 0 ? "nothing" : written.join(",")}`;
}
