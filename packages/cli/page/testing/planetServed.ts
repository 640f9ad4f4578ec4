import { readStatusJson } from "@planet/content";
import type { Served } from "../readServed.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

/** A planet's answer, made so many seconds ago. */
export function planetServed(release: string, ageSeconds: number, intervalSeconds = 300, more: object = {}): Served {
  const made = NOW.getTime() - ageSeconds * 1000;
  const [generated_at, next_sync] = [made, made + intervalSeconds * 1000].map((ms) => new Date(ms).toISOString());
  const status = readStatusJson(JSON.stringify({ release, generated_at, next_sync, ...more }));
  if (!status) throw new Error("not a status.json");
  return { kind: "planet", status, at: NOW };
}
