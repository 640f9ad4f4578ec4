import * as pulumi from "@pulumi/pulumi";

export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

/** A refusal for people: what, why, what next. A `RunError`, so that the engine prints the text and no stack trace. */
export class ExplainedError extends pulumi.RunError {
  readonly code: string;

  constructor(code: string, { what, why, next }: Explanation) {
    super([what, why, next].filter((part) => part !== "").join("\n"));
    this.code = code;
  }
}
