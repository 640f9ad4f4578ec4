import type { Bench, Settings } from "./bench.ts";
import type { Running } from "./running.ts";

/** What the planet is before a command: not there, or deployed with these settings. */
export type Start = "nothing" | Settings;

/** A command of a stack's life. It runs with the second settings. */
export interface Scenario {
  readonly from: Start;
  /** Behind a balancer. @defaultValue one server behind an elastic address */
  readonly servers?: number;
  /** What the operator does before it; never interfered with. */
  readonly prepare?: (bench: Bench) => Promise<unknown>;
  readonly start: (bench: Bench) => Running;
  /** What is there when it has succeeded. */
  readonly leaves: "planet" | "nothing";
}

const YES = ["--yes", "--skip-preview"];
const up = (bench: Bench) => bench.start("up", ...YES);
/** In planet.ini of a content change. */
export const EDITED_NAME = "Light-house";
const SERVER = "aws:ec2/instance:Instance";

export const CRASHED = {
  first: { from: "nothing", start: up, leaves: "planet" },
  replacing: { from: "first", start: up, leaves: "planet" },
  replace: {
    from: "second",
    start: (bench) => bench.start("up", ...YES, "--replace", bench.urnOf(SERVER)),
    leaves: "planet",
  },
  taint: {
    from: "second",
    prepare: (bench) => bench.succeed("state", "taint", bench.urnOf(SERVER), "--yes"),
    start: up,
    leaves: "planet",
  },
  destroy: { from: "second", start: (bench) => bench.start("destroy", ...YES), leaves: "nothing" },
  servers: { from: "first", servers: 2, start: up, leaves: "planet" },
} as const satisfies Record<string, Scenario>;

export const FALSIFIED = {
  first: CRASHED.first,
  replacing: CRASHED.replacing,
  content: {
    from: "second",
    prepare: (bench) => bench.project.edit("site/planet.ini", (text) => text.replace("Lighthouse", EDITED_NAME)),
    start: up,
    leaves: "planet",
  },
  refresh: { from: "second", start: (bench) => bench.start("refresh", ...YES), leaves: "planet" },
  destroy: CRASHED.destroy,
} as const satisfies Record<string, Scenario>;

/** How many servers are behind a balancer in this scenario; undefined for one behind an elastic address. */
export function serversIn(name: CrashedName | FalsifiedName): number | undefined {
  const all: Readonly<Record<string, Scenario>> = { ...CRASHED, ...FALSIFIED };
  return all[name]?.servers;
}

export type CrashedName = keyof typeof CRASHED;
export type FalsifiedName = keyof typeof FALSIFIED;
