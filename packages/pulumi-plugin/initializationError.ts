import type { Inputs } from "./values.ts";

/**
 * The resource exists under `id`, but it is not (yet) as asked for. The engine keeps it in the state, fails the step,
 * holds back what depends on it, and calls update with unchanged inputs in the next run.
 * Thrown from create, update or read.
 */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly state: Inputs;
  readonly reasons: readonly string[];
  /** Kept as the inputs of the state; only read sets them. */
  readonly inputs?: Inputs;

  constructor(
    facts: { id: string; state: Inputs; reasons: readonly string[]; inputs?: Inputs },
    options?: ErrorOptions,
  ) {
    super(facts.reasons.join("; "), options);
    this.id = facts.id;
    this.state = facts.state;
    this.reasons = facts.reasons;
    if (facts.inputs) this.inputs = facts.inputs;
  }
}
