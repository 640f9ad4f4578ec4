import type { World } from "../world/world.ts";
import type { Bound, Shape } from "./binding.ts";
import type { XmlNode } from "./xml.ts";

/** Where an action's answers come from: seen on Eucalyptus 5.1.0 (2026-11-28), read in its source, or assumed for want of both. */
export type Basis = "observed" | "read" | "assumed";

/** One action of load balancing or Auto Scaling. What is not in `params` is ignored. `run` touches only the world. */
export interface QueryAction {
  readonly name: string;
  readonly basis: Basis;
  readonly params: Shape;
  /** Structures and lists that a request must name. */
  readonly needs?: readonly string[];
  readonly run: (world: World, request: never) => XmlNode | undefined;
}

interface Definition<S extends Shape> {
  readonly name: string;
  readonly basis: Basis;
  readonly params: S;
  readonly needs?: readonly (keyof S & string)[];
  readonly run: (world: World, request: Bound<S>) => XmlNode | undefined;
}

/** Infers the request's type from `params`, so that neither can drift from the other. */
export function queryAction<const S extends Shape>(definition: Definition<S>): Definition<S> {
  return definition;
}
