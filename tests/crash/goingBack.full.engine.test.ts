import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { read } from "../harness/testCloud.ts";
import { Bench, type Mode, type Moment } from "./bench.ts";
import { breakAt, interruptAfter } from "./breakRun.ts";
import { falsify } from "./faults.ts";
import type { Victim } from "./processes.ts";

const MINUTES = 60_000;
const MOVE = { name: "AssociateAddress", nth: 1 };

// The stories of issue 8, point 1. A planet runs with its first settings; an update to the second ones is interrupted when
// the address has moved; the operator goes back to the first settings. Proves that the address is on the server that lives
// then, and that readers are served. Once with the engine's own refresh and once without: people roll back to commits that
// have no such option, so the provider alone has to be enough.
describe.each<{ mode: Mode; refresh: boolean }>([
  { mode: "edge", refresh: false },
  { mode: "edge", refresh: true },
  { mode: "vpc", refresh: false },
  { mode: "vpc", refresh: true },
])("going back on a cloud in mode $mode, refresh: $refresh", ({ mode, refresh }) => {
  let bench: Bench;
  let planet: Moment;
  let before: Record<string, string>;
  beforeAll(async () => {
    bench = await Bench.create({ mode, refresh, name: `back-${mode}-${refresh}` });
    await bench.checkOut("first");
    await bench.succeed("up", "--yes", "--skip-preview");
    before = bench.readState().outputs;
    planet = await bench.save();
  }, 5 * MINUTES);
  afterAll(() => bench?.stop(), MINUTES);

  const update = () => bench.start("up", "--yes", "--skip-preview");

  async function goBack() {
    bench.proxy.begin();
    if (await bench.isLocked()) await bench.succeed("cancel", "--yes");
    await bench.checkOut("first");
    await bench.succeed("up", "--yes", "--skip-preview");
  }

  async function expectPlanet() {
    const { address = "", instanceId, release } = bench.readState().outputs;
    const status = await read(`http://${address}/status.json`).catch(String);
    expect({
      address,
      release,
      holder: bench.cloud.holder(address),
      servers: bench.cloud.instances(),
      addresses: bench.cloud.cloud.describe().addresses.length,
    }).toEqual({
      address: before.address,
      release: before.release,
      holder: instanceId,
      servers: [instanceId],
      addresses: 1,
    });
    expect(status).toContain(`"release":"${release}"`);
    await bench.succeed("preview", "--expect-no-changes");
  }

  test.each<Victim>(["engine", "plugin"])(
    "after a kill of the %s when the address has moved",
    async (victim) => {
      await bench.restore(planet);
      await bench.checkOut("second");
      const broken = await breakAt(bench.proxy, { call: MOVE, stage: "acted", victim }, update);
      expect(broken).toMatchObject({ wasReached: true });
      await goBack();
      await expectPlanet();
    },
    3 * MINUTES,
  );

  test(
    "after AssociateAddress has moved the address and answered 500",
    async () => {
      await bench.restore(planet);
      await bench.checkOut("second");
      bench.proxy.begin(falsify({ call: MOVE, fault: "internal-error", isForEver: false }));
      await update().ended;
      expect(bench.proxy.calls).toContainEqual(expect.objectContaining(MOVE));
      await goBack();
      await expectPlanet();
    },
    3 * MINUTES,
  );

  test(
    "after Ctrl-C while the old server drains",
    async () => {
      await bench.restore(planet);
      await bench.checkOut("second");
      await bench.succeed("config", "set", "planet:draining", "30");
      const broken = await interruptAfter("draining for 30 s", update());
      expect(broken).toMatchObject({ wasReached: true });
      await goBack();
      await expectPlanet();
    },
    3 * MINUTES,
  );
});
