import { memoryPrefix } from "@planet/content";
import { messageOf } from "@planet/errors";
import { type Finding, note, ok } from "../../text/finding.ts";
import type { CloudFacts, Configured } from "./facts.ts";

/** What the servers have written, also by permits that are withdrawn. A permit cannot limit how much that is. */
export function judgeMemory({ memory }: CloudFacts, { config }: Configured): Finding[] {
  if ("error" in memory) return [note("memory", `cannot be listed: ${messageOf(memory.error)}`)];
  const current = config.memory === "off" ? undefined : memoryPrefix(Number(config.permit ?? 1));
  const folders = [...memory.value].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const texts = folders.map(([folder, { objects, bytes }]) => {
    const text = `${folder} has ${objects} objects, ${(bytes / 1_048_576).toFixed(1)} MiB`;
    return folder === current ? text : `${text}, which no server reads`;
  });
  if (texts.length > 0) return texts.map((text) => ok("memory", text));
  return [ok("memory", current === undefined ? "off" : `nothing yet below ${current}`)];
}
