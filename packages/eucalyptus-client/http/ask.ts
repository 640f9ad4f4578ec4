import { CloudError } from "../cloudError.ts";
import type { Manner } from "../connection.ts";
import { exchange, type HttpAnswer, type HttpRequest } from "./exchange.ts";
import { foreignAnswer, IncompleteAnswer } from "./foreignAnswer.ts";
import { realPace } from "./pace.ts";
import type { Question, Try } from "./repeated.ts";

/** One try: asks, lets `prove` refuse what is not the call's own answer, and reports it to who watches the calls. */
export async function ask<T extends { readonly requestId: string }>(
  manner: Manner,
  question: Question,
  { attempt, timeoutMs }: Try,
  request: HttpRequest,
  prove: (answer: HttpAnswer) => T,
): Promise<T> {
  const { pace = realPace, onCall } = manner;
  const { action, url } = question;
  const started = pace.now();
  const report = (status: number, code: string, requestId: string) =>
    onCall?.({ action, status, code, requestId, ms: Math.round(pace.now() - started), attempt });
  try {
    const answer = await exchange(request, { action, url, timeoutMs });
    const proven = prove(answer);
    report(answer.status, "", proven.requestId);
    return proven;
  } catch (error) {
    if (error instanceof CloudError) report(error.status, error.code, error.requestId);
    throw error;
  }
}

/** Reads a proven answer; what is missing in it makes it foreign after all. */
export function reading<T>(answer: HttpAnswer, question: Question, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof IncompleteAnswer) throw foreignAnswer(answer, question, error.message);
    throw error;
  }
}
