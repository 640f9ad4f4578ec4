import type { Mode } from "./bench.ts";
import { runCrashPoint } from "./crashCase.ts";
import { runFaultPoint } from "./faultCase.ts";
import { Life } from "./life.ts";
import { inShard, type Shard, sampled } from "./order.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { crashPoints, faultPoints, idOf, type Point, stratumOf } from "./points.ts";
import type { Result } from "./results.ts";
import { CRASHED, type CrashedName, FALSIFIED, type FalsifiedName } from "./scenarios.ts";

export interface SuiteOptions {
  readonly suite: Point["suite"];
  readonly shard: Shard;
  readonly seed: string;
  /** Beginning of an id; a whole id is one point. */
  readonly filter: string;
  /** After the rehearsals; no point begins later than this. */
  readonly minutes: number;
}

export interface SuiteEdges {
  readonly isFinished: (id: string) => boolean;
  readonly add: (result: Result) => void;
  /** Somebody wants an end: the point under way does not count, since its commands were interrupted, too. */
  readonly isStopped: () => boolean;
  readonly say: (line: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

const MODES: readonly Mode[] = ["edge", "vpc"];

/** Runs the points of a suite that are not finished, in an order in which any beginning is a fair sample. */
export async function runSuite(options: SuiteOptions, edges: SuiteEdges): Promise<void> {
  const lives = new Map<Mode, Promise<Life>>();
  const lifeIn = (mode: Mode): Promise<Life> => {
    const life = lives.get(mode) ?? Life.begin({ mode });
    lives.set(mode, life);
    return life;
  };
  try {
    const left = choose(await plan(options, lifeIn, edges), options, edges);
    const end = edges.now() + options.minutes * 60_000;
    for (const [index, point] of left.entries()) {
      if (edges.now() >= end) return edges.say(`${left.length - index} points are left: the time is over`);
      const result = await runPoint(await lifeIn(point.mode), point, edges);
      if (edges.isStopped()) return edges.say(`${left.length - index} points are left: the next run goes on there`);
      edges.add(result);
      edges.say(`${index + 1}/${left.length} ${result.verdict}, ${result.seconds} s: ${result.id}`);
    }
  } finally {
    for (const life of lives.values()) await life.then((each) => each.end());
  }
}

/** Every point of the commands that the filter leaves, from a rehearsal of each. */
async function plan(
  { suite, filter }: SuiteOptions,
  lifeIn: (mode: Mode) => Promise<Life>,
  { say }: SuiteEdges,
): Promise<Point[]> {
  const points: Point[] = [];
  const names = Object.keys(suite === "crash" ? CRASHED : FALSIFIED);
  for (const mode of MODES) {
    for (const name of names.filter((each) => overlap([suite, mode, each].join(","), filter))) {
      const life = await lifeIn(mode);
      if (suite === "crash") {
        const scenario = name as CrashedName;
        points.push(...crashPoints(mode, scenario, await life.rehearse(CRASHED[scenario])));
      } else {
        const scenario = name as FalsifiedName;
        points.push(...faultPoints(mode, scenario, await life.rehearse(FALSIFIED[scenario])));
      }
      say(`rehearsed ${mode}, ${name}: ${life.bench.proxy.calls.length} calls`);
    }
  }
  return points;
}

function choose(points: readonly Point[], { seed, filter, shard }: SuiteOptions, edges: SuiteEdges): Point[] {
  const chosen = points.filter((point) => idOf(point).startsWith(filter));
  const ours = inShard(sampled(chosen, seed, { idOf, stratumOf }), shard);
  const left = ours.filter((point) => !edges.isFinished(idOf(point)));
  edges.say(`${chosen.length} points, ${ours.length} of them in this part, ${left.length} not finished`);
  return left;
}

async function runPoint(life: Life, point: Point, { now }: SuiteEdges): Promise<Result> {
  const { suite, mode, scenario } = point;
  const started = now();
  const run = point.suite === "crash" ? runCrashPoint(life, point) : runFaultPoint(life, point);
  const outcome = await run.catch(brokenOff);
  const seconds = Math.round((now() - started) / 1000);
  return { id: idOf(point), suite, mode, scenario, ...outcome, seconds };
}

/** A command that has to succeed did not, or the state cannot be read. The next point begins from a copy again. */
const brokenOff = (error: unknown): Outcome => outcomeOf([error instanceof Error ? error.message : String(error)]);

/** Whether one is the beginning of the other. */
const overlap = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(`${one},`);
