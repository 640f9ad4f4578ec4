import type { IncomingMessage, ServerResponse } from "node:http";
import { sendAnswer } from "../wire/answer.ts";
import { drain } from "../wire/body.ts";
import { ANSWER_FAULTS, type AnswerFault, type Service } from "./answerFaults.ts";
import type { FaultLayer } from "./faultLayer.ts";

/** An answer that has not gone out yet. */
interface Answering {
  readonly status: number;
  readonly body?: string | { readonly length: number };
}

/** That, or the same with what becomes of its connection. */
type Disturbed<A> = A & {
  /** So many characters or bytes of the body go out, whose length the head announces whole; then the connection breaks. */
  readonly cutAt?: number;
};

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
): Promise<Disturbed<A> | undefined> {
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
  // An answer without a body has nothing that could be cut.
  if (becomes === "half" && real?.body) return { ...real, cutAt: Math.floor(real.body.length / 2) };
  if (becomes === "reset" || becomes === "half") call.response.socket?.resetAndDestroy();
  else if (becomes !== "silence") sendAnswer(call.response, becomes(call.service));
  return undefined;
}
