import { lookup, Resolver, resolve4 } from "node:dns/promises";
import { isIPv4 } from "node:net";

/** 53, and where a local cloud's name server is that may not have that (packages/local-cloud/dns). */
const PORTS = [53, 8053];
const LIMITS = { timeout: 2_000, tries: 2 };

/**
 * The IPv4 addresses of a name of the cloud. Its own name server, at its front end, knows it first, and knows it also where nobody
 * has delegated the zone; where that cannot be asked, this system's name servers are.
 * @throws {Error} when the name has no address, or nobody can be asked.
 */
export async function addressesOf(name: string, nameServer: string): Promise<string[]> {
  const address = isIPv4(nameServer) ? nameServer : (await lookup(nameServer, { family: 4 })).address;
  for (const port of PORTS) {
    const resolver = new Resolver(LIMITS);
    resolver.setServers([`${address}:${port}`]);
    try {
      return await resolver.resolve4(name);
    } catch {
      // Not there, not asked, or not yet known: the next one may know.
    }
  }
  return resolve4(name);
}
