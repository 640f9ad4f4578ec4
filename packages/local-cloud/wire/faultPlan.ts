/** A refusal to be given instead of performing the next calls of an action (EC2 action or S3 operation name). */
export interface PlannedFailure {
  readonly action: string;
  readonly status: number;
  readonly code: string;
  times: number;
  /** `after`: the action is performed and only its answer is replaced, as when a connection breaks. */
  readonly when?: "before" | "after";
}

/** What goes wrong on purpose; set by tests through the daemon. */
export interface Faults {
  failNext: PlannedFailure[];
  answerDelayMs: number;
  /** Refuses what Eucalyptus takes for another, destructive S3 request, instead of performing that. */
  refuseFallThroughs?: boolean;
}

/** Takes one of the planned failures of that action, if there is one for that moment. */
export function takeFailure(faults: Faults, action: string, when: "before" | "after"): PlannedFailure | undefined {
  const planned = faults.failNext.find(
    (failure) => failure.action === action && failure.times > 0 && (failure.when ?? "before") === when,
  );
  if (planned) planned.times -= 1;
  faults.failNext = faults.failNext.filter(({ times }) => times > 0);
  return planned;
}
