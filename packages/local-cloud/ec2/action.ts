import type { Bound, Shape } from "../wire/binding.ts";
import type { XmlNode } from "../wire/xml.ts";
import type { World } from "../world/world.ts";

/** One action with its whole contract: what is not in `params` is refused. `run` touches only the world. */
export interface Action {
  readonly name: string;
  readonly params: Shape;
  /** Those of `params` that 4.4 does not have, and refuses. */
  readonly newIn5?: readonly string[];
  /** Where the reply's root element is not `<Action>Response`. */
  readonly root?: string;
  /** The element that holds the request id, where it is not the root itself. */
  readonly requestIdIn?: string;
  /** What the action needs beyond the world; performed before `run`, which then gets its result. */
  readonly needsConsoleOf?: (world: World, request: never) => string;
  readonly run: (world: World, request: never, console?: Buffer) => XmlNode;
}

interface Definition<S extends Shape> {
  readonly name: string;
  readonly params: S;
  readonly newIn5?: readonly (keyof S & string)[];
  readonly root?: string;
  readonly requestIdIn?: string;
  readonly needsConsoleOf?: (world: World, request: Bound<S>) => string;
  readonly run: (world: World, request: Bound<S>, console?: Buffer) => XmlNode;
}

/** Infers the request's type from `params`, so that neither can drift from the other. */
export function action<const S extends Shape>(definition: Definition<S>): Definition<S> {
  return definition;
}

/** `Filter.N.Name`, `Filter.N.Value.M` */
export const FILTER = [{ Name: "string?", Value: ["string"] }] as const;

/** `Tag.N.Key`, `Tag.N.Value` */
export const TAG = [{ Key: "string?", Value: "string?" }] as const;

/** The answer of an action that only says whether something was done. */
export const RETURN_TRUE = { return: true } as const;
export const RETURN_FALSE = { return: false } as const;
