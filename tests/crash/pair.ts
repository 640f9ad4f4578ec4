import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readStateFile } from "../../packages/local-cloud/world/stateFile.ts";
import type { CloudMoment } from "../harness/testCloud.ts";
import { fingerprint, type Json } from "./fingerprint.ts";

/** Where a cloud and the state of a stack are kept. */
export interface Kept {
  readonly cloud: CloudMoment;
  /** Folder. */
  readonly state: string;
}

/**
 * What the next command finds: the cloud, and the checkpoint of the stack with its pending operations. Two of equal
 * {@link fingerprint} are one to every command. What is left out: what only new ids follow from, and backups, which no
 * command reads while the checkpoint is whole.
 */
export interface Pair {
  readonly cloud: Json;
  readonly checkpoint: Json;
  readonly isLocked: boolean;
  /** What `planet rollback` reads, too. */
  readonly history: readonly Json[];
}

/** @returns undefined while the checkpoint or the history is cut off: then it is like no other. */
export function readPair({ cloud, state }: Kept, stack: string): Pair | undefined {
  const root = join(state, ".pulumi");
  const checkpoint = parsed(join(root, "stacks", "planet", `${stack}.json`));
  const history = filesBelow(join(root, "history"))
    .filter((file) => file.endsWith(".history.json"))
    .map(parsed);
  if (checkpoint === undefined || history.includes(undefined)) return undefined;
  return {
    cloud: cloudOf(cloud),
    checkpoint: inOrder(checkpoint),
    isLocked: filesBelow(join(root, "locks")).some((file) => file.endsWith(".json")),
    history: history as Json[],
  };
}

/**
 * The same for two pairs that are one to whoever comes next and does not read the history, and for equal `others`: what is
 * done next, and what it is judged by. @returns undefined for a pair that is like no other.
 */
export function markOf(pair: Pair | undefined, others: Json = null): string | undefined {
  if (!pair) return undefined;
  const { cloud, checkpoint, isLocked } = pair;
  return fingerprint([cloud, checkpoint, isLocked, others]);
}

function cloudOf({ folder, boots }: CloudMoment): Json {
  const world = readStateFile(join(folder, "state.json"));
  if (!world) return { boots: boots as Json };
  const { counter: _counter, seed: _seed, ...facts } = world;
  const buckets = [...facts.buckets.values()].map(({ objects, ...bucket }) => {
    return { ...bucket, objects: [...objects].toSorted(([left], [right]) => (left < right ? -1 : 1)) };
  });
  return JSON.parse(JSON.stringify({ ...facts, buckets, boots }, asEntries)) as Json;
}

/** In the order in which they came to be. */
function asEntries(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

/** Resources that do not depend on each other are written down in the order in which they happened to be done. */
function inOrder(file: Json): Json {
  const { checkpoint } = file as { checkpoint: { latest?: Record<string, Json> } };
  const { resources = [], pending_operations: pending = [], ...others } = checkpoint.latest ?? {};
  return { ...others, resources: byUrn(resources as Resource[]), pending: byUrn(pending as Resource[]) };
}

type Resource = { readonly [key: string]: Json };

const byUrn = (resources: readonly Resource[]): Resource[] =>
  resources.toSorted((left, right) => (urnOf(left) < urnOf(right) ? -1 : urnOf(left) > urnOf(right) ? 1 : 0));

const urnOf = ({ urn, resource }: Resource): string => String(urn ?? (resource as Resource | undefined)?.urn);

function parsed(file: string): Json | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Json;
  } catch {
    return undefined; // cut off, or not there yet
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((file) => join(folder, file));
  } catch {
    return []; // nothing has been written there yet
  }
}
