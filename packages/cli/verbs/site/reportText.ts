import type { SiteReport } from "@planet/aggregator";
import { visible } from "../../text/visible.ts";

type Feed = SiteReport["feeds"][number];

const isRead = ({ state }: Feed): boolean => ["ok", "unchanged", "moved"].includes(state);

/** `38 entries, 8 of 10 feeds` */
export function countsText({ entries, feeds }: SiteReport): string {
  return `${entries} ${entries === 1 ? "entry" : "entries"}, ${feeds.filter(isRead).length} of ${feeds.length} feeds`;
}

/** A line for each feed that was not read, and for each warning of the build. */
export function trouble({ feeds, warnings }: SiteReport): string[] {
  return [...feeds.filter((feed) => !isRead(feed)).map(feedLine), ...warnings].map((line) => visible(`  ${line}`));
}

function feedLine({ name, url, state, reason, nextTry }: Feed): string {
  const again = nextTry === undefined ? "" : `; asked again after ${nextTry.slice(0, 16).replace("T", " ")} UTC`;
  return `${state}: ${name} (${url})${reason === undefined ? "" : `: ${reason}`}${again}`;
}
