import type { Value } from "@planet/pulumi-plugin";

export type InputKind = "string" | "boolean" | "number" | "strings" | "stringMap" | "asset" | "object" | "objects";

/** What may be done with one input. */
export type InputRule = SupportedInput | RefusedInput;

export interface SupportedInput {
  readonly kind: InputKind;
  readonly required?: boolean;
  /** A change makes a new resource; `edge`: only there, because the cloud can change it in place in VPC mode. */
  readonly replaces?: boolean | "edge";
  /**
   * Chosen by the cloud where the program does not say. As with the official provider, to leave it out then keeps what is
   * there, and to write down what is there changes nothing; so an import and the program that one would write agree.
   */
  readonly computed?: boolean;
  /** Its value may be long or secret, and the engine would print it: problems name it in their text instead. */
  readonly hidden?: boolean;
  /** Reason why a wholly known value will not do. */
  readonly problem?: (value: Value) => string | undefined;
  /** Whether a change of known values means nothing. */
  readonly same?: (old: Value, now: Value) => boolean;
}

interface RefusedInput {
  readonly kind: "refused";
  /** Why the cloud cannot do it, and what to do instead. */
  readonly reason: string;
  /** Values that change nothing, because the cloud behaves so anyway. */
  readonly unless?: readonly Value[];
}

type Options = Omit<SupportedInput, "kind">;

export const text = (options: Options = {}): InputRule => ({ kind: "string", ...options });
export const flag = (options: Options = {}): InputRule => ({ kind: "boolean", ...options });
export const integer = (options: Options = {}): InputRule => ({ kind: "number", ...options });
export const object = (options: Options = {}): InputRule => ({ kind: "object", ...options });
export const objects = (options: Options = {}): InputRule => ({ kind: "objects", ...options });
export const stringMap = (options: Options = {}): InputRule => ({ kind: "stringMap", ...options });
export const asset = (options: Options = {}): InputRule => ({ kind: "asset", ...options });

export const textList = (options: Options = {}): InputRule => ({ kind: "strings", ...options });

/** A list whose order means nothing. */
export const textSet = (options: Options = {}): InputRule => ({ kind: "strings", same: sameMembers, ...options });

export const refused = (reason: string, unless: readonly Value[] = []): InputRule => ({
  kind: "refused",
  reason,
  unless,
});

/** Resources and functions can only be in the provider's region; checked where the region is known. */
export const region: InputRule = { kind: "string", computed: true };

/** Whether an input is the cloud's to choose where the program does not. */
export function isComputed(rule: InputRule | undefined): boolean {
  return rule !== undefined && rule.kind !== "refused" && (rule.computed ?? false);
}

function sameMembers(old: Value, now: Value): boolean {
  const sorted = (list: Value) => (Array.isArray(list) ? JSON.stringify(list.toSorted()) : "");
  return sorted(old) === sorted(now);
}
