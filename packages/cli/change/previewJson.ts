import { isRecord } from "@planet/content/json";
import { list, record } from "../text/json.ts";

/** What is read of `pulumi preview --json`. Source: pkg/display/json.go of pulumi 3.259.0; a real one is in testdata. */
export interface Preview {
  readonly config: Readonly<Record<string, string>>;
  /** Undefined when the preview has no step at all, not even the stack's own. */
  readonly stack: string | undefined;
  /** The stack's outputs as they are now. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the deploy would do: steps that only read or find everything the same are left out. */
  readonly steps: readonly Step[];
  readonly diagnostics: readonly { readonly severity: string; readonly message: string }[];
}

export interface Step {
  /** `create`, `update`, `replace`, `delete`, `import`. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly before: State | undefined;
  readonly after: State | undefined;
  /** Paths of the properties that differ. */
  readonly paths: readonly string[];
}

/** Absent inputs are empty: components have none. */
export interface State {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly retainOnDelete: boolean;
}

/** How the engine writes a string that is not known yet. Source: sdk/go/common/resource/plugin/rpc.go, UnknownStringValue. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A preview that refreshes also has steps `refresh`, for everything that it read. */
const CHANGING = new Set(["create", "update", "replace", "delete", "import"]);

/** Undefined when the text is not a preview: the CLI failed before it had one, and said why on stderr. */
export function parsePreview(text: string): Preview | undefined {
  const value = parseJson(text);
  if (!isRecord(value)) return undefined;
  const steps = list(value.steps).map(toStep);
  return {
    config: Object.fromEntries(Object.entries(record(value.config)).map(([key, each]) => [key, String(each)])),
    stack: /^urn:pulumi:([^:]+)::/.exec(steps[0]?.urn ?? "")?.[1],
    outputs: steps.find(({ type }) => type === "pulumi:pulumi:Stack")?.before?.outputs ?? {},
    steps: steps.filter(({ op }) => CHANGING.has(op)),
    diagnostics: list(value.diagnostics).map((each) => {
      const { severity, message } = record(each);
      return { severity: asText(severity), message: asText(message) };
    }),
  };
}

function toStep(value: unknown): Step {
  const { op, urn, oldState, newState, detailedDiff, diffReasons } = record(value);
  const parts = asText(urn).split("::");
  const detailed = Object.keys(record(detailedDiff));
  return {
    op: asText(op),
    urn: asText(urn),
    type: parts[2]?.split("$").at(-1) ?? "",
    name: parts.slice(3).join("::"),
    before: toState(oldState),
    after: toState(newState),
    paths: detailed.length > 0 ? detailed : list(diffReasons).map(asText),
  };
}

function toState(value: unknown): State | undefined {
  if (!isRecord(value)) return undefined;
  return {
    inputs: record(value.inputs),
    outputs: record(value.outputs),
    retainOnDelete: value.retainOnDelete === true,
  };
}

/** A string input that is known; secrets come as the engine's own `[secret]`. */
export function input(state: State | undefined, name: string): string | undefined {
  const value = state?.inputs[name];
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

const asText = (value: unknown): string => (typeof value === "string" ? value : "");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
