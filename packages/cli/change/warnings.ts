import { duration } from "../text/duration.ts";
import type { Change, HttpsChange } from "./change.ts";

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
  if (server?.kind === "removed") return ["The server is removed and no other comes."];
  return httpsWarnings(server?.https);
}

function httpsWarnings(https: HttpsChange | undefined): string[] {
  if (!https || https.before.length === 0 || https.after.length > 0) return [];
  const { before, hstsSeconds } = https;
  const gone = `HTTPS goes away: nothing answers at https://${before[0]}/ once the old server has ended.`;
  if (hstsSeconds === 0) return [`${gone} Bookmarks and links to it lead nowhere.`];
  return [
    `${gone} Browsers that have been there refuse plain http for up to ${duration(hstsSeconds * 1000)} (planet:hsts): for those readers the planet is gone. First deploy planet:hsts 0, and wait that long.`,
  ];
}
