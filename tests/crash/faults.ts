import { ANSWER_FAULTS, type AnswerFault, type AnswerFaultName } from "@planet/local-cloud/testing";
import type { Call } from "./call.ts";
import type { Answer, Intercept, Interference, Reply } from "./faultProxy.ts";

/** How many calls a fault meets where it is meant once. */
const TIMES: Readonly<Partial<Record<AnswerFaultName, number>>> = { throttling: 2 };
const LATE_MS = 6_000;

/** What can become of any answer: the faults of the local cloud, here of every service that stands behind a proxy. */
export const FAULT_NAMES = (Object.keys(ANSWER_FAULTS) as AnswerFaultName[]).filter((name) => !kindOf(name).operations);

export interface Falsified {
  readonly call: Pick<Call, "name" | "nth">;
  readonly fault: AnswerFaultName;
  /** From that call on, every call of that name. */
  readonly isForEver: boolean;
}

/**
 * Whether a run with that fault for ever is one with that fault once: no more calls came to it than one that is meant once
 * meets. Pure.
 */
export function isMetOnce({ call, fault }: Pick<Falsified, "call" | "fault">, calls: readonly Call[]): boolean {
  const { [fault]: times = 1 } = TIMES;
  return calls.filter(({ name, nth }) => name === call.name && nth >= call.nth).length <= times;
}

/** What the proxy does to the calls of one run. Pure. */
export function falsify({ call, fault, isForEver }: Falsified): Intercept {
  const { acts: reachesCloud, becomes } = kindOf(fault);
  const { [fault]: times = 1 } = TIMES;
  return (each): Interference | undefined => {
    const isMeant = each.name === call.name && each.nth >= call.nth && (isForEver || each.nth < call.nth + times);
    return isMeant ? { reachesCloud, reply: (real) => replyOf(becomes, each, real) } : undefined;
  };
}

function kindOf(name: AnswerFaultName): AnswerFault {
  return ANSWER_FAULTS[name];
}

function replyOf(becomes: AnswerFault["becomes"], { service }: Call, real: Answer | undefined): Reply | Promise<Reply> {
  if (becomes === "late") return late(real);
  if (becomes === "half") return half(real);
  if (typeof becomes === "string") return becomes;
  const { status, headers, body } = becomes(service);
  const bytes = Buffer.from(body);
  return { status, headers: { ...headers, "content-length": bytes.length }, body: bytes };
}

/** An answer without a body has nothing that could be cut: its connection breaks. */
function half(real: Answer | undefined): Reply {
  if (!real || real.body.length === 0) return "reset";
  return { ...real, cutAt: Math.floor(real.body.length / 2) };
}

async function late(real: Answer | undefined): Promise<Reply> {
  await new Promise((resolve) => setTimeout(resolve, LATE_MS));
  return real ?? "reset";
}
