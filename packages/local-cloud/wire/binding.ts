import { MissingField, PipelineFault } from "./faults.ts";
import type { Parameter } from "./target.ts";

export type Scalar = "string" | "int" | "boolean";

/** `?` marks what may be missing. `[x]` is a list `Name.N`; a nested shape is `Name.Field`; its key `""` is the bare name. */
type Field = Scalar | `${Scalar}?` | readonly [Scalar] | readonly [Shape] | Shape;
export interface Shape {
  readonly [name: string]: Field;
}

interface Values {
  string: string;
  int: number;
  boolean: boolean;
}

type BoundField<F> = F extends keyof Values
  ? Values[F]
  : F extends `${infer S extends keyof Values}?`
    ? Values[S] | undefined
    : F extends readonly [infer Inner]
      ? readonly (Inner extends keyof Values ? Values[Inner] : Bound<Inner>)[]
      : Bound<F> | undefined;

/** The value that an action gets for its declared parameters. */
export type Bound<S> = { readonly [K in keyof S]: BoundField<S[K]> };

type Raw = Record<string, unknown>;

/**
 * Binds wire parameters as Eucalyptus does: what is not declared is refused, all offenders at once; unknown fields
 * inside a list element are dropped; a list takes numbers with gaps and the bare name.
 * Source: Corymbia/eucalyptus `BaseQueryBinding.java`.
 * @throws {PipelineFault}
 * @throws {MissingField}
 */
export function bind<S extends Shape>(shape: S, parameters: readonly Parameter[]): Bound<S> {
  const failed: { name: string; value: string; unparsable: boolean }[] = [];
  const collected: Raw = Object.create(null) as Raw;
  for (const [name, value] of new Map(parameters)) {
    const outcome = place(shape, collected, name.split("."), value, false);
    if (outcome !== "bound") failed.push({ name, value, unparsable: outcome === "unparsable" });
  }
  if (failed.length > 0) {
    const lines = [
      "Failed to bind the following fields:",
      ...failed.map(({ name, value, unparsable }) => (unparsable ? name : `${name} = ${value}`)),
    ];
    throw new PipelineFault(400, `${lines.join("\n")}\n`);
  }
  return finish(shape, collected) as Bound<S>;
}

type Outcome = "bound" | "unknown" | "unparsable";

function place(shape: Shape, target: Raw, [head = "", ...rest]: string[], value: string, lenient: boolean): Outcome {
  const field = Object.hasOwn(shape, head) ? shape[head] : undefined;
  if (field === undefined || head === "") return lenient ? "bound" : "unknown";
  if (typeof field === "string") return rest.length > 0 ? "unknown" : put(target, head, field, value);
  if (isList(field)) return placeInList(field[0], target, head, rest, value);
  if (rest.length === 0) {
    const bare = field[""];
    return typeof bare === "string" ? put(child(target, head), "", bare, value) : "unknown";
  }
  return place(field, child(target, head), rest, value, lenient);
}

function placeInList(inner: Scalar | Shape, target: Raw, head: string, rest: string[], value: string): Outcome {
  const [number, ...deeper] = rest;
  const items = child(target, head);
  if (number !== undefined && !/^\d{1,7}$/.test(number)) return "unknown";
  const slot = number === undefined ? "0" : String(Number(number));
  if (typeof inner === "string") return deeper.length > 0 ? "unknown" : put(items, slot, inner, value);
  return deeper.length === 0 ? "unknown" : place(inner, child(items, slot), deeper, value, true);
}

function child(target: Raw, name: string): Raw {
  const existing = target[name];
  if (typeof existing === "object" && existing !== null) return existing as Raw;
  const made = Object.create(null) as Raw;
  target[name] = made;
  return made;
}

/** Only `true` is true, every other text is false without an error. */
function put(target: Raw, name: string, type: string, value: string): Outcome {
  if (type.startsWith("int") && !isInt(value)) return "unparsable";
  target[name] = type.startsWith("int") ? Number(value) : type.startsWith("boolean") ? /^true$/i.test(value) : value;
  return "bound";
}

/** Of Java: 32 bits, with or without a sign. */
function isInt(text: string): boolean {
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return number >= -(2 ** 31) && number < 2 ** 31;
}

function finish(shape: Shape, collected: Raw): Raw {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, finishField(name, field, collected[name])]),
  );
}

function finishField(name: string, field: Field, value: unknown): unknown {
  if (typeof field === "string") {
    if (value === undefined && !field.endsWith("?")) throw new MissingField(name);
    return value;
  }
  if (!isList(field)) return value === undefined ? undefined : finish(field, value as Raw);
  const inner = field[0];
  const items = Object.entries((value ?? {}) as Raw).sort(([left], [right]) => Number(left) - Number(right));
  return items.map(([, item]) => (typeof inner === "string" ? item : finish(inner, item as Raw)));
}

export function isList(field: Field): field is readonly [Scalar] | readonly [Shape] {
  return Array.isArray(field);
}
