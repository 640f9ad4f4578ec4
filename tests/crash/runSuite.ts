import type { Mode } from "./bench.ts";
import { runKill } from "./crashCase.ts";
import { runFaults } from "./faultCase.ts";
import { Life } from "./life.ts";
import { inShard, type Shard, sampled } from "./order.ts";
import { brokenOff, type Found } from "./outcome.ts";
import {
  type CrashPoint,
  crashPoints,
  type FaultPoint,
  falsifiedRunsOf,
  faultPoints,
  idOf,
  killsOf,
  type Point,
  stratumOf,
} from "./points.ts";
import type { Result } from "./results.ts";
import { CRASHED, type CrashedName, FALSIFIED, type FalsifiedName, serversIn } from "./scenarios.ts";

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
  const lives = new Map<string, Promise<Life>>();
  const lifeOf: LifeOf = ({ mode, scenario }) => {
    const servers = serversIn(scenario);
    const key = servers === undefined ? mode : `${mode}, ${servers} servers`;
    const life = lives.get(key) ?? Life.begin({ mode, servers });
    lives.set(key, life);
    return life;
  };
  try {
    const left = choose(await plan(options, lifeOf, edges), options, edges);
    const end = edges.now() + options.minutes * 60_000;
    for (const [index, points] of left.entries()) {
      if (edges.now() >= end) return edges.say(`${left.length - index} runs are left: the time is over`);
      const results = await runCase(lifeOf, points, edges);
      if (edges.isStopped()) return edges.say(`${left.length - index} runs are left: the next run goes on there`);
      for (const result of results) edges.add(result);
      for (const line of describe(results)) edges.say(`${index + 1}/${left.length} ${line}`);
    }
    for (const [key, life] of lives) edges.say(describeSpared(key, (await life).spared));
  } finally {
    for (const life of lives.values()) await life.then((each) => each.end());
  }
}

type LifeOf = (point: Pick<Point, "mode" | "scenario">) => Promise<Life>;

/** Every point of the commands that the filter leaves, from a rehearsal of each. */
async function plan({ suite, filter }: SuiteOptions, lifeOf: LifeOf, { say }: SuiteEdges): Promise<Point[]> {
  const points: Point[] = [];
  const names = Object.keys(suite === "crash" ? CRASHED : FALSIFIED);
  for (const mode of MODES) {
    for (const name of names.filter((each) => overlap([suite, mode, each].join(","), filter))) {
      const life = await lifeOf({ mode, scenario: name as Point["scenario"] });
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

/** Points of which one run stands for all. */
type Case = readonly Point[];

function choose(points: readonly Point[], { seed, filter, shard }: SuiteOptions, edges: SuiteEdges): Case[] {
  const chosen = points.filter((point) => idOf(point).startsWith(filter));
  const cases = casesOf(chosen);
  const names = {
    idOf: (each: Case) => each.map(idOf).join(),
    stratumOf: (each: Case) => each.slice(0, 1).map(stratumOf).join(),
  };
  const ours = inShard(sampled(cases, seed, names), shard);
  const left = ours
    .map((each) => each.filter((point) => !edges.isFinished(idOf(point))))
    .filter(({ length }) => length > 0);
  edges.say(
    `${chosen.length} points in ${cases.length} runs, ${ours.length} runs of them in this part, ` +
      `${left.length} not finished with ${left.flat().length} points`,
  );
  return left;
}

function casesOf(points: readonly Point[]): Case[] {
  return [...killsOf(points.filter(isCrash)), ...falsifiedRunsOf(points.filter(isFault))];
}

const isCrash = (point: Point): point is CrashPoint => point.suite === "crash";
const isFault = (point: Point): point is FaultPoint => point.suite === "faults";

async function runCase(lifeOf: LifeOf, points: Case, { now }: SuiteEdges): Promise<Result[]> {
  const started = now();
  const [{ mode, scenario, suite }] = points as [Point];
  const life = await lifeOf({ mode, scenario });
  const found: readonly Found<Point>[] = await run(life, points).catch((error: unknown) =>
    points.map((point) => ({ point, outcome: brokenOff(error) })),
  );
  const tried = found.filter(({ sameAs }) => sameAs === undefined).length;
  const seconds = Math.round((now() - started) / 1000 / Math.max(tried, 1));
  return found.map(({ point, outcome, sameAs }) => {
    const others = sameAs === undefined ? { seconds } : { seconds: 0, sameAs };
    return { id: idOf(point), suite, mode, scenario, ...outcome, ...others };
  });
}

async function run(life: Life, points: Case): Promise<Found<Point>[]> {
  return [...(await runKill(life, points.filter(isCrash))), ...(await runFaults(life, points.filter(isFault)))];
}

/** A line for each point that was tried, and one for all that are the same. */
function describe(results: readonly Result[]): string[] {
  const tried = results.filter(({ sameAs }) => sameAs === undefined);
  const lines = tried.map(({ verdict, seconds, id }) => `${verdict}, ${seconds} s: ${id}`);
  const same = results.length - tried.length;
  return same === 0 ? lines : [...lines, `and ${same} points that are the same as one that was tried`];
}

const describeSpared = (key: string, { endings, previews }: Life["spared"]): string =>
  `${key}: known, since the same was there before: what comes next ${endings} times, the preview ${previews} times`;

/** Whether one is the beginning of the other. */
const overlap = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(`${one},`);
