import type { Call } from "./call.ts";
import type { FaultProxy, Intercept } from "./faultProxy.ts";
import { familyOf, isVictim, kill, type Process, untilGone, type Victim } from "./processes.ts";
import type { Ended, Running } from "./running.ts";

/** Where in the life of one call the kill comes: before it is sent, after the cloud acted, after the answer was delivered. */
export type Stage = "before" | "acted" | "answered";

export interface BreakPoint {
  readonly call: Pick<Call, "name" | "nth">;
  readonly stage: Stage;
  readonly victim: Victim;
}

export interface Broken {
  readonly result: Ended;
  /** False when the command ended without that call, or when there was nobody to kill. */
  readonly wasReached: boolean;
}

/** What a killed run has started ends by itself at once. */
const ORPHANS_MS = 15_000;

/** Runs a command and kills its engine or its plugin at one call. */
export async function breakAt(proxy: FaultProxy, point: BreakPoint, start: () => Running): Promise<Broken> {
  let run: Running | undefined;
  let family: readonly Process[] = [];
  let wasReached = false;
  const strike = () => {
    family = run ? familyOf(run.pid) : [];
    const victims = family.filter((each) => isVictim(point.victim, each));
    wasReached = victims.length > 0;
    for (const { pid } of victims) kill(pid, "SIGKILL");
  };
  proxy.begin(interceptAt(point, strike));
  run = start();
  const result = await run.ended;
  await untilGone(family, ORPHANS_MS);
  return { result, wasReached };
}

/** After the kill no call gets an answer: it would race with the end of the process that asked. */
function interceptAt({ call, stage }: BreakPoint, strike: () => void): Intercept {
  return ({ name, nth }) => {
    if (name !== call.name || nth !== call.nth) return undefined;
    if (stage === "answered") return { reachesCloud: true, reply: (real) => real ?? "silence", after: strike };
    return {
      reachesCloud: stage === "acted",
      reply: () => {
        strike();
        return "silence";
      },
    };
  };
}

/** Ctrl-C, as a terminal sends it: to everybody. @returns whether the command had said those words by then. */
export async function interruptAfter(words: string, run: Running): Promise<Broken> {
  const wasReached = await run.said(words);
  const family = familyOf(run.pid);
  for (const { pid } of family) kill(pid, "SIGINT");
  const result = await run.ended;
  await untilGone(family, ORPHANS_MS);
  return { result, wasReached };
}
