import { read } from "../harness/testCloud.ts";
import type { Bench } from "./bench.ts";
import type { Call } from "./call.ts";
import { falsify } from "./faults.ts";
import { judgeLoss, judgeNothing, judgePlanet, namedLeftovers } from "./judge.ts";
import { judgeMessage, judgePatience } from "./judgeCommand.ts";
import type { Life } from "./life.ts";
import { type Observed, observe } from "./observe.ts";
import { NOT_REACHED, type Outcome, outcomeOf, tailOf } from "./outcome.ts";
import { callOf, type FaultPoint } from "./points.ts";
import { familyOf, kill } from "./processes.ts";
import type { Ended, Running } from "./running.ts";
import { EDITED_NAME, FALSIFIED, type Scenario } from "./scenarios.ts";

/** Longer than the client waits for three answers that never come, several times. */
const COMMAND_LIMIT_MS = 12 * 60_000;

/** Falsifies one answer, or all from there on, of one command; then lifts the fault and runs the command again. */
export async function runFaultPoint(life: Life, point: FaultPoint): Promise<Outcome> {
  const { bench } = life;
  const scenario: Scenario = FALSIFIED[point.scenario];
  const before = await life.seen(scenario.from);
  const { release } = (await life.seen("second")).state;
  await life.putBefore(scenario);
  const call = callOf(point.call);
  bench.proxy.begin(falsify({ call, fault: point.fault, isForEver: point.lasting === "for ever" }));
  const result = await withinLimit(scenario.start(bench));
  const met = bench.proxy.calls.find(({ name, nth }) => name === call.name && nth === call.nth);
  if (!met) return NOT_REACHED;

  const during = await observe(bench);
  const complaints = [
    ...(scenario.leaves === "planet" ? judgeLoss(before, during) : []),
    ...(await judgeResult(bench, point, { result, met, during, release })),
    ...judgePatience(point, met, result),
  ];
  const after = await endWell(bench, scenario, { before, release });
  return outcomeOf([...complaints, ...after.complaints], after.leftovers);
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

/** The same command, undisturbed. */
async function endWell(
  bench: Bench,
  scenario: Scenario,
  { before, release }: { readonly before: Observed; readonly release: string | undefined },
): Promise<{ complaints: string[]; leftovers: string[] }> {
  bench.proxy.begin();
  if (await bench.isLocked()) await bench.succeed("cancel", "--yes");
  const isEnd = scenario.leaves === "nothing";
  const { exitCode, output } = await bench.pulumi(isEnd ? "destroy" : "up", "--yes", "--skip-preview");
  const failure = exitCode === 0 ? [] : [`afterwards it ended with ${exitCode}:\n${tailOf(output)}`];
  const observed = await observe(bench);
  if (isEnd) return { complaints: [...failure, ...judgeNothing(observed)], leftovers: [] };

  const { state } = before;
  const isSame = scenario.from === "second"; // its settings are what is deployed: no server is replaced
  const expected = { address: state.address, release, instanceId: isSame ? state.instanceId : undefined };
  const preview = failure.length === 0 ? await bench.pulumi("preview", "--expect-no-changes") : undefined;
  const unclean = preview && preview.exitCode !== 0 ? [`the preview is not clean:\n${tailOf(preview.output, 20)}`] : [];
  const complaints = [...failure, ...judgePlanet(observed, expected), ...unclean];
  return { complaints: complaints.map((text) => `afterwards: ${text}`), leftovers: namedLeftovers(observed) };
}
