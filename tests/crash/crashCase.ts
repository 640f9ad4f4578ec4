import type { Moment } from "./bench.ts";
import { breakAt } from "./breakRun.ts";
import { judgePlanet, namedLeftovers } from "./judge.ts";
import type { Life } from "./life.ts";
import { observe } from "./observe.ts";
import { brokenOff, type Found, NOT_REACHED, type Outcome, outcomeOf, tailOf } from "./outcome.ts";
import { markOf } from "./pair.ts";
import { type CrashPoint, callOf, idOf, mayLeaveServer, type Recovery } from "./points.ts";
import { whileReading } from "./reader.ts";
import { CRASHED } from "./scenarios.ts";

const UP = ["up", "--yes", "--skip-preview"];

/** Kills a command at one call, goes on from there as an operator would, and looks at what is there then. */
export async function runCrashPoint(life: Life, point: CrashPoint): Promise<Outcome> {
  const [found] = await runKill(life, [point]);
  return found?.outcome ?? NOT_REACHED;
}

/**
 * The same for points that one kill stands for (`killsOf`): kills at the place of the first one that is reached, and goes on
 * from what is there in each way. A way that was gone from the same before is not gone again.
 */
export async function runKill(life: Life, points: readonly CrashPoint[]): Promise<Found<CrashPoint>[]> {
  const [first, ...others] = points;
  if (!first) return [];
  const isHere = ({ call, stage }: CrashPoint) => call === first.call && stage === first.stage;
  const killed = await killAt(life, first);
  if (!killed) {
    const here = points.filter(isHere).map((point) => ({ point, outcome: NOT_REACHED }));
    return [
      ...here,
      ...(await runKill(
        life,
        others.filter((point) => !isHere(point)),
      )),
    ];
  }
  const { moment, failures } = killed;
  const found: Found<CrashPoint>[] = [];
  for (const those of Map.groupBy(points, ({ recovery }) => recovery).values()) {
    const [tried, ...same] = those.toSorted((left, right) => Number(isHere(right)) - Number(isHere(left)));
    if (!tried) continue;
    const { value, sameAs } = await goOn(life, tried, moment);
    const outcome = withFailures(value, failures, "until the kill");
    found.push({ point: tried, outcome, sameAs });
    found.push(...same.map((point) => ({ point, outcome, sameAs: sameAs ?? idOf(tried) })));
  }
  await life.bench.forget(moment);
  return found;
}

interface Killed {
  readonly moment: Moment;
  /** Of readers at the balancer's name. */
  readonly failures: readonly string[];
}

const withFailures = (outcome: Outcome, failures: readonly string[], when: string): Outcome => {
  const [first] = failures;
  return first === undefined
    ? outcome
    : outcomeOf([`${failures.length} requests at the name failed ${when}: ${first}`, ...outcome.complaints]);
};

/**
 * `pulumi cancel` follows where the stack is locked, as docs/state.md says.
 * @returns what is there then, or undefined when the command came to its end.
 */
async function killAt(life: Life, { scenario: name, call, stage, victim }: CrashPoint): Promise<Killed | undefined> {
  const { bench } = life;
  const scenario = CRASHED[name];
  await life.putBefore(scenario);
  const where = { call: callOf(call), stage, victim };
  const { result, failures } = await whileReading(bench.balancerAddress, () =>
    breakAt(bench.proxy, where, () => scenario.start(bench)),
  );
  if (!result.wasReached) return undefined;
  bench.proxy.begin();
  if (await bench.isLocked()) await bench.succeed("cancel", "--yes");
  return { moment: await bench.save(), failures };
}

async function goOn(life: Life, point: CrashPoint, moment: Moment): Promise<Ending> {
  const expected = await expectedOf(life, point);
  await life.bench.restore(moment);
  await life.bench.checkOut("second");
  return goOnFromHere(life, point, expected);
}

interface Ending {
  readonly value: Outcome;
  readonly sameAs?: string;
}

/** A way that was gone from the same before is not gone again. */
function goOnFromHere(life: Life, point: CrashPoint, expected: Expectations): Promise<Ending> {
  const { recovery } = point;
  const { address = null } = expected;
  const pair = life.bench.look();
  // Only `planet rollback` reads the history.
  const history = recovery === "rollback" ? (pair?.history ?? []) : [];
  const mark = markOf(pair, { recovery, history, address, mayLeaveServer: mayLeaveServer(point) });
  return life.endings.once(mark, idOf(point), () => recoverAndLook(life, point, expected).catch(brokenOff));
}

async function recoverAndLook(life: Life, point: CrashPoint, expected: Expectations): Promise<Outcome> {
  const { bench } = life;
  const { result: way, failures } = await whileReading(bench.balancerAddress, () => recover(life, point.recovery));
  const outcome = await lookAt(life, point, expected, way);
  return withFailures(outcome, failures, "on the way on");
}

async function lookAt(life: Life, point: CrashPoint, expected: Expectations, way: Way | "nowhere"): Promise<Outcome> {
  const { bench } = life;
  const { address } = expected;
  if (way === "nowhere") return (await goOnFromHere(life, { ...point, recovery: "again" }, expected)).value;
  if (way.failure !== undefined) return outcomeOf([way.failure, ...judgePlanet(await observe(bench), { address })]);
  const observed = await observe(bench);
  const should = { address, release: expected.releases[way.to], mayLeaveServer: mayLeaveServer(point) };
  const complaints = [...judgePlanet(observed, should), ...(await life.judgePreview(way.to))];
  return outcomeOf(complaints, namedLeftovers(observed));
}

interface Expectations {
  readonly address: string | undefined;
  readonly releases: Readonly<Record<Way["to"], string | undefined>>;
}

async function expectedOf(life: Life, { scenario }: CrashPoint): Promise<Expectations> {
  const { from, leaves } = CRASHED[scenario];
  const [first, second] = [await life.seen("first"), await life.seen("second")];
  // A destroy gives the address up, and a first `up` has none before it.
  const address = from === "nothing" || leaves === "nothing" ? undefined : first.state.address;
  return { address, releases: { first: first.state.release, second: second.state.release, "rolled back": undefined } };
}

interface Way {
  /** Which settings are deployed in the end; those of a rollback are neither. */
  readonly to: "first" | "second" | "rolled back";
  readonly failure?: string;
}

async function recover(life: Life, recovery: Recovery): Promise<Way | "nowhere"> {
  const { bench } = life;
  if (recovery === "rollback") return rollBack(life);
  const to = recovery === "back" ? "first" : "second";
  await bench.checkOut(to);
  const { exitCode, output } = await bench.pulumi(...UP);
  return exitCode === 0 ? { to } : { to, failure: `\`pulumi up\` ended with ${exitCode}:\n${tailOf(output)}` };
}

/**
 * A run that was killed is taken back to what was in service before it; one that had changed nothing yet is unknown, and
 * the update before it goes. Where there is nothing to go back to, the verb says so and changes nothing; then comes `up`.
 */
async function rollBack(life: Life): Promise<Way | "nowhere"> {
  const { bench } = life;
  const { exitCode, output } = await bench.project.planet("rollback", "--yes");
  if (exitCode === 0) {
    const { release } = bench.readState().outputs;
    for (const to of ["first", "second"] as const) {
      if (release !== (await life.seen(to)).state.release) continue;
      await bench.checkOut(to);
      return { to };
    }
    await bench.checkOutRolledBack();
    return { to: "rolled back" };
  }
  if (output.includes("Nothing was changed")) return "nowhere";
  return { to: "rolled back", failure: `\`planet rollback\` ended with ${exitCode}:\n${tailOf(output)}` };
}
