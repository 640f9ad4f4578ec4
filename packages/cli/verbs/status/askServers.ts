import { pageUrl, readServed } from "../../page/readServed.ts";
import type { StackState } from "../../stack/state.ts";
import type { BalancedServers } from "./facts.ts";

const GROUP = "aws:autoscaling/group:Group";
/** They answer in turn; a reader between two of these questions shifts the turn. */
const QUESTIONS_PER_SERVER = 3;

/** How many servers there should be behind the balancer; undefined without one. */
export function groupSize({ resources, outputs }: StackState): number | undefined {
  if (outputs.dnsName === undefined) return undefined;
  const groups = resources.filter(({ type, isCondemned }) => type === GROUP && !isCondemned);
  return Number(groups.at(-1)?.outputs.desiredCapacity ?? 0);
}

/** Asks so often that each server has its turn: no key is needed to see who is there. */
export async function askServers(address: string, wanted: number): Promise<BalancedServers> {
  const seen = new Map<string, string>();
  let failed = 0;
  for (let question = 0; question < wanted * QUESTIONS_PER_SERVER; question += 1) {
    const served = await readServed(pageUrl({ address }));
    if (served.kind === "planet") seen.set(served.status.instanceId, served.status.release);
    else failed += 1;
  }
  return { wanted, failed, seen: [...seen].toSorted().map(([instanceId, release]) => ({ instanceId, release })) };
}
