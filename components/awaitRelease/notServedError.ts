import { ExplainedError } from "@planet/errors";

/** The release is not where it should be; what was there before still serves. */
export class NotServedError extends ExplainedError {}
