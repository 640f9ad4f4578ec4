import { Bench, type BenchOptions, type Moment } from "./bench.ts";
import type { Stage } from "./breakRun.ts";
import { type Call, labelOf } from "./call.ts";
import type { Intercept } from "./faultProxy.ts";
import { Known } from "./known.ts";
import { type Observed, observe } from "./observe.ts";
import { type Outcome, tailOf } from "./outcome.ts";
import { markOf } from "./pair.ts";
import type { Scenario, Start } from "./scenarios.ts";

/** What a case begins at. */
interface Place {
  readonly moment: Moment;
  readonly seen: Observed;
}

/** An undisturbed command. */
export interface Rehearsal {
  readonly calls: readonly Call[];
  /** Of what was there at that stage of that call; equal for what is the same. Absent where it cannot be known. */
  readonly markAt: (call: Call, stage: Stage) => string | undefined;
}

/** A bench with the places that cases begin at; each is made when a case first needs it. */
export class Life {
  readonly bench: Bench;
  /** What comes of what is there after a kill or a fault. */
  readonly endings = new Known<Outcome>();
  readonly #previews = new Known<string[]>();
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

  /** @throws {Error} when it fails. */
  async rehearse(scenario: Scenario): Promise<Rehearsal> {
    await this.putBefore(scenario);
    const marks = new Map<string, string | undefined>();
    this.bench.proxy.begin(this.#marking(marks));
    const { exitCode, output } = await scenario.start(this.bench).ended;
    if (exitCode !== 0) throw new Error(`the rehearsal ended with ${exitCode}:\n${output}`);
    const { calls } = this.bench.proxy;
    return { calls, markAt: (call, stage) => marks.get(`${stage} ${labelOf(call)}`) };
  }

  /** What is wrong with the preview that follows. What is there is looked at once for all that is the same. */
  async judgePreview(settings: string): Promise<string[]> {
    const { value } = await this.#previews.once(markOf(this.bench.look(), settings), settings, async () => {
      const { exitCode, output } = await this.bench.pulumi("preview", "--expect-no-changes");
      return exitCode === 0 ? [] : [`the preview is not clean:\n${tailOf(output, 20)}`];
    });
    return value;
  }

  /** Ways on and previews that were not gone again, since the same was there. */
  get spared(): { readonly endings: number; readonly previews: number } {
    return { endings: this.endings.spared, previews: this.#previews.spared };
  }

  #marking(marks: Map<string, string | undefined>): Intercept {
    return (call) => {
      const mark = (stage: Stage) => void marks.set(`${stage} ${labelOf(call)}`, markOf(this.bench.look()));
      mark("before");
      return {
        reachesCloud: true,
        reply: (real) => {
          mark("acted");
          return real ?? "reset";
        },
        after: () => mark("answered"),
      };
    };
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
