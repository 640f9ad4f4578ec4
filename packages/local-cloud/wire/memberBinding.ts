import type { Bound, Scalar, Shape } from "./binding.ts";
import { isList } from "./binding.ts";
import { MissingField, PipelineFault } from "./faults.ts";
import type { Parameter } from "./target.ts";

type Raw = Map<string, unknown>;

/** What cannot be read is not there; in an element of a list it takes the element with it. */
class Unreadable extends Error {}

/**
 * Binds wire parameters as Eucalyptus' load balancing and Auto Scaling do: lists are `X.member.N`, what is not declared is ignored, and
 * text that is no number is dropped, in a list with its element (observed on Eucalyptus 5.1.0, 2026-11-28: port `abc` made a
 * load balancer without a listener).
 * @param needed structures and lists that must be named, whatever becomes of their content
 * @throws {PipelineFault}
 * @throws {MissingField} for a text that is required
 */
export function bindMembers<S extends Shape>(
  shape: S,
  parameters: readonly Parameter[],
  needed: readonly string[] = [],
): Bound<S> {
  for (const name of needed) {
    const isNamed = parameters.some(([given]) => given.startsWith(`${name}.`));
    if (!isNamed) throw new PipelineFault(400, "Failed to build a valid message: Missing required object");
  }
  return structure(shape, treeOf(parameters), false) as Bound<S>;
}

function treeOf(parameters: readonly Parameter[]): Raw {
  const root: Raw = new Map();
  for (const [name, value] of new Map(parameters)) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let place: unknown = root;
    for (const part of path) place = childOf(place, part);
    if (place instanceof Map && !place.has(last)) place.set(last, value);
  }
  return root;
}

/** Nothing when a text is there already. */
function childOf(place: unknown, name: string): unknown {
  if (!(place instanceof Map)) return undefined;
  if (!place.has(name)) place.set(name, new Map());
  return place.get(name);
}

function structure(shape: Shape, raw: Raw, isElement: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => {
      const value = raw.get(name);
      if (typeof field === "string") return [name, scalar(name, field, value, isElement)];
      if (isList(field)) return [name, value instanceof Map ? elements(field[0], value) : []];
      return [name, value instanceof Map ? structure(field, value, isElement) : undefined];
    }),
  );
}

function elements(inner: Scalar | Shape, raw: Raw): unknown[] {
  const members = raw.get("member");
  if (!(members instanceof Map)) return [];
  const numbered = [...members].filter(([number]) => /^\d{1,7}$/.test(String(number)));
  return numbered
    .sort(([left], [right]) => Number(left) - Number(right))
    .flatMap(([, value]) => {
      try {
        if (typeof inner === "string") return [scalar("", inner, value, true)];
        return value instanceof Map ? [structure(inner, value, true)] : [];
      } catch (error) {
        if (error instanceof Unreadable) return [];
        throw error;
      }
    });
}

function scalar(name: string, field: string, value: unknown, isElement: boolean): unknown {
  const isOptional = field.endsWith("?");
  const type = isOptional ? field.slice(0, -1) : field;
  const text = typeof value === "string" ? value : undefined;
  const read = text === undefined ? undefined : parsed(type, text);
  if (isElement && text !== undefined && text !== "" && read === undefined) throw new Unreadable();
  if (read !== undefined || isOptional) return read;
  if (isElement) throw new Unreadable();
  if (type !== "int") throw new MissingField(name);
  throw new PipelineFault(
    400,
    'Failed to build a valid message: Cannot invoke "java.lang.Integer.toString()" because the return value is null',
  );
}

function parsed(type: string, text: string): unknown {
  if (type === "int") return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
  return type === "boolean" ? /^true$/i.test(text) : text;
}
