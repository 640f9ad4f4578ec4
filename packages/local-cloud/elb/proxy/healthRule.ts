import type { HealthCheck, ReportedState } from "../types.ts";

/** What is known of one server, from its checks. */
export interface Health {
  /** Absent: not decided yet. */
  readonly state?: ReportedState;
  /** Checks in a row with the same result. */
  readonly inARow: number;
  readonly lastOk?: boolean;
}

export const UNKNOWN: Health = { inARow: 0 };

/**
 * The first success puts a server in service at once; the healthy threshold counts only after it was out of service.
 * Source: Corymbia/load-balancer-servo `health_check.py`.
 */
export function afterCheck(
  { state, inARow, lastOk }: Health,
  isOk: boolean,
  { healthyThreshold, unhealthyThreshold }: Pick<HealthCheck, "healthyThreshold" | "unhealthyThreshold">,
): Health {
  const count = lastOk === isOk ? inARow + 1 : 1;
  const known = { inARow: count, lastOk: isOk };
  const isIn = isOk && (state !== "OutOfService" || count >= healthyThreshold);
  const isOut = !isOk && count >= unhealthyThreshold;
  const next = isIn ? "InService" : isOut ? "OutOfService" : state;
  return next === undefined ? known : { ...known, state: next };
}
