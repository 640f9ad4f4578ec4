import type { Change } from "./change.ts";

/** What a reviewer must not overlook, and the engine does not say. */
export function warningsOf(change: Omit<Change, "warnings">): string[] {
  return [...addressWarnings(change), ...feedWarnings(change), ...editWarnings(change), ...serverWarnings(change)];
}

function addressWarnings({ address: { kind, before, after, kept } }: Omit<Change, "warnings">): string[] {
  if (kind === "differs") {
    const to = after ?? "one that the cloud has yet to choose";
    return [`The planet's address changes from ${before} to ${to}: the name in the DNS has to follow.`];
  }
  if (kind === "removed") return [`Nothing answers at ${before} any more.`];
  return kept === false ? [`${before ?? "The elastic address"} is released; nobody gets it back.`] : [];
}

function feedWarnings({ feeds, files }: Omit<Change, "warnings">): string[] {
  const diff = files.find(({ name }) => name === "planet.ini")?.kind;
  if (diff === "removed") return ["planet.ini is removed."];
  const { added, removed } = feeds;
  if (removed.length < 3 || removed.length <= added.length) return [];
  return [`${removed.length} feeds are removed; is that meant?`];
}

function editWarnings({ liveEdits = [] }: Omit<Change, "warnings">): string[] {
  const gone = liveEdits.filter(({ fate }) => fate === "overwritten");
  return gone.map(({ name, sha256 }) => {
    return `An edit that was made in the bucket is overwritten, as planet:overwrite says: ${name} (kept as objects/${sha256.slice(0, 8)}…).`;
  });
}

function serverWarnings({ server }: Omit<Change, "warnings">): string[] {
  return server?.kind === "removed" ? ["The server is removed and no other comes."] : [];
}
