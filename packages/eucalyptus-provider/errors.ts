/** An error in the house form: what happened, why, what to do next. Callers and tests match `code`. */
export class ExplainedError extends Error {
  override readonly name = "ExplainedError";
  readonly code: string;

  constructor(facts: { code: string; what: string; why: string; next: string }, options?: ErrorOptions) {
    super(`${facts.what}: ${facts.why}. ${facts.next}`, options);
    this.code = facts.code;
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
