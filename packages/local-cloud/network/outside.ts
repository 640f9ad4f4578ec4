import { run } from "../machine/command.ts";
import { resolverText } from "../machine/hostSettings.ts";

/** Stands for any address of the world: it is nobody's (RFC 5737). */
const SOMEWHERE = "198.51.100.1";

/** The links by which this host reaches the world and its name servers now; none while it is offline. */
export async function outsideLinks(): Promise<string[]> {
  const nameServers = [...resolverText().matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)/gm)].map(
    ([, server = ""]) => server,
  );
  const routes = await Promise.all(
    [SOMEWHERE, ...nameServers].map((address) => run(["ip", "-4", "route", "get", address]).catch(() => "")), // unreachable
  );
  return [...new Set(routes.flatMap(linkIn))].toSorted();
}

/** The link in an answer of `ip route get`. A name server on this host itself is behind none. */
function linkIn(route: string): string[] {
  const link = /^\S+ .*?\bdev (\S+)/.exec(route)?.[1];
  return link === undefined || link === "lo" ? [] : [link];
}
