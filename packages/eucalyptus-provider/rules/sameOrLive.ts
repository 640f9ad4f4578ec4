import type { Value } from "@planet/pulumi-plugin";
import { textsOf } from "../values.ts";

/** What is there, in the program's own order as long as the members are the same. */
export function sameOrLive(wanted: Value | undefined, live: readonly string[]): string[] {
  const mine = textsOf(wanted);
  return JSON.stringify(mine.toSorted()) === JSON.stringify(live.toSorted()) ? mine : live.toSorted();
}
