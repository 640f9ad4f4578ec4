import { isRecord } from "@planet/content/json";
import { record } from "../../text/json.ts";
import { type Mark, readMark, withoutMark } from "./mark.ts";

/** One entry of the stack's history, as far as it matters for going back. */
export interface Update {
  /** Counted from the oldest, 1; what `--to` takes. */
  readonly number: number;
  readonly kind: string;
  readonly result: string;
  readonly startTime: string;
  /** In whole seconds; "" for one that was interrupted. */
  readonly endTime: string;
  /** Of a commit, which anybody may write: shown by `visible` alone. */
  readonly message: string;
  /** Whether it did something to a resource, or went back: after a failed update that may change the state alone. */
  readonly changed: boolean;
  /** Undefined for an update that was made outside a git work tree. */
  readonly commit?: string;
  /** Whether it was of that commit, all of it and nothing beside. */
  readonly clean: boolean;
  readonly mark?: Mark;
  readonly generation?: number;
  /** `planet:permit`; updates of earlier versions have none. */
  readonly permit?: number;
}

/** @param text Of `pulumi stack history --json`, newest first. @returns oldest first. */
export function readUpdates(text: string): Update[] {
  const entries: unknown = JSON.parse(text === "" ? "[]" : text);
  return (Array.isArray(entries) ? entries : []).toReversed().map((entry, index) => toUpdate(record(entry), index + 1));
}

function toUpdate(entry: Record<string, unknown>, count: number): Update {
  const environment = record(entry.environment);
  const message = text(entry.message);
  // Without -m the message is the commit's first line, which anybody may write.
  const mark = environment["pulumi.flag.message"] === undefined ? undefined : readMark(message);
  const commit = mark?.commit ?? (text(environment["git.head"]) || undefined);
  const config = record(entry.config);
  const [generation, permit] = [numberIn(config, "planet:generation"), numberIn(config, "planet:permit")];
  return {
    // A folder or bucket as backend numbers nothing: all versions are 0 there.
    number: typeof entry.version === "number" && entry.version > 0 ? entry.version : count,
    kind: text(entry.kind),
    result: text(entry.result),
    startTime: text(entry.startTime),
    endTime: text(entry.endTime),
    message: withoutMark(message),
    changed: changedSomething(entry.resourceChanges) || mark?.to !== undefined,
    ...(commit !== undefined && { commit }),
    clean: mark !== undefined || environment["git.dirty"] === "false",
    ...(mark && { mark }),
    ...(generation !== undefined && { generation }),
    ...(permit !== undefined && { permit }),
  };
}

/** Steps that only look. */
const LOOKING = new Set(["same", "refresh", "read"]);

/** An update that was interrupted may have no count; it is taken for one that changed something. */
function changedSomething(changes: unknown): boolean {
  return !isRecord(changes) || Object.entries(changes).some(([op, count]) => !LOOKING.has(op) && count !== 0);
}

function numberIn(config: Record<string, unknown>, key: string): number | undefined {
  const { value } = record(config[key]);
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
