import { SERVED_RESOURCE } from "@planet/content/marks";
import { record } from "../../text/json.ts";
import { visible } from "../../text/visible.ts";

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

const BEGUN: Words = [
  [INSTANCE, CREATE, (name) => `starts ${name}`],
  [GATE, RUN, () => "waits until readers get the new server", new RegExp(`^${SERVED_RESOURCE}$`)],
  [GATE, RUN, () => "waits until the new server has booted and shows its page"],
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
  const text = visible(message.replace(/<\{%[^%]*%\}>/g, "")).trim();
  return text === "update failed" ? undefined : { kind: "error", text };
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(line));
  } catch {
    return {}; // a line of something else that writes there
  }
}
