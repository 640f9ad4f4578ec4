import { messageOf } from "@planet/errors";
import { HTTPS_NEXT, serverAsker } from "./certificate.ts";
import type { TrafficTask } from "./environment.ts";
import { NotServedError } from "./notServedError.ts";
import { type Edges, progress, type StatusAnswer } from "./waiting.ts";

const PROBE_EVERY_MS = 500;
/** Old and new servers answer in turn: so often for each new server one of them has answered. */
const ANSWERS_PER_SERVER = 2;

/** What one of the balancer's addresses has answered since its last failure. */
interface Place {
  readonly shown: number;
  /** By http, and not by https. */
  readonly isByHttp: boolean;
  readonly summary: string;
}

/**
 * Waits until each address of a balancer's name has shown the release often enough without one failed answer in between. The old
 * servers still answer beside the new ones: they are taken out after this, and need nobody to look.
 * @throws {NotServedError} `TRAFFIC_NOT_SEEN` at the deadline; all servers that were in the balancer still are.
 */
export async function awaitTraffic(task: TrafficTask, edges: Edges): Promise<void> {
  const { dnsName, release, count, deadlineSeconds } = task;
  const needed = count * ANSWERS_PER_SERVER;
  const started = edges.now();
  const report = progress(edges);
  const ask = await serverAsker(task, edges);
  let places = new Map<string, Place>();
  for (;;) {
    const found = await edges.addressesOf(dnsName).catch((error: unknown) => messageOf(error));
    const addresses = typeof found === "string" ? [] : found.toSorted();
    places = await askAll(addresses, places, ask);
    const all = [...places];
    if (all.length > 0 && all.every(([, { shown }]) => shown >= needed)) break;
    const answers = all.map(([address, { shown, summary }]) => `${address}: ${summary}, ${shown} of ${needed} times`);
    const summary = typeof found === "string" ? `${dnsName} has no address: ${found}` : answers.join("; ");
    const passed = Math.floor((edges.now() - started) / 1_000);
    if (passed >= deadlineSeconds) throw notSeen(task, { summary, places: [...places.values()] });
    report(
      places.size.toString(),
      `waiting for ${dnsName} to show ${release}, ${passed} of ${deadlineSeconds} s (${summary})`,
    );
    await edges.sleep(PROBE_EVERY_MS);
  }
  edges.say(`${dnsName} shows ${release} at ${[...places.keys()].join(", ")}`);
}

/**
 * One question to each address; one that is new, or answers with a failure, begins to count again. Where http shows the release, https
 * may have come to an old server, which shows another one or, without a certificate yet, nothing: that is no failure, and counts for
 * nothing. Each of the new servers has shown https at its own address before.
 */
async function askAll(
  addresses: readonly string[],
  before: ReadonlyMap<string, Place>,
  ask: (address: string) => Promise<StatusAnswer>,
): Promise<Map<string, Place>> {
  const asked = addresses.map(async (address): Promise<[string, Place]> => {
    const { isServed, status, tls, summary } = await ask(address);
    const shown = before.get(address)?.shown ?? 0;
    const isByHttp = tls !== undefined;
    return [address, { summary, isByHttp, shown: isServed ? shown + 1 : isByHttp || status === 200 ? shown : 0 }];
  });
  return new Map(await Promise.all(asked));
}

function notSeen(
  { dnsName, release, deadlineSeconds }: TrafficTask,
  { summary, places }: { readonly summary: string; readonly places: readonly Place[] },
): NotServedError {
  return new NotServedError({
    code: "TRAFFIC_NOT_SEEN",
    what: `${dnsName} did not show release ${release} within ${deadlineSeconds} s`,
    why: summary,
    next: [
      "The new servers are in the balancer, which found each of them in service; the old ones still are, too.",
      places.length > 0
        ? "Check whether the balancer can be reached from this machine: `euca-describe-instances` does not show it, it is the cloud's own."
        : "The cloud's name server does not know the name, or cannot be asked from here: docs/servers.md has what the administrator needs to do.",
      ...(places.some(({ isByHttp }) => isByHttp) ? [HTTPS_NEXT] : []),
      "`npx pulumi up` only asks again; `npx planet rollback` goes back to the old servers, which need no boot.",
    ].join("\n"),
  });
}
