import { expect, test } from "@jest/globals";
import type { Point } from "./points.ts";
import { describeFailures, tableOf } from "./report.ts";
import type { Result } from "./results.ts";
import { runSuite } from "./runSuite.ts";

/** For the points of each suite. The rehearsals before them, and the last points, take longer on a busy machine. */
const BUDGET_MINUTES = 7;
const LIMIT_MS = 60 * 60_000;
const SEED = process.env.PLANET_TEST_SEED ?? "1";

// A stratified sample; the whole is `npm run test:crash`.
test.each<Point["suite"]>(["crash", "faults"])(
  "no point of a sample of the suite %s fails",
  async (suite) => {
    const results: Result[] = [];
    const say = (line: string) => console.log(line);
    await runSuite(
      { suite, shard: { index: 1, count: 1 }, seed: SEED, filter: "", minutes: BUDGET_MINUTES },
      {
        isFinished: () => false,
        isStopped: () => false,
        add: (result) => void results.push(result),
        say,
        now: () => performance.now(),
      },
    );
    say(tableOf(results));
    expect(describeFailures(results)).toBe("");
    expect(results.length).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
