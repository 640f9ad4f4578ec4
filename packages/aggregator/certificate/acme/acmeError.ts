/** What ended an order. */
export type AcmeCode =
  | "ACME_UNREACHABLE"
  | "ACME_RATE_LIMITED"
  | "ACME_REFUSED"
  | "ACME_CHALLENGE_FAILED"
  | "ACME_TOO_SLOW";

/** Its message quotes the certificate authority, bounded and in one line. */
export class AcmeError extends Error {
  override readonly name = "AcmeError";
  readonly code: AcmeCode;
  /** Before that the authority takes no other order. */
  readonly retryAt: Date | undefined;

  constructor(code: AcmeCode, message: string, retryAt?: Date) {
    super(message);
    this.code = code;
    this.retryAt = retryAt;
  }
}

/** Of a problem document (RFC 7807), as much as people need. */
export function problemText(problem: Readonly<Record<string, unknown>>): string {
  const { detail, type } = problem;
  const text =
    typeof detail === "string" && detail !== "" ? detail : typeof type === "string" ? type : "without a reason";
  return text.replaceAll(/\p{Cc}+/gu, " ").slice(0, 500);
}

export const problemType = ({ type }: Readonly<Record<string, unknown>>): string =>
  typeof type === "string" ? type.replace("urn:ietf:params:acme:error:", "") : "";
