import type { Cost } from "./measure.ts";

/** One case, measured with both tools in turn; `theirs` is empty without Terraform. */
export interface Case {
  readonly name: string;
  readonly ours: readonly Cost[];
  readonly theirs: readonly Cost[];
}

/** The claim: at most a quarter of what Terraform with the AWS provider takes. */
const GOAL = 0.25;

const QUANTITIES = [
  { name: "wall time", key: "wallMs", unit: "s", divisor: 1_000 },
  { name: "processor time", key: "cpuMs", unit: "s", divisor: 1_000 },
  { name: "peak memory", key: "peakBytes", unit: "MB", divisor: 1_000_000 },
] as const;

/** The middle one; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper = Number.NaN, lower = Number.NaN] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}

/**
 * The median of the ratios of each pair of runs: neighbours in time, so what else the machine does falls on both.
 * Undefined when there is nothing to compare with.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number | undefined {
  const pairs = ours.slice(0, theirs.length).map((value, index) => value / (theirs[index] ?? Number.NaN));
  return pairs.length === 0 ? undefined : median(pairs);
}

/** Lines for people: what each case costs, the ratios, and whether the goal holds. */
export function reportText(cases: readonly Case[]): string {
  return cases
    .map((each) => [each.name, ...QUANTITIES.map((quantity) => line(each, quantity))].join("\n"))
    .join("\n\n");
}

function line({ ours, theirs }: Case, { name, key, unit, divisor }: (typeof QUANTITIES)[number]): string {
  const [mine, other] = [ours, theirs].map((costs) => costs.map((cost) => cost[key] / divisor));
  const show = (values: readonly number[] = []) => `${median(values).toFixed(unit === "s" ? 2 : 0)} ${unit}`;
  const ratio = ratioOf(mine ?? [], other ?? []);
  if (ratio === undefined) return `  ${name.padEnd(14)} ${show(mine)}`;
  const verdict = ratio <= GOAL ? "goal met" : `goal missed (at most ${GOAL})`;
  return `  ${name.padEnd(14)} ${show(mine)} beside ${show(other)}: ratio ${ratio.toFixed(2)}, ${verdict}`;
}
