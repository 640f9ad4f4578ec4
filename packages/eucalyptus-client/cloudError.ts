export interface CloudErrorFacts {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly action: string;
  readonly date?: Date | undefined;
  readonly requestId?: string | undefined;
  readonly url?: string | undefined;
  readonly next?: string | undefined;
  readonly isUnsent?: boolean | undefined;
}

/** Why a call to the cloud did not succeed. `status` 0: no answer came; `code` is then a {@link TransportCode}. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  /** The cloud's own code, `InvalidInstanceID.NotFound`; trimmed, because some arrive with a leading blank. */
  readonly code: string;
  readonly status: number;
  /** What was asked: `RunInstances`, `PUT object index.html`. */
  readonly action: string;
  /** What happened, alone; `message` also has action, code, status, request, service, and what to do. */
  readonly detail: string;
  /** What to do, as sentences; "" when `detail` says it all. */
  readonly next: string;
  /** The cloud's name of this call, for its log; "" when it gave none. */
  readonly requestId: string;
  /** The cloud's clock, from the header `Date` of the answer. */
  readonly date?: Date;
  /** No byte of the call left this machine: no connection, or a certificate that is not trusted. */
  readonly isUnsent: boolean;

  constructor(facts: CloudErrorFacts, options?: ErrorOptions) {
    const { status, action, message, next = "", requestId = "", url = "" } = facts;
    const code = facts.code.trim();
    const http = `HTTP ${status}`;
    const answer = [
      code,
      ...(status === 0 || code === http ? [] : [http]),
      ...(requestId === "" ? [] : [`request ${requestId}`]),
      ...(url === "" ? [] : [url]),
    ];
    super(`${action}: ${message.trim()} (${answer.join(", ")})${next === "" ? "" : `. ${next}`}`, options);
    this.code = code;
    this.status = status;
    this.action = action;
    this.detail = message.trim();
    this.next = next;
    this.requestId = requestId;
    this.isUnsent = facts.isUnsent ?? false;
    if (facts.date) this.date = facts.date;
  }
}

/** No connection or one that broke, and an answer that did not come in time. */
export type TransportCode = "Unreachable" | "Timeout";

/** The code of an answer that is not the called action's own: a web page, another action's, half of one, none at all. */
export const FOREIGN_ANSWER = "ForeignAnswer";

/** The code of an answer by which the front end says that it has no such service: an administrator has not enabled it. */
export const SERVICE_NOT_ENABLED = "ServiceNotEnabled";

/** Whether the error is the cloud's refusal with one of these codes; without codes: any {@link CloudError}. */
export function isCloudError(error: unknown, ...codes: string[]): error is CloudError {
  return error instanceof CloudError && (codes.length === 0 || codes.includes(error.code));
}
