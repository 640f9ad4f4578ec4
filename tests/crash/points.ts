import type { AnswerFaultName } from "@planet/local-cloud/testing";
import type { Mode } from "./bench.ts";
import type { Stage } from "./breakRun.ts";
import { type Call, labelOf } from "./call.ts";
import { FAULT_NAMES } from "./faults.ts";
import type { Rehearsal } from "./life.ts";
import type { Victim } from "./processes.ts";
import type { CrashedName, FalsifiedName } from "./scenarios.ts";

/** What is done after a kill: the same again, the earlier settings, `planet rollback`. */
export type Recovery = "again" | "back" | "rollback";

/** One kill at one call of one command, and one way to continue from there. */
export interface CrashPoint {
  readonly suite: "crash";
  readonly mode: Mode;
  readonly scenario: CrashedName;
  readonly victim: Victim;
  readonly stage: Stage;
  /** {@link labelOf} the call. */
  readonly call: string;
  readonly recovery: Recovery;
  /** Of what was there at that place of the rehearsal. */
  readonly mark?: string | undefined;
}

/** One fault at one call of one command. */
export interface FaultPoint {
  readonly suite: "faults";
  readonly mode: Mode;
  readonly scenario: FalsifiedName;
  readonly fault: AnswerFaultName;
  readonly lasting: "once" | "for ever";
  readonly call: string;
  /** {@link Call.isRead} */
  readonly isRead?: boolean;
}

export type Point = CrashPoint | FaultPoint;

const VICTIMS: readonly Victim[] = ["engine", "plugin"];
const RECOVERIES: readonly Recovery[] = ["again", "back", "rollback"];

/** Names a point for a person and for `--filter`: from the general to the particular. */
export function idOf(point: Point): string {
  const { suite, mode, scenario, call } = point;
  const how = point.suite === "crash" ? [point.victim, point.stage] : [point.fault, point.lasting];
  const then = point.suite === "crash" ? [point.recovery] : [];
  return [suite, mode, scenario, ...how, call, ...then].join(",");
}

/** Points of one stratum are alike; a sample takes as many of each. Those that take minutes are one stratum in all. */
export function stratumOf(point: Point): string {
  if (point.suite === "crash") {
    const { mode, scenario, victim, recovery } = point;
    return [mode, scenario, victim, recovery].join();
  }
  const { mode, scenario, fault, lasting } = point;
  return fault === "no-answer" && lasting === "for ever" ? "minutes" : [mode, scenario, fault, lasting].join();
}

/**
 * A new server is tagged last, and the engine writes it down after that: what a kill in between has left looks the same as
 * one that is to be replaced by force. See docs/state.md.
 */
export function mayLeaveServer({ scenario, call }: CrashPoint): boolean {
  return ["first", "replacing"].includes(scenario) && call.startsWith("CreateTags#");
}

/**
 * Every kill that can leave something of its own, by the calls of a rehearsal. A read changes nothing in the cloud, so a
 * kill anywhere between two writes leaves what a kill after the first one's answer or one before the second leaves: only
 * writes are points. What is before the first write and behind the last one is stood for by the first and the last call.
 */
export function crashPoints(mode: Mode, scenario: CrashedName, { calls, markAt }: Rehearsal): CrashPoint[] {
  const writes = calls.filter(({ isRead }) => !isRead);
  const [first] = calls;
  const last = calls.at(-1);
  const places: [Call, Stage][] = [
    ...(first?.isRead ? [[first, "before"] as [Call, Stage]] : []),
    ...writes.flatMap((call) =>
      (["before", "acted", "answered"] as const).map((stage): [Call, Stage] => [call, stage]),
    ),
    ...(last?.isRead ? [[last, "answered"] as [Call, Stage]] : []),
  ];
  return places.flatMap(([call, stage]) =>
    VICTIMS.flatMap((victim) =>
      RECOVERIES.map((recovery): CrashPoint => {
        return {
          suite: "crash",
          mode,
          scenario,
          victim,
          stage,
          call: labelOf(call),
          recovery,
          mark: markAt(call, stage),
        };
      }),
    ),
  );
}

/**
 * Points that one kill stands for. What a kill leaves is what cloud and state were at that moment, and which operations were
 * under way, which is in the state. So where a rehearsal has found the same at two places, a kill leaves the same at both.
 */
export function killsOf(points: readonly CrashPoint[]): CrashPoint[][] {
  return [...Map.groupBy(points, killOf).values()];
}

function killOf(point: CrashPoint): string {
  const { mode, scenario, victim, stage, call, mark = `${stage} ${call}` } = point;
  return [mode, scenario, victim, mark, mayLeaveServer(point)].join();
}

/** Every fault of every call. A read that is asked again with no write in between is the same point. */
export function faultPoints(mode: Mode, scenario: FalsifiedName, { calls }: Pick<Rehearsal, "calls">): FaultPoint[] {
  return withoutRepeats(calls).flatMap((call) =>
    FAULT_NAMES.flatMap((fault) =>
      (["once", "for ever"] as const).map((lasting): FaultPoint => {
        return { suite: "faults", mode, scenario, fault, lasting, call: labelOf(call), isRead: call.isRead };
      }),
    ),
  );
}

/**
 * Points that are looked at together, those that last for ever first: a run may show that it was one that lasts once. A
 * read changes nothing, so it is the same to a client whether the connection broke before the cloud acted or after.
 */
export function falsifiedRunsOf(points: readonly FaultPoint[]): FaultPoint[][] {
  const groups = Map.groupBy(points, ({ mode, scenario, call, fault, isRead }) => {
    return [mode, scenario, call, isRead && fault === "lost-answer" ? "lost-request" : fault].join();
  });
  const isForEver = ({ lasting }: FaultPoint) => Number(lasting === "for ever");
  return [...groups.values()].map((those) => those.toSorted((left, right) => isForEver(right) - isForEver(left)));
}

function withoutRepeats(calls: readonly Call[]): Call[] {
  const asked = new Set<string>();
  return calls.filter(({ name, isRead }) => {
    if (!isRead) asked.clear();
    const isNew = !asked.has(name);
    if (isRead) asked.add(name);
    return isNew;
  });
}

/** The call that a label names. */
export function callOf(label: string): Pick<Call, "name" | "nth"> {
  const [, name = "", nth = ""] = /^(.*)#(\d+)$/.exec(label) ?? [];
  return { name, nth: Number(nth) };
}
