export type CloudErrorCode =
  | "MISSING_RIGHTS"
  | "OTHER_OWNER"
  | "START_FAILED"
  | "STOP_FAILED"
  | "NOT_RUNNING"
  | "REFUSED";

/** Something about a local cloud that its user can mend; the message says what, why and what next. */
export class CloudError extends Error {
  readonly code: CloudErrorCode;

  constructor(code: CloudErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CloudError";
    this.code = code;
  }
}
