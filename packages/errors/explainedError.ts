/** What a person needs to know about a failure. */
export interface Explanation {
  /** For programs and tests, `BUCKET_HELD`. It stays when the texts change. */
  readonly code: string;
  readonly what: string;
  readonly why?: string;
  /** The next steps, and in which state things were left. */
  readonly next?: string;
  /** Of the command that this ends: 1 failed and nothing visible changed, 2 wrong usage, 3 failed half-way. @defaultValue 1 */
  readonly exitCode?: 1 | 2 | 3;
}

/** How the parts become the message. */
type Join = (parts: Pick<Explanation, "what" | "why" | "next">) => string;

/** Each part begins a line, so that `why` may be a list or a program's output. */
export const inLines: Join = ({ what, why = "", next = "" }) =>
  [what, why, next].filter((part) => part !== "").join("\n");

/** `what: why. next`, for places that show one line. `what` and `why` are clauses or a question, `next` is sentences. */
export const inOneLine: Join = ({ what, why = "", next = "" }) => {
  const clauses = `${what}${why === "" ? "" : `: ${why}`}`;
  return next === "" ? clauses : `${clauses}${clauses.endsWith("?") ? "" : "."} ${next}`;
};

/**
 * A failure whose message is enough for its reader: no stack trace is shown with it. Callers and tests match `code`.
 * Subclasses say who failed, and choose how the parts are joined.
 */
export class ExplainedError extends Error {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  readonly exitCode: 1 | 2 | 3;

  constructor(explanation: Explanation, options?: ErrorOptions, join: Join = inLines) {
    super(join(explanation), options);
    this.name = new.target.name;
    this.code = explanation.code;
    this.what = explanation.what;
    this.why = explanation.why ?? "";
    this.next = explanation.next ?? "";
    this.exitCode = explanation.exitCode ?? 1;
  }
}
