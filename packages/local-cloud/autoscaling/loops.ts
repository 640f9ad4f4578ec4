import type { World } from "../world/world.ts";
import { forgetEnded, MONITORING_SECONDS, monitor, SCALING_SECONDS, scale } from "./scaling.ts";

/** When each task of each group runs; what it then does is in scaling.ts. */
export class ScalingLoops {
  readonly #world: World;
  /** When a task of a group last ran. A restart begins anew. */
  readonly #lastRuns = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Runs what is due; what a look at the members finds is acted on by the next run of the scaling tasks. @returns whether something has changed */
  step(): boolean {
    let hasChanged = false;
    for (const group of this.#world.state.scalingGroups.values()) {
      if (forgetEnded(this.#world, group)) hasChanged = true;
      if (this.#isDue(`${group.uuid} scale`, SCALING_SECONDS) && scale(this.#world, group)) hasChanged = true;
      if (this.#isDue(`${group.uuid} monitor`, MONITORING_SECONDS) && monitor(this.#world, group)) hasChanged = true;
    }
    return hasChanged;
  }

  /** A task that is seen for the first time waits for one interval. */
  #isDue(task: string, seconds: number): boolean {
    const last = this.#lastRuns.get(task);
    const isDue = last !== undefined && this.#world.secondsSince(last) >= seconds;
    if (last === undefined || isDue) this.#lastRuns.set(task, this.#world.now().toISOString());
    return isDue;
  }
}
