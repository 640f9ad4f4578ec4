/**
 * `well`: nothing is wrong. `leftover`: nothing is wrong, and something is left that `planet doctor` names. `not reached`:
 * the command came to its end without that call. `failed`: see the complaints.
 */
export type Verdict = "well" | "leftover" | "not reached" | "failed";

export interface Outcome {
  readonly verdict: Verdict;
  /** What is wrong; for a leftover, what it is. */
  readonly complaints: readonly string[];
}

/** What became of a point. */
export interface Found<T> {
  readonly point: T;
  readonly outcome: Outcome;
  /** Id of the point that was tried for this one. */
  readonly sameAs?: string | undefined;
}

export const NOT_REACHED: Outcome = { verdict: "not reached", complaints: [] };

export function outcomeOf(complaints: readonly string[], leftovers: readonly string[] = []): Outcome {
  if (complaints.length > 0) return { verdict: "failed", complaints };
  return leftovers.length > 0 ? { verdict: "leftover", complaints: leftovers } : { verdict: "well", complaints: [] };
}

/** A command that has to succeed did not, or the state cannot be read. The next case begins from a copy again. */
export const brokenOff = (error: unknown): Outcome =>
  outcomeOf([error instanceof Error ? error.message : String(error)]);

/** What a command said last; enough to know which fault it was. */
export function tailOf(output: string, lines = 12): string {
  return output.trim().split("\n").slice(-lines).join("\n");
}
