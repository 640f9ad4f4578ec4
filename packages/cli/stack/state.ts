import { pendingCreates } from "@planet/toolchain";
import { list, record } from "../text/json.ts";

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** "" for components. */
  readonly id: string;
  /** Replaced, and waiting for its deletion. */
  readonly isCondemned: boolean;
  /** Why it was made but is not complete. */
  readonly initErrors: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface PendingStep extends Pick<StateResource, "urn" | "type" | "name"> {
  /** `creating`, `updating`, … */
  readonly kind: string;
  /** Whether a later run has made what was being created. */
  readonly isSettled: boolean;
}

/** What is read of `pulumi stack export`. Source: sdk/go/common/apitype/core.go of pulumi 3.259.0, DeploymentV3. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** Steps that a killed run had begun: nobody knows how they ended. */
  readonly pending: readonly PendingStep[];
  /** Of the last update that came to its end. */
  readonly outputs: Readonly<Record<string, string>>;
  /** About what a backend has to store. */
  readonly bytes: number;
  /** When a run last wrote it; NaN for one that was never written. */
  readonly savedMs: number;
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** @throws {SyntaxError} for anything but JSON. */
export function parseState(text: string): StackState {
  const deployment = record(record(JSON.parse(text)).deployment);
  const resources = list(deployment.resources).map(toResource);
  return {
    resources,
    pending: list(deployment.pending_operations).map((entry) => {
      const { type, resource } = record(entry);
      const { urn, type: of, name } = toResource(resource);
      const [create] = pendingCreates({ ...deployment, pending_operations: [entry] });
      return { kind: String(type), urn, type: of, name, isSettled: create?.isSettled ?? false };
    }),
    outputs: strings(resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {}),
    bytes: Buffer.byteLength(text),
    savedMs: Date.parse(String(record(deployment.manifest).time)),
  };
}

function toResource(value: unknown): StateResource {
  const { urn, type, id, delete: condemned, initErrors, outputs } = record(value);
  const words = String(urn ?? "").split("::");
  return {
    urn: String(urn ?? ""),
    type: String(type ?? ""),
    name: words.slice(3).join("::"),
    id: typeof id === "string" ? id : "",
    isCondemned: condemned === true,
    initErrors: list(initErrors).map(String),
    outputs: record(outputs),
  };
}

function strings(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
