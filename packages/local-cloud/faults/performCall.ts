import type { IncomingMessage, ServerResponse } from "node:http";
import { sendAnswer } from "../wire/answer.ts";
import { drain } from "../wire/body.ts";
import { ANSWER_FAULTS, type AnswerFault, type Service } from "./answerFaults.ts";
import type { FaultLayer } from "./faultLayer.ts";

/** An answer that has not gone out yet. */
interface Answering {
  readonly status: number;
  readonly body?: string | { readonly file: string; readonly start: number; readonly length: number };
}

export interface DisturbedCall {
  readonly service: Service;
  readonly operation: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Called when a fault meets it. */
  readonly onFault: (name: string) => void;
}

/**
 * The one place where answers go wrong: performs a proven call, unless its fault keeps it from the cloud.
 * @returns the answer to send; undefined when the client has got another one, or gets none.
 */
export async function performCall<A extends Answering>(
  call: DisturbedCall,
  faults: FaultLayer,
  act: () => Promise<A>,
): Promise<A | undefined> {
  const met = faults.takeForAnswer(call.operation);
  if (!met) return act();
  call.onFault(met.fault);
  const kind: AnswerFault = ANSWER_FAULTS[met.answer];
  const { becomes } = kind;
  if (!kind.acts) drain(call.request);
  const real = kind.acts ? await act() : undefined;
  if (becomes === "late") {
    await faults.wait(met);
    return real;
  }
  const half = becomes === "half" ? halfOf(real) : undefined;
  if (half) return half;
  if (becomes === "reset" || becomes === "half") call.response.socket?.resetAndDestroy();
  else if (becomes !== "silence") sendAnswer(call.response, becomes(call.service));
  return undefined;
}

/** Undefined for an answer without a body: it has nothing that could be cut. */
function halfOf<A extends Answering>(real: A | undefined): A | undefined {
  if (real?.body === undefined || real.body === "") return undefined;
  if (typeof real.body === "string") return { ...real, body: real.body.slice(0, real.body.length / 2) };
  return { ...real, body: { ...real.body, length: Math.floor(real.body.length / 2) } };
}
