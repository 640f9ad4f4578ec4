import type { Pace } from "../http/pace.ts";

/** Time that passes only by sleeping, and random numbers that the test chooses. */
export function fakePace(random = 0.5): Pace & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => waits.reduce((sum, ms) => sum + ms, 0),
    sleep(ms) {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => random,
    every: () => () => {},
  };
}
