import { memoryPrefix } from "@planet/content";
import { messageOf } from "@planet/errors";
import { hostNamesIn } from "../../stack/config.ts";
import { type Finding, note, ok } from "../../text/finding.ts";
import type { CloudFacts, Configured, EndpointFacts } from "./facts.ts";

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

/**
 * A Eucalyptus does not hold a permit to its bucket: only the rights of whoever has signed it do (docs/trust.md). So with the
 * key of the deploy the servers of one planet reach what those of another in the account have written.
 */
export function judgeReach(
  { publishers }: CloudFacts,
  { hasSigner }: EndpointFacts,
  { config }: Configured,
): Finding[] {
  const hasPermit = config.memory !== "off" || hostNamesIn(config).length > 0;
  if (hasSigner || !hasPermit || publishers.size === 0) return [];
  const others = [...publishers.keys()].toSorted().join(", ");
  const text = `whoever took over a server could also write below memory/ of ${others}: the key of the deploy signs for each bucket it may write to`;
  const next = 'give permits a key of their own: "A user that only signs" in docs/eucalyptus.md';
  return [note("permit", text, next)];
}
