import { ExplainedError } from "@planet/errors";

/** What this deploy may not do, found before anything is made. */
export class RefusedDeploy extends ExplainedError {
  /** The mark of Pulumi's own RunError: the engine prints the text and no stack trace. Source: its errors.ts, 3.259.0. */
  readonly __pulumiRunError = true;
}
