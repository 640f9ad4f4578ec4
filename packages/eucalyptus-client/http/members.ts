import { XMLParser } from "fast-xml-parser";
import { IncompleteAnswer, needed } from "./foreignAnswer.ts";

/** Nested inputs of an action of the query services; what is undefined is not sent. */
export type Structure = {
  readonly [name: string]: string | number | boolean | undefined | Structure | readonly Member[];
};
type Member = string | Structure;

/**
 * The parameters that stand for a structure: `{ Instances: [{ InstanceId: "i-1" }] }` is `Instances.member.1.InstanceId=i-1`.
 * @throws {TypeError} for a number that is not a whole one: the services read it as absent, and say nothing.
 */
export function parametersOf(structure: Structure): Record<string, string> {
  return Object.fromEntries(Object.entries(structure).flatMap(([name, value]) => flat(name, value)));
}

function flat(name: string, value: Structure[string]): [string, string][] {
  if (value === undefined) return [];
  if (isList(value)) return value.flatMap((member, index) => flat(`${name}.member.${index + 1}`, member));
  if (typeof value !== "object") return [[name, scalar(name, value)]];
  return Object.entries(value).flatMap(([inner, each]) => flat(`${name}.${inner}`, each));
}

const isList = (value: Structure[string]): value is readonly Member[] => Array.isArray(value);

function scalar(name: string, value: string | number | boolean): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`${name} is not a whole number`);
  return String(value);
}

/** An element of an answer, by the names of what is in it. */
export class Element {
  readonly #content: Readonly<Record<string, unknown>>;

  constructor(content: unknown) {
    this.#content = typeof content === "object" && content !== null ? (content as Record<string, unknown>) : {};
  }

  /** The element within; without content when it is absent. */
  in(name: string): Element {
    return new Element(this.#content[name]);
  }

  /** "" when absent. */
  text(name: string): string {
    const value = this.#content[name];
    return typeof value === "string" ? value : "";
  }

  /** @throws {IncompleteAnswer} */
  needed(name: string): string {
    return needed(this.text(name), name);
  }

  /** @throws {IncompleteAnswer} */
  integer(name: string): number {
    const text = this.needed(name);
    if (!/^-?\d+$/.test(text)) throw new IncompleteAnswer(`its ${name} is not a number`);
    return Number(text);
  }

  /** @throws {IncompleteAnswer} */
  flag(name: string): boolean {
    const text = this.needed(name);
    if (text !== "true" && text !== "false") throw new IncompleteAnswer(`its ${name} is neither true nor false`);
    return text === "true";
  }

  /** A list of elements; an absent one is empty. */
  members(name: string): Element[] {
    return this.#memberList(name).map((member) => new Element(member));
  }

  /** A list of texts; an absent one is empty. */
  texts(name: string): string[] {
    return this.#memberList(name).map(String);
  }

  #memberList(name: string): readonly unknown[] {
    const { member = [] } = (this.#content[name] || {}) as { member?: readonly unknown[] };
    return member;
  }
}

/** What an answer of the query services says, below `<Action>Result`. */
export function resultOf(xml: string, action: string): Element {
  const isArray = (name: string) => name === "member";
  const parsed: unknown = new XMLParser({ parseTagValue: false, removeNSPrefix: true, isArray }).parse(xml);
  return new Element(parsed).in(`${action}Response`).in(`${action}Result`);
}
