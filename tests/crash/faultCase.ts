import { read } from "../harness/testCloud.ts";
import type { Bench } from "./bench.ts";
import type { Call } from "./call.ts";
import { falsify, isMetOnce } from "./faults.ts";
import { type Expected, judgeLoss, judgeNothing, judgePlanet, namedLeftovers } from "./judge.ts";
import { judgeMessage, judgePatience } from "./judgeCommand.ts";
import type { Life } from "./life.ts";
import { type Observed, observe } from "./observe.ts";
import { brokenOff, type Found, NOT_REACHED, type Outcome, outcomeOf, tailOf } from "./outcome.ts";
import { markOf } from "./pair.ts";
import { callOf, type FaultPoint, idOf } from "./points.ts";
import { familyOf, kill } from "./processes.ts";
import type { Ended, Running } from "./running.ts";
import { EDITED_NAME, FALSIFIED, type Scenario } from "./scenarios.ts";

/** Longer than the client waits for three answers that never come, several times. */
const COMMAND_LIMIT_MS = 12 * 60_000;

/** Falsifies one answer, or all from there on, of one command; then lifts the fault and runs the command again. */
export async function runFaultPoint(life: Life, point: FaultPoint): Promise<Outcome> {
  const [found] = await runFaults(life, [point]);
  return found?.outcome ?? NOT_REACHED;
}

/** The same for points that are looked at together (`falsifiedRunsOf`). */
export async function runFaults(life: Life, points: readonly FaultPoint[]): Promise<Found<FaultPoint>[]> {
  const [tried, ...others] = points;
  if (!tried) return [];
  const run = await falsifiedRun(life, tried);
  const isSame = (point: FaultPoint) => point.lasting === tried.lasting || run.isOnce;
  const same = others.filter(isSame).map((point) => ({ point, outcome: outcomeFor(point, run), sameAs: idOf(tried) }));
  const left = others.filter((point) => !isSame(point));
  return [{ point: tried, outcome: outcomeFor(tried, run) }, ...same, ...(await runFaults(life, left))];
}

interface FalsifiedRun {
  readonly result: Ended;
  /** The call that the fault was for, when it came. */
  readonly met: Call | undefined;
  /** The fault met no more calls than one that is meant once. */
  readonly isOnce: boolean;
  readonly complaints: readonly string[];
  /** What came of the same command, undisturbed. */
  readonly after: Outcome;
}

async function falsifiedRun(life: Life, point: FaultPoint): Promise<FalsifiedRun> {
  const { bench } = life;
  const { fault } = point;
  const scenario: Scenario = FALSIFIED[point.scenario];
  const before = await life.seen(scenario.from);
  const { release } = (await life.seen("second")).state;
  await life.putBefore(scenario);
  const call = callOf(point.call);
  bench.proxy.begin(falsify({ call, fault, isForEver: point.lasting === "for ever" }));
  const result = await withinLimit(scenario.start(bench));
  const { calls } = bench.proxy;
  const met = calls.find(({ name, nth }) => name === call.name && nth === call.nth);
  const isOnce = isMetOnce({ call, fault }, calls);
  if (!met) return { result, met, isOnce, complaints: [], after: NOT_REACHED };

  const during = await observe(bench);
  const complaints = [
    ...(scenario.leaves === "planet" ? judgeLoss(before, during) : []),
    ...(await judgeResult(bench, point, { result, met, during, release })),
  ];
  return { result, met, isOnce, complaints, after: await endWell(life, point, { before, release }) };
}

/** Only whether a command was patient enough depends on how long a fault lasts. */
function outcomeFor(point: FaultPoint, { met, result, complaints, after }: FalsifiedRun): Outcome {
  if (!met) return NOT_REACHED;
  const all = [...complaints, ...judgePatience(point, met, result)];
  return after.verdict === "failed" ? outcomeOf([...all, ...after.complaints]) : outcomeOf(all, after.complaints);
}

async function withinLimit(run: Running): Promise<Ended> {
  const timer = setTimeout(() => {
    for (const { pid } of familyOf(run.pid)) kill(pid, "SIGKILL");
  }, COMMAND_LIMIT_MS);
  return run.ended.finally(() => clearTimeout(timer));
}

interface Ending {
  readonly result: Ended;
  /** The call that the fault was for. */
  readonly met: Call;
  readonly during: Observed;
  readonly release: string | undefined;
}

/** "Done" has to be true, and a failure has to be explained. */
async function judgeResult(
  bench: Bench,
  point: FaultPoint,
  { result, met, during, release }: Ending,
): Promise<string[]> {
  if (result.exitCode !== 0) return judgeMessage(met, result, bench.proxy.endpoint);
  const isEnd = FALSIFIED[point.scenario].leaves === "nothing";
  const wrong = isEnd ? judgeNothing(during) : judgePlanet(during, { release });
  const unpublished = point.scenario === "content" && !(await isPublished(bench)) ? ["the edit is not published"] : [];
  return [...wrong, ...unpublished].map((text) => `exit 0, but ${text}`);
}

async function isPublished({ cloud }: Bench): Promise<boolean> {
  const text = await read(`${cloud.endpoint}/services/objectstorage/planet/planet.ini`).catch(() => "");
  return text.includes(EDITED_NAME);
}

interface Before {
  readonly before: Observed;
  readonly release: string | undefined;
}

/** The same command, undisturbed. What comes of it is looked at once for all that is the same. */
async function endWell(life: Life, { scenario: name }: FaultPoint, facts: Before): Promise<Outcome> {
  const scenario: Scenario = FALSIFIED[name];
  const isEdited = name === "content";
  // Its settings are what is deployed: no server is replaced.
  const instanceId = scenario.from === "second" ? facts.before.state.instanceId : undefined;
  const expected = { address: facts.before.state.address, release: facts.release, instanceId };
  const judgedBy = { leaves: scenario.leaves, isEdited, expected: Object.values(expected).map((each) => each ?? null) };
  const { value } = await life.endings.once(markOf(life.bench.look(), judgedBy), name, () =>
    runAgain(life, scenario, { expected, settings: isEdited ? "edited" : "second" }).catch(brokenOff),
  );
  return value;
}

async function runAgain(
  life: Life,
  scenario: Scenario,
  { expected, settings }: { readonly expected: Expected; readonly settings: string },
): Promise<Outcome> {
  const { bench } = life;
  bench.proxy.begin();
  if (await bench.isLocked()) await bench.succeed("cancel", "--yes");
  const isEnd = scenario.leaves === "nothing";
  const { exitCode, output } = await bench.pulumi(isEnd ? "destroy" : "up", "--yes", "--skip-preview");
  const failure = exitCode === 0 ? [] : [`afterwards it ended with ${exitCode}:\n${tailOf(output)}`];
  const observed = await observe(bench);
  if (isEnd) return outcomeOf([...failure, ...judgeNothing(observed)]);

  const unclean = failure.length === 0 ? await life.judgePreview(settings) : [];
  const complaints = [...failure, ...judgePlanet(observed, expected), ...unclean];
  return outcomeOf(
    complaints.map((text) => `afterwards: ${text}`),
    namedLeftovers(observed),
  );
}
