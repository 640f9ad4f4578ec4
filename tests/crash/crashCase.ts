import type { Bench } from "./bench.ts";
import { breakAt } from "./breakRun.ts";
import { type Expected, judgePlanet, namedLeftovers } from "./judge.ts";
import type { Life } from "./life.ts";
import { observe } from "./observe.ts";
import { NOT_REACHED, type Outcome, outcomeOf, tailOf } from "./outcome.ts";
import { type CrashPoint, callOf, mayLeaveServer, type Recovery } from "./points.ts";
import { CRASHED } from "./scenarios.ts";

const UP = ["up", "--yes", "--skip-preview"];

/** Kills a command at one call, goes on from there as an operator would, and looks at what is there then. */
export async function runCrashPoint(life: Life, point: CrashPoint): Promise<Outcome> {
  const { bench } = life;
  const scenario = CRASHED[point.scenario];
  const expected = await expectedOf(life, point);
  await life.putBefore(scenario);
  const where = { call: callOf(point.call), stage: point.stage, victim: point.victim };
  const { wasReached } = await breakAt(bench.proxy, where, () => scenario.start(bench));
  if (!wasReached) return NOT_REACHED;

  bench.proxy.begin();
  const way = await recover(life, point.recovery);
  const { address } = expected;
  if (way.failure !== undefined) return outcomeOf([way.failure, ...judgePlanet(await observe(bench), { address })]);
  return look(bench, { address, release: expected.releases[way.to], mayLeaveServer: mayLeaveServer(point) });
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

async function look(bench: Bench, expected: Expected): Promise<Outcome> {
  const observed = await observe(bench);
  const preview = await bench.pulumi("preview", "--expect-no-changes");
  const unclean = preview.exitCode === 0 ? [] : [`the preview is not clean:\n${tailOf(preview.output, 20)}`];
  return outcomeOf([...judgePlanet(observed, expected), ...unclean], namedLeftovers(observed));
}

interface Way {
  /** Which settings are deployed in the end; those of a rollback are neither. */
  readonly to: "first" | "second" | "rolled back";
  readonly failure?: string;
}

/** `pulumi cancel` first where the stack is locked, as docs/state.md says. */
async function recover(life: Life, recovery: Recovery): Promise<Way> {
  const { bench } = life;
  if (await bench.isLocked()) await bench.succeed("cancel", "--yes");
  if (recovery === "rollback") return rollBack(life);
  const to = recovery === "back" ? "first" : "second";
  await bench.checkOut(to);
  return { to, ...(await upFails(bench)) };
}

async function upFails(bench: Bench): Promise<{ failure?: string }> {
  const { exitCode, output } = await bench.pulumi(...UP);
  return exitCode === 0 ? {} : { failure: `\`pulumi up\` ended with ${exitCode}:\n${tailOf(output)}` };
}

/**
 * A run that was killed is taken back to what was in service before it; one that had changed nothing yet is unknown, and
 * the update before it goes. Where there is nothing to go back to, the verb says so and changes nothing; then comes `up`.
 */
async function rollBack(life: Life): Promise<Way> {
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
  if (!output.includes("Nothing was changed")) {
    return { to: "rolled back", failure: `\`planet rollback\` ended with ${exitCode}:\n${tailOf(output)}` };
  }
  return { to: "second", ...(await upFails(bench)) };
}
