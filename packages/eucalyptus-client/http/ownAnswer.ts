import { XMLValidator } from "fast-xml-parser";
import { CloudError, SERVICE_NOT_ENABLED } from "../cloudError.ts";
import { nextStep } from "../nextStep.ts";
import type { HttpAnswer } from "./exchange.ts";
import { type Fault, parseFault, requestIdIn } from "./fault.ts";
import { foreignAnswer } from "./foreignAnswer.ts";
import { dateHeader, header } from "./headers.ts";
import type { Question } from "./repeated.ts";

/*
 * What counts as an answer. A proxy, a login page or half a cloud says 200 and 404 just as well, and an empty list that
 * somebody else made up would read as "gone". So an answer counts when it is the called action's own, and a refusal when
 * it is in the cloud's words. What 5.1.0 sends: every good answer of EC2 and STS is whole XML with the action's root and a
 * request id; every answer of the object storage, also to a HEAD, has `x-amz-request-id`, but for plain faults.
 */

/** The root of a whole XML document without its prefix; undefined for anything else. */
export function rootOf(text: string): string | undefined {
  const [, name] = /^\uFEFF?\s*(?:<\?xml[^>]*\?>)?\s*<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])/.exec(text) ?? [];
  return name !== undefined && XMLValidator.validate(text) === true ? name : undefined;
}

/** Every service but the object storage; `isOptional`: the cloud may lack it. @throws {CloudError} */
export function ownQueryAnswer(
  answer: HttpAnswer,
  question: Question,
  expected: { readonly root: string; readonly has: string; readonly isOptional?: boolean | undefined },
): { readonly answer: HttpAnswer; readonly text: string; readonly requestId: string } {
  const text = answer.body.toString("utf8");
  if (expected.isOptional && isOfNoService(answer)) throw refusal(answer, question, NO_SERVICE);
  if (answer.status !== 200) throw refusal(answer, question, parseFault(text));
  const foreign = (why: string) => foreignAnswer(answer, question, why);
  if (rootOf(text) !== expected.root) throw foreign(`no whole ${expected.root}`);
  const requestId = requestIdIn(text);
  if (requestId === "") throw foreign("it has no request id");
  if (!new RegExp(`<(?:[\\w.-]+:)?${expected.has}[\\s/>]`).test(text)) throw foreign(`it has no ${expected.has}`);
  return { answer, text, requestId };
}

/**
 * What the front end says in place of a service that is not enabled: a redirect to where it should be, or a 503 where no
 * such place is known. Seen on 5.1.0; Corymbia/eucalyptus `Handlers.java`.
 */
const isOfNoService = ({ status, body }: HttpAnswer): boolean =>
  body.length === 0 && (status === 307 || status === 503);

const NO_SERVICE: Fault = { code: SERVICE_NOT_ENABLED, message: "the cloud has no such service", requestId: "" };

/** Object storage. @throws {CloudError} */
export function ownStorageAnswer(
  answer: HttpAnswer,
  question: Question,
  isHead: boolean,
): { readonly answer: HttpAnswer; readonly requestId: string } {
  const { status, headers } = answer;
  const requestId = header(headers, "x-amz-request-id");
  if (status >= 400) {
    const fault = isHead ? faultOfHead(status) : parseFault(answer.body.toString("utf8"));
    throw refusal(
      answer,
      question,
      isStorages(fault, requestId, isHead) ? fault && { ...fault, requestId } : undefined,
    );
  }
  if (requestId === "") throw foreignAnswer(answer, question, "it has no x-amz-request-id");
  if (status !== 200 && status !== 204) throw foreignAnswer(answer, question, `the storage never says ${status} here`);
  return { answer, requestId };
}

/** Only a pipeline fault, `400 Bad Request`, comes without the header; it has a body. */
function isStorages(fault: Fault | undefined, requestId: string, isHead: boolean): boolean {
  return requestId !== "" || (!isHead && fault !== undefined && /^\d{3} /.test(fault.code));
}

/** A HEAD has no body, so its code follows from the status. */
function faultOfHead(status: number): Fault {
  const requestId = "";
  if (status === 404) return { code: "NotFound", message: "does not exist", requestId };
  if (status === 403) return { code: "AccessDenied", message: "access is not allowed", requestId };
  return { code: `HTTP ${status}`, message: "refused without a text", requestId };
}

function refusal(answer: HttpAnswer, question: Question, fault: Fault | undefined): CloudError {
  if (!fault) return foreignAnswer(answer, question, "the refusal is not in its words");
  const { action, url, permission } = question;
  const { code, message, requestId } = fault;
  const { status } = answer;
  const next = nextStep({ code, status, action, url, permission, requestId });
  const date = dateHeader(answer.headers, "date");
  return new CloudError({ code, status, message, action, url, requestId, next, date });
}
