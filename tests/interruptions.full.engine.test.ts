import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Bench, type Moment, STACK } from "./crash/bench.ts";
import { breakAt, interruptAfter } from "./crash/breakRun.ts";
import type { Intercept } from "./crash/faultProxy.ts";
import type { Ended } from "./crash/running.ts";
import { read } from "./harness/testCloud.ts";
import { typedIn } from "./harness/typed.ts";

const MINUTES = 60_000;
const MOVE = { name: "AssociateAddress", nth: 1 };

/** Ways in which an update can end too early, by what they do to one that moves the address to a new server. */
const BROKEN: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "Ctrl-C": async (bench) => {
    await bench.succeed("config", "set", "planet:draining", "30");
    expect(await interruptAfter("draining for 30 s", update(bench))).toMatchObject({ wasReached: true });
    await bench.checkOut("second");
  },
  "a network that was gone": async (bench) => {
    bench.proxy.begin(goneFrom(MOVE.name));
    expect((await update(bench).ended).exitCode).not.toBe(0);
  },
  "a plugin that died": async (bench) => {
    const point = { call: MOVE, stage: "acted", victim: "plugin" } as const;
    expect(await breakAt(bench.proxy, point, () => update(bench))).toMatchObject({ wasReached: true });
  },
  "a new server that was not ready": async (bench) => {
    bench.cloud.nextBoot = "failed";
    const before = bench.cloud.instances();
    expect((await update(bench).ended).exitCode).not.toBe(0);
    bench.cloud.nextBoot = "ready";
    for (const server of bench.cloud.instances()) if (!before.includes(server)) bench.cloud.becomes(server, "ready");
  },
};

/** From the first call of that name on, no call gets through. */
function goneFrom(name: string): Intercept {
  let isGone = false;
  return (call) => {
    isGone ||= call.name === name;
    return isGone ? { reachesCloud: false, reply: () => "reset" } : undefined;
  };
}

const update = (bench: Bench) => bench.start("up", "--yes", "--skip-preview");

async function kill(bench: Bench): Promise<void> {
  const point = { call: MOVE, stage: "acted", victim: "engine" } as const;
  expect(await breakAt(bench.proxy, point, () => update(bench))).toMatchObject({ wasReached: true });
}

const outputsOf = (bench: Bench) => bench.readState().outputs;

// What docs/operating.md and docs/state.md say to type after an interruption is what is typed here. The servers only pretend.
describe("after an interrupted update, the commands in the documents are enough", () => {
  let bench: Bench;
  let planet: Moment;
  let first: Record<string, string>;
  beforeAll(async () => {
    bench = await Bench.create({ mode: "vpc", name: "crash-interruptions" });
    await bench.checkOut("first");
    await bench.succeed("up", "--yes", "--skip-preview");
    first = outputsOf(bench);
    planet = await bench.save();
  }, 5 * MINUTES);
  afterAll(() => bench?.stop(), MINUTES);

  async function begin(): Promise<void> {
    await bench.restore(planet);
    await bench.checkOut("second");
  }

  /** Where the documents name a stack `prod` and somebody would say yes. */
  async function type(document: string, name: string): Promise<string> {
    bench.proxy.begin();
    let output = "";
    for (const [, program = "", verb = "", ...words] of typedIn(document, name)) {
      const named = words.map((word) => (word === "prod" ? STACK : word));
      const yes = verb === "up" ? ["--yes", "--skip-preview"] : verb === "rollback" ? ["--yes"] : [];
      const result: Ended | { exitCode: number; output: string } =
        program === "pulumi"
          ? await bench.pulumi(verb, ...named, ...yes)
          : await bench.project.planet(verb, ...named, ...yes);
      if (result.exitCode !== 0) throw new Error(`${program} ${verb} ended with ${result.exitCode}:\n${result.output}`);
      output += result.output;
    }
    return output;
  }

  /** One address, as before, on the one server, which serves its release; nothing is left over or unfinished. */
  async function expectPlanet(): Promise<void> {
    const { address = "", instanceId, release } = outputsOf(bench);
    expect({ address, servers: bench.cloud.instances(), holder: bench.cloud.holder(address) }).toEqual({
      ...{ address: first.address, servers: [instanceId] },
      holder: instanceId,
    });
    expect(await read(`http://${address}/status.json`)).toContain(`"release":"${release}"`);
    expect((await bench.project.planet("doctor", "--stack", STACK)).output).toMatch(/ok +leftovers +none/);
    expect((await bench.project.planet("status", "--stack", STACK)).output).not.toMatch(/PROBLEM +state/);
  }

  async function expectEnded(): Promise<void> {
    expect(outputsOf(bench).release).not.toBe(first.release);
    await expectPlanet();
    await bench.succeed("preview", "--expect-no-changes");
  }

  const interval = async () => /PLANET_INTERVAL='(\d+)'/.exec((await bench.pulumi("stack", "export")).stdout)?.[1];

  describe.each(Object.entries(BROKEN))("%s", (_, breakOff) => {
    test(
      "end it",
      async () => {
        await begin();
        await breakOff(bench);
        await type("docs/operating.md", "end it");
        await expectEnded();
      },
      4 * MINUTES,
    );

    test(
      "take it back",
      async () => {
        await begin();
        await breakOff(bench);
        await type("docs/operating.md", "take it back");
        expect(await interval()).not.toBe("20");
        await expectPlanet();
      },
      4 * MINUTES,
    );
  });

  test(
    "a kill: end it",
    async () => {
      await begin();
      await kill(bench);
      await type("docs/operating.md", "end it after a kill");
      await expectEnded();
    },
    4 * MINUTES,
  );

  test(
    "a kill: take it back, although that run is not in the history",
    async () => {
      await begin();
      await kill(bench);
      const output = await type("docs/operating.md", "take it back after a kill");
      expect(output).toMatch(/was interrupted and is not in the history[\s\S]*Back to update 1/);
      expect(await interval()).not.toBe("20");
      await expectPlanet();
    },
    4 * MINUTES,
  );

  test(
    "a state that was cut off while it was written: by a command of ours, and by hand",
    async () => {
      await begin();
      const metadata = join(bench.statePath, ".pulumi", "stacks", "planet", `${STACK}.json.attrs`);
      truncateSync(metadata);
      expect(await type("docs/state.md", "cut off")).toContain(metadata);

      await bench.restore(planet);
      truncateSync(metadata);
      const bare = join(bench.project.directory, ".planet", "toolchain", "bin", "pulumi");
      const look = () =>
        execFileSync(bare, ["stack", "export", "--stack", STACK], {
          cwd: bench.project.directory,
          env: { ...process.env, PULUMI_BACKEND_URL: `file://${bench.statePath}`, PULUMI_CONFIG_PASSPHRASE: "planet" },
          stdio: "pipe",
        });
      expect(look).toThrow("failed to load checkpoint: EOF");
      for (const [program = "", folder = "", ...words] of typedIn("docs/state.md", "cut off, by hand")) {
        execFileSync(program, [folder.replace("/srv/planet/state", bench.statePath), ...words.map(unquoted)]);
      }
      expect(look).not.toThrow();
    },
    MINUTES,
  );
});

const unquoted = (word: string): string => word.replaceAll("'", "");
