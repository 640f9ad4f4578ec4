import { Bench, type BenchOptions, type Moment } from "./bench.ts";
import type { Call } from "./call.ts";
import { type Observed, observe } from "./observe.ts";
import type { Scenario, Start } from "./scenarios.ts";

/** What a case begins at. */
interface Place {
  readonly moment: Moment;
  readonly seen: Observed;
}

/** A bench with the places that cases begin at; each is made when a case first needs it. */
export class Life {
  readonly bench: Bench;
  readonly #places = new Map<Start, Place>();

  static async begin(options: BenchOptions): Promise<Life> {
    const life = new Life(await Bench.create(options));
    await life.#keep("nothing");
    return life;
  }

  private constructor(bench: Bench) {
    this.bench = bench;
  }

  /** What was seen at that place. */
  async seen(start: Start): Promise<Observed> {
    return (await this.#place(start)).seen;
  }

  /** Everything is as it was before that command, which only has to be started. */
  async putBefore({ from, prepare }: Scenario): Promise<void> {
    await this.bench.restore((await this.#place(from)).moment);
    await this.bench.checkOut("second");
    await prepare?.(this.bench);
  }

  /** The calls of an undisturbed command. @throws {Error} when it fails. */
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

  async #place(start: Start): Promise<Place> {
    const known = this.#places.get(start);
    if (known) return known;
    if (start === "nothing") throw new Error("every life begins with nothing");
    await this.bench.restore((await this.#place(start === "first" ? "nothing" : "first")).moment);
    await this.bench.checkOut(start);
    await this.bench.succeed("up", "--yes", "--skip-preview");
    return this.#keep(start);
  }

  async #keep(start: Start): Promise<Place> {
    const seen = await observe(this.bench);
    const place = { seen, moment: await this.bench.save() };
    this.#places.set(start, place);
    return place;
  }
}
