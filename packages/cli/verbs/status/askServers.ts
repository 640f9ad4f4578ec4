import { readStatusJson } from "@planet/content";
import { httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
import { pageUrl } from "../../page/readServed.ts";
import type { StackState } from "../../stack/state.ts";
import type { BalancedServers } from "./facts.ts";

const GROUP = "aws:autoscaling/group:Group";
const LIMITS = { timeoutMs: 10_000, limitBytes: PAGE_LIMIT_BYTES };
/** Servers answer in turn; a reader between two of these questions shifts the turn. */
const QUESTIONS_PER_SERVER = 4;

/** How many servers there should be behind the balancer; undefined without one. */
export function groupSize({ resources, outputs }: StackState): number | undefined {
  if (outputs.dnsName === undefined) return undefined;
  const groups = resources.filter(({ type, isCondemned }) => type === GROUP && !isCondemned);
  return Number(groups.at(-1)?.outputs.desiredCapacity ?? 0);
}

/** Asks so often that each server has its turn: no key is needed to see who is there. */
export async function askServers(address: string, wanted: number): Promise<BalancedServers> {
  const url = new URL("status.json", pageUrl({ address }));
  const seen = new Map<string, string>();
  let failed = 0;
  for (let question = 0; question < wanted * QUESTIONS_PER_SERVER; question += 1) {
    // One request a question: with two of them each question would end at the same server.
    const status = await readStatus(url).catch(() => undefined);
    if (status === undefined) failed += 1;
    else seen.set(status.instanceId, status.release);
  }
  return { wanted, failed, seen: [...seen].toSorted().map(([instanceId, release]) => ({ instanceId, release })) };
}

async function readStatus(url: URL) {
  const { status, body } = await httpGet(url, LIMITS);
  return status === 200 ? readStatusJson(body.toString()) : undefined;
}
