import { CloudError, FOREIGN_ANSWER } from "../cloudError.ts";
import { nextStep } from "../nextStep.ts";
import type { HttpAnswer } from "./exchange.ts";
import { dateHeader, header } from "./headers.ts";
import type { Question } from "./repeated.ts";

/** Thrown by those who read an answer and find that what they need is not in it. Becomes a {@link foreignAnswer}. */
export class IncompleteAnswer extends Error {
  override readonly name = "IncompleteAnswer";
}

/** The value, when the answer has it. @throws {IncompleteAnswer} */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined || value === "") throw new IncompleteAnswer(`it has no ${what}`);
  return value;
}

const SHOWN_CHARACTERS = 120;

/** The error for what is not the action's own answer; `why` completes "…, which does not count: ". */
export function foreignAnswer(answer: HttpAnswer, question: Question, why: string): CloudError {
  const { action, url, permission } = question;
  const { status, headers } = answer;
  const message = `${url} answered ${firstWords(answer)}, which is not the cloud's own answer to this call: ${why}`;
  const facts = { code: FOREIGN_ANSWER, status, action, url, permission, requestId: "" };
  const date = dateHeader(headers, "date");
  return new CloudError({ code: FOREIGN_ANSWER, status, message, action, next: nextStep(facts), date });
}

function firstWords({ headers, body }: HttpAnswer): string {
  const type = header(headers, "content-type");
  if (!isText(type)) return `${body.length} bytes`;
  const text = body
    .subarray(0, 4 * SHOWN_CHARACTERS)
    .toString("utf8")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (text === "") return "nothing";
  return `"${text.slice(0, SHOWN_CHARACTERS)}${text.length > SHOWN_CHARACTERS ? "…" : ""}"`;
}

const isText = (type: string) => type === "" || /^(text\/|application\/(xml|json|xhtml))/.test(type);
