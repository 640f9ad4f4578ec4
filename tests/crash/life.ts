import { Bench, type BenchOptions, type Mode, type Moment } from "./bench.ts";
import type { Call } from "./call.ts";
import { type Observed, observe } from "./observe.ts";
import type { Scenario, Start } from "./scenarios.ts";

/** A bench with the moments that cases begin at, each made once. */
export class Life {
  readonly bench: Bench;
  readonly #moments: Readonly<Record<Start, Moment>>;
  readonly #seen: Readonly<Record<Start, Observed>>;

  static async begin(options: BenchOptions): Promise<Life> {
    const bench = await Bench.create(options);
    const look = async () => ({ seen: await observe(bench), moment: await bench.save() });
    const deploy = async (settings: "first" | "second") => {
      await bench.checkOut(settings);
      await bench.succeed("up", "--yes", "--skip-preview");
      return look();
    };
    const nothing = await look();
    const first = await deploy("first");
    const second = await deploy("second");
    return new Life(bench, { nothing, first, second });
  }

  private constructor(bench: Bench, starts: Readonly<Record<Start, { seen: Observed; moment: Moment }>>) {
    const { nothing, first, second } = starts;
    this.bench = bench;
    this.#moments = { nothing: nothing.moment, first: first.moment, second: second.moment };
    this.#seen = { nothing: nothing.seen, first: first.seen, second: second.seen };
  }

  get mode(): Mode {
    return this.bench.mode;
  }

  /** What was seen there. */
  seen(start: Start): Observed {
    return this.#seen[start];
  }

  /** Everything is as it was before that command, which only has to be started. */
  async putBefore({ from, prepare }: Scenario): Promise<void> {
    await this.bench.restore(this.#moments[from]);
    await this.bench.checkOut("second");
    await prepare?.(this.bench);
  }

  /** The calls of a command that nobody disturbs. @throws {Error} when it fails. */
  async rehearse(scenario: Scenario): Promise<readonly Call[]> {
    await this.putBefore(scenario);
    this.bench.proxy.begin();
    const { exitCode, output } = await scenario.start(this.bench).ended;
    if (exitCode !== 0) throw new Error(`the rehearsal ended with ${exitCode}:\n${output}`);
    return this.bench.proxy.calls;
  }

  end(): Promise<void> {
    return this.bench.stop();
  }
}
