import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ANSWER_FAULTS, type AnswerFault, type AnswerFaultName } from "./answerFaults.ts";
import { type FaultName, isAnswerFault } from "./catalogue.ts";
import type { WantedFault } from "./wantedFault.ts";

/** A fault that waits for what it meets. */
export interface ActiveFault extends WantedFault {
  /** What it has met so far. */
  readonly met: number;
}

/** What goes wrong on purpose, and how often still. Nothing of it is kept over a restart. */
export class FaultLayer {
  #active: ActiveFault[] = [];
  readonly #waits = new Map<FaultName, AbortController>();

  get active(): readonly ActiveFault[] {
    return this.#active;
  }

  /** Replaces the same fault of the same action or instance. */
  set(wanted: WantedFault): void {
    const isSame = ({ fault, action, instance }: ActiveFault): boolean =>
      fault === wanted.fault && action === wanted.action && instance === wanted.instance;
    this.#active = [...this.#active.filter((one) => !isSame(one)), { ...wanted, met: 0 }];
  }

  /** Who waits because of it goes on. @param name all, when there is none. */
  clear(name?: FaultName): void {
    this.#active = this.#active.filter(({ fault }) => name !== undefined && fault !== name);
    for (const [fault, waits] of this.#waits) {
      if (name !== undefined && fault !== name) continue;
      waits.abort();
      this.#waits.delete(fault);
    }
  }

  find(name: FaultName): ActiveFault | undefined {
    return this.#active.find(({ fault }) => fault === name);
  }

  /** Counts a meeting; the last one of a fault ends it. */
  take(name: FaultName): ActiveFault | undefined {
    return this.#meet(this.find(name));
  }

  /** The fault that the answer of this operation meets, counted; the one set first wins. */
  takeForAnswer(operation: string): (ActiveFault & { readonly answer: AnswerFaultName }) | undefined {
    const meets = ({ fault, action }: ActiveFault): boolean => {
      if (!isAnswerFault(fault)) return false;
      const { operations }: AnswerFault = ANSWER_FAULTS[fault];
      return operations ? operations.includes(operation) : action === undefined || action === operation;
    };
    const met = this.#meet(this.#active.find(meets));
    return met && isAnswerFault(met.fault) ? { ...met, answer: met.fault } : undefined;
  }

  /** Waits the fault's seconds, or until it is cleared. */
  async wait({ fault, seconds = 0 }: ActiveFault): Promise<void> {
    const waits = this.#waits.get(fault) ?? new AbortController();
    setMaxListeners(0, waits.signal);
    this.#waits.set(fault, waits);
    await delay(seconds * 1000, undefined, { signal: waits.signal }).catch(() => undefined);
  }

  #meet(found: ActiveFault | undefined): ActiveFault | undefined {
    if (!found) return undefined;
    const after = { ...found, met: found.met + 1 };
    const isSpent = after.times !== undefined && after.met >= after.times;
    this.#active = this.#active.flatMap((one) => (one !== found ? [one] : isSpent ? [] : [after]));
    return after;
  }
}
