import { exitCodeOf, type Finding } from "../../text/finding.ts";
import type { StatusFacts } from "./facts.ts";

/** `planet status --json`. docs/monitoring.md promises this shape to other programs. */
export interface StatusReport {
  /** Version of this shape. */
  readonly schema: 1;
  /** Name of the stack. */
  readonly stack: string;
  /** Whether nobody has to act; the exit code is 0 then, else 1. */
  readonly well: boolean;
  /** One for each line of the text, in its order. */
  readonly findings: readonly {
    /** What it is about: `address`, `server`, `page`, `https`, `feeds`, `repository`, `content`, `edit`, `update`, `state`, `lock`, `cloud`. */
    readonly topic: string;
    /** `problem`: somebody has to do something; `note`: worth a line; `ok`. */
    readonly level: "ok" | "note" | "problem";
    /** What there is, for people. */
    readonly text: string;
    /** What to do, for people; every problem has it. */
    readonly next?: string;
  }[];
  /** The stack's outputs by name, of the last update. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What answers at the address; `null` before the first deploy. Its `kind` is `planet`, `other` or `silent`; of a planet, read status.json. */
  readonly page: { readonly kind: string } | null;
}

export function statusReport({ stack, state, served }: StatusFacts, findings: readonly Finding[]): StatusReport {
  const well = exitCodeOf(findings) === 0;
  return { schema: 1, stack, well, findings, outputs: state.outputs, page: served ?? null };
}
