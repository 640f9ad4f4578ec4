export type LocalCloudErrorCode =
  | "MISSING_RIGHTS"
  | "OTHER_OWNER"
  | "START_FAILED"
  | "STOP_FAILED"
  | "NOT_RUNNING"
  | "STOPPED"
  | "REFUSED"
  | "PATH_TOO_LONG"
  | "OTHER_FORMAT"
  | "OTHER_MODE"
  | "OTHER_VERSION"
  | "WRONG_FAULT"
  | "NO_MACHINES"
  | "OTHER_USER";

/** Something about a local cloud that its user can fix; the message says what, why and what next. */
export class LocalCloudError extends Error {
  readonly code: LocalCloudErrorCode;

  constructor(code: LocalCloudErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalCloudError";
    this.code = code;
  }
}
