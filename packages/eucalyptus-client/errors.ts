/** Why a call to the cloud did not succeed. `status` 0: no answer came; `code` is then one of {@link TransportCode}. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  /** The cloud's own code, `InvalidInstanceID.NotFound`; trimmed, because some arrive with a leading blank. */
  readonly code: string;
  readonly status: number;
  /** What was asked: `RunInstances`, `PUT object planet.ini`. */
  readonly action: string;
  /** The cloud's text alone; `message` also says action, code and status. */
  readonly detail: string;
  /** The cloud's clock, from the header `Date` of the answer. */
  readonly date?: Date;
  /** No byte of the call left this machine: no connection, no certificate that is trusted. */
  readonly isUnsent: boolean;

  constructor(
    facts: {
      code: string;
      status: number;
      message: string;
      action: string;
      date?: Date | undefined;
      isUnsent?: boolean | undefined;
    },
    options?: ErrorOptions,
  ) {
    const code = facts.code.trim();
    const http = `HTTP ${facts.status}`;
    const answer = facts.status === 0 || code === http ? code : `${code}, ${http}`;
    super(`${facts.action}: ${facts.message.trim()} (${answer})`, options);
    this.code = code;
    this.status = facts.status;
    this.action = facts.action;
    this.detail = facts.message.trim();
    this.isUnsent = facts.isUnsent ?? false;
    if (facts.date) this.date = facts.date;
  }
}

/** No connection, an answer that did not come in time, and a wait that the caller gave up. */
export type TransportCode = "Unreachable" | "Timeout" | "Cancelled";

/** The code of an answer that is not the called action's own: a web page, another action's, half of one, none at all. */
export const FOREIGN_ANSWER = "ForeignAnswer";

/** Whether the error is the cloud's refusal with one of these codes; without codes: any {@link CloudError}. */
export function isCloudError(error: unknown, ...codes: string[]): error is CloudError {
  return error instanceof CloudError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * Code and message of a fault, whatever envelope it comes in: EC2's two, S3's or STS's. Not an XML parser on purpose:
 * pipeline faults are text/plain and escape only `<` and `>`, so an `&` in their message makes them ill-formed.
 * Source: Corymbia/eucalyptus `NioServerHandler.java`, `ErrorHandlerSupport.java`.
 */
export function parseFault(body: string, status: number): { code: string; message: string } {
  const code = element(body, "Code");
  const message = element(body, "Message");
  return {
    code: code === "" ? `HTTP ${status}` : code,
    message: message === "" ? plainText(body, status) : message,
  };
}

function element(body: string, name: string): string {
  const [, text = ""] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(body) ?? [];
  return unescapeXml(text).trim();
}

function plainText(body: string, status: number): string {
  const text = body
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return text === "" ? `the cloud answered with HTTP status ${status} and no text` : text.slice(0, 300);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
