import { SERVED_RESOURCE } from "@planet/content/marks";
import type { Context } from "../command.ts";
import { record } from "../text/json.ts";
import { visible } from "../text/visible.ts";

/** What one event of a run is for people. */
export type Progress =
  | { readonly kind: "step"; readonly text: string }
  /** In the engine's or the program's own words. */
  | { readonly kind: "error"; readonly text: string };

/**
 * One line of `pulumi up --json`, which is an event of the engine; undefined for what is no news. Pure.
 * Source: pulumi 3.259.0, sdk/go/common/apitype/events.go, EngineEvent.
 */
export function progressOf(line: string): Progress | undefined {
  const event = parse(line);
  const { severity, message } = record(event.diagnosticEvent);
  if (severity === "error") return errorOf(String(message));
  const begun = stepOf(record(event.resourcePreEvent).metadata);
  if (begun) return textOf(BEGUN, begun);
  const done = stepOf(record(event.resOutputsEvent).metadata);
  return done && textOf(DONE, done);
}

/** Says each step, and each error, once: hands over the lines of `pulumi up --json`. */
export function stepTeller({ err }: Pick<Context, "err">): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    const progress = progressOf(line);
    if (!progress || said.has(progress.text)) return;
    said.add(progress.text);
    err(progress.kind === "error" ? `\n${progress.text}\n` : `• ${progress.text}\n`);
  };
}

/** The same event for a log: `create aws:ec2/instance:Instance planet-0a1b2c3d`; undefined for what says nothing. Pure. */
export function detailOf(line: string): string | undefined {
  const event = parse(line);
  const time = new Date(Number(event.timestamp) * 1_000);
  const begin = Number.isNaN(time.getTime()) ? "" : `${time.toISOString()} `;
  const { severity, message } = record(event.diagnosticEvent);
  const text = plain(String(message));
  if (severity === "debug") return undefined;
  if (severity !== undefined && text !== "") return `${begin}${String(severity)}: ${text}`;
  const begun = stepOf(record(event.resourcePreEvent).metadata);
  if (begun && begun.op !== "same") return `${begin}${visible(`${begun.op} ${begun.type} ${begun.name}`)}`;
  const done = stepOf(record(event.resOutputsEvent).metadata);
  return done && done.op !== "same" ? `${begin}${visible(`done: ${done.op} ${done.type} ${done.name}`)}` : undefined;
}

interface Step {
  readonly op: string;
  /** `aws:ec2/instance:Instance` */
  readonly type: string;
  readonly name: string;
}

type Words = readonly [type: string, ops: RegExp, text: (name: string) => string, name?: RegExp][];

const CREATE = /^create/;
const RUN = /^(create|update)/;
const DELETE = /^delete/;
const INSTANCE = "aws:ec2/instance:Instance";
const GATE = "command:local:Command";
/** Other commands run, too: one signs the permit of the memory. */
const READINESS = /^readiness-/;

const BEGUN: Words = [
  [INSTANCE, CREATE, (name) => `starts ${name}`],
  [GATE, RUN, () => "waits until readers get the new server", new RegExp(`^${SERVED_RESOURCE}$`)],
  [GATE, RUN, () => "waits until the new server has booted and shows its page", READINESS],
  ["aws:ec2/eipAssociation:EipAssociation", CREATE, () => "moves the address to it"],
  [INSTANCE, DELETE, (name) => `ends ${name}`],
];

const DONE: Words = [
  ["aws:s3/bucketObjectv2:BucketObjectv2", /^(create|update)/, () => "manifest.json is published", /-manifest$/],
];

function textOf(words: Words, { op, type, name }: Step): Progress | undefined {
  const found = words.find(([of, ops, , named]) => of === type && ops.test(op) && (named?.test(name) ?? true));
  return found && { kind: "step", text: visible(found[2](name)) };
}

function stepOf(metadata: unknown): Step | undefined {
  const { op, type, urn } = record(metadata);
  if (typeof op !== "string" || typeof type !== "string" || typeof urn !== "string") return undefined;
  return { op, type, name: urn.split("::").slice(3).join("::") };
}

/** The engine colours its texts and ends with a sentence that says only that it failed. */
function errorOf(message: string): Progress | undefined {
  const text = plain(message);
  return text === "update failed" ? undefined : { kind: "error", text };
}

const plain = (message: string): string => visible(message.replace(/<\{%[^%]*%\}>/g, "")).trim();

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(line));
  } catch {
    return {}; // a line of something else that writes there
  }
}
