import { isRecord } from "../text/json.ts";

/*
 * `tls/order.json`: what became of the last order, for every server of the planet and for people. It is public and not sealed:
 * whoever holds the permit can write it, and the worst is that an order comes later or earlier.
 */

/** Below the prefix of the permit. */
export const ORDER_OBJECT = "order.json";

/** Times are ISO 8601 in UTC. */
export interface OrderRecord {
  readonly schema: 1;
  readonly time: string;
  /** Instance id of the server; of an operator's request empty. */
  readonly by: string;
  readonly names: readonly string[];
  /** `wanted`: `planet certificate renew` asks for an order, though none is due; else what became of the last one. */
  readonly result: "wanted" | "ordering" | "issued" | "failed";
  /** Why it failed, for people; else empty. */
  readonly message: string;
  /** No further order before this time. */
  readonly notBefore: string;
}

const MOST_NAMES = 10;
/** A longer message is cut: it quotes the certificate authority. */
const LONGEST_MESSAGE = 1_000;

export const writeOrderRecord = ({ message, ...record }: OrderRecord): string =>
  `${JSON.stringify({ ...record, message: message.slice(0, LONGEST_MESSAGE) })}\n`;

/** Undefined for anything else: it is no more than a note. */
export function readOrderRecord(text: string): OrderRecord | undefined {
  const value = parsed(text);
  if (!isRecord(value) || value.schema !== 1) return undefined;
  const [time, notBefore] = [timeOf(value.time), timeOf(value.notBefore)];
  const result = RESULTS.find((each) => each === value.result);
  if (time === undefined || notBefore === undefined || result === undefined) return undefined;
  const names = Array.isArray(value.names) ? value.names.slice(0, MOST_NAMES).map((name) => lineOf(name, 253)) : [];
  const message = lineOf(value.message, LONGEST_MESSAGE);
  return { schema: 1, time, by: lineOf(value.by, 64), names, result, message, notBefore };
}

const RESULTS = ["wanted", "ordering", "issued", "failed"] as const;

const lineOf = (value: unknown, limit: number): string =>
  typeof value === "string" ? value.slice(0, limit).replaceAll(/\p{Cc}+/gu, " ") : "";

function timeOf(value: unknown): string | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
