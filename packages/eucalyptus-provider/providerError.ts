import { ExplainedError, type Explanation, inOneLine } from "@planet/errors";

/** What the engine prints under a resource: `what: why. next`. A refusal of the cloud itself is the client's CloudError. */
export class ProviderError extends ExplainedError {
  constructor(explanation: Explanation & { readonly why: string; readonly next: string }, options?: ErrorOptions) {
    super(explanation, options, inOneLine);
  }
}
