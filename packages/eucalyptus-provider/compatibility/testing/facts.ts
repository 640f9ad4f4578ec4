import { readFileSync } from "node:fs";
import type { Inputs, Problem, Value } from "@planet/pulumi-plugin";
import { functions } from "../../functions/index.ts";
import type { Handler } from "../../handler.ts";
import { resources } from "../../resources/index.ts";
import { type InputRule, region, type SupportedInput } from "../../rules/inputRule.ts";
import { type Lived, lives } from "./lives.ts";
import type { Operation, Recorder } from "./recorder.ts";

type Mode = "edge" | "vpc";

/** What happens to one input that is not always refused. */
export interface PropertyFacts {
  readonly name: string;
  readonly isRequired: boolean;
  /** Who gives a value when the program gives none. */
  readonly whenAbsent: "cloud" | "provider" | "nobody";
  readonly change: Readonly<Record<Mode, string>>;
}

export interface TypeFacts {
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  readonly properties: readonly PropertyFacts[];
  /** Outputs that are not inputs: those with a value, and those that are always empty here or absent. */
  readonly outputs: Readonly<Record<Mode, { readonly given: readonly string[]; readonly empty: readonly string[] }>>;
  readonly calls: (operation: Operation, mode: Mode) => readonly string[];
}

/** One mode's cloud with what happened on it. */
export interface Observed {
  readonly recorder: Recorder;
  readonly lived: Lived;
}

/** Everything that the page says, from the tables of the code and from what was seen on a cloud of each mode. */
export async function gatherFacts(seen: Readonly<Record<Mode, Observed>>): Promise<TypeFacts[]> {
  const facts: TypeFacts[] = [];
  for (const { token, inputs } of [...resources, ...functions]) {
    const properties: PropertyFacts[] = [];
    for (const [name, rule] of supported(inputs)) properties.push(await propertyOf({ token, name, rule }, seen));
    const outputs = bothModes((mode) => outputsOf(token, inputs, seen[mode].lived.states.get(token) ?? []));
    facts.push({ token, inputs, properties, outputs, calls: callsOf(token, seen) });
  }
  return facts;
}

function callsOf(token: string, seen: Readonly<Record<Mode, Observed>>): TypeFacts["calls"] {
  return (operation, mode) => [...(seen[mode].recorder.calls.get(`${token} ${operation}`) ?? [])].toSorted();
}

const bothModes = <T>(of: (mode: Mode) => T): Record<Mode, T> => ({ edge: of("edge"), vpc: of("vpc") });

function supported(inputs: Handler["inputs"]): [string, SupportedInput][] {
  return Object.entries(inputs)
    .filter((entry): entry is [string, SupportedInput] => entry[1].kind !== "refused")
    .toSorted(([a], [b]) => a.localeCompare(b));
}

interface Property {
  readonly token: string;
  readonly name: string;
  readonly rule: SupportedInput;
}

async function propertyOf(of: Property, seen: Readonly<Record<Mode, Observed>>): Promise<PropertyFacts> {
  const change = { edge: await changeOf(of, "edge", seen.edge), vpc: await changeOf(of, "vpc", seen.vpc) };
  return { name: of.name, isRequired: of.rule.required === true, whenAbsent: whenAbsent(of, seen), change };
}

function whenAbsent({ token, name, rule }: Property, { edge, vpc }: Readonly<Record<Mode, Observed>>) {
  const isNeeded = lives.find((life) => life.token === token)?.needs?.includes(name) === true;
  if (isNeeded || rule.required === true || rule === region) return "nobody";
  const bare = [edge, vpc].flatMap(({ lived }) => lived.bare.get(token) ?? []);
  if (bare.some(({ inputs }) => !isEmpty(inputs[name]))) return "provider";
  return rule.computed === true || bare.some(({ state }) => !isEmpty(state[name])) ? "cloud" : "nobody";
}

/** One trial after the other: the recorder tells calls apart by the time when they are made. */
async function changeOf({ token, name, rule }: Property, mode: Mode, { recorder, lived }: Observed): Promise<string> {
  if (rule === region) return "only the provider's own";
  const change = rule.replaces === true || (rule.replaces === "edge" && mode === "edge") ? "new resource" : "in place";
  const made = lived.made.get(token);
  const trials = made ? trialsOf({ token, name, rule }, made.inputs, mode) : [];
  const refusals: string[] = [];
  for (const inputs of trials) {
    const reason = reasonFor(name, await recorder.problems(token, inputs));
    if (reason !== undefined && trials.length === 1) return `refused: ${reason}`;
    if (reason !== undefined) refusals.push(`${shown(inputs[name])} refused: ${reason}`);
  }
  return [change, ...refusals].join("; ");
}

function shown(value: Value | undefined): string {
  const text = JSON.stringify(value);
  return text.length < 20 ? `\`${text}\`` : "some values";
}

/** @throws {Error} when inputs that should be right are refused for another property: the trial proves nothing then. */
function reasonFor(name: string, problems: readonly Problem[]): string | undefined {
  const [first] = problems;
  if (!first) return undefined;
  const own = problems.find(
    ({ property: path, reason }) => path.split(/[.[]/)[0] === name || reason.startsWith(`${name}: `),
  );
  if (own) return own.reason;
  throw new Error(`a trial of ${name} was refused for ${first.property}: ${first.reason}`);
}

const VALUES: Readonly<Record<SupportedInput["kind"], readonly Value[]>> = {
  string: ["x"],
  boolean: [false, true],
  number: [1],
  strings: [["x"]],
  stringMap: [{ a: "b" }],
  asset: [],
  object: [{}],
  objects: [[]],
};

function trialsOf({ token, name, rule }: Property, inputs: Inputs, mode: Mode): readonly Inputs[] {
  const life = lives.find((candidate) => candidate.token === token);
  return life?.trials(inputs, mode)[name] ?? VALUES[rule.kind].map((value) => ({ ...inputs, [name]: value }));
}

const isEmpty = (value: Value | undefined) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  ["[]", "{}"].includes(JSON.stringify(value));

/** By the SDK's own declaration, so that an output that we forgot is listed as one that is not given. */
function outputsOf(token: string, inputs: Handler["inputs"], states: readonly Inputs[]) {
  const names = sdkOutputs(token).filter((name) => !(name in inputs) && name !== "urn");
  const isGiven = (name: string) => name === "id" || states.some((state) => !isEmpty(state[name]));
  return { given: names.filter(isGiven), empty: names.filter((name) => !isGiven(name)) };
}

/** `aws:ec2/eip:Eip` is declared in ec2/eip.d.ts, `aws:index/getRegion:getRegion` in getRegion.d.ts. */
function sdkOutputs(token: string): string[] {
  const [, module = "", file = ""] = /^aws:(\w+)\/(\w+):/.exec(token) ?? [];
  const folder = module === "index" ? "" : `${module}/`;
  const text = readFileSync(
    new URL(`../../../../node_modules/@pulumi/aws/${folder}${file}.d.ts`, import.meta.url),
    "utf8",
  );
  const isFunction = file.startsWith("get");
  const [, block = ""] =
    (isFunction ? /export interface \w+Result \{(.*?)\n\}/s : /export declare class \w+ (.*?)\n\}/s).exec(text) ?? [];
  const pattern = isFunction ? /^ {4}readonly (\w+)\??: /gm : /^ {4}readonly (\w+): pulumi\.Output</gm;
  const names = [...block.matchAll(pattern)].map(([, name = ""]) => name);
  return [...new Set(isFunction ? names : ["id", ...names])].toSorted();
}
