import { createHash } from "node:crypto";

/** Part `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * An order in which any beginning is a fair sample: one of each stratum in turn, within a stratum by lot. The same seed
 * gives the same order. Pure.
 */
export function sampled<T>(
  items: readonly T[],
  seed: string,
  { idOf, stratumOf }: { idOf: (item: T) => string; stratumOf: (item: T) => string },
): T[] {
  const lots = new Map(items.map((item) => [item, lot(seed, idOf(item))]));
  const drawn = items.toSorted((left, right) => ((lots.get(left) ?? "") < (lots.get(right) ?? "") ? -1 : 1));
  const rounds = new Map<string, number>();
  const numbered = drawn.map((item) => {
    const round = (rounds.get(stratumOf(item)) ?? 0) + 1;
    rounds.set(stratumOf(item), round);
    return { item, round };
  });
  return numbered.toSorted((left, right) => left.round - right.round).map(({ item }) => item);
}

export const inShard = <T>(items: readonly T[], { index, count }: Shard): T[] =>
  items.filter((_, position) => position % count === index - 1);

const lot = (seed: string, id: string): string => createHash("sha256").update(`${seed}\n${id}`).digest("hex");
