import { collectEntries } from "../entry/collect.ts";
import type { Channel, Entry } from "../entry/types.ts";
import type { FeedRecords } from "./feedRecord.ts";

/** The same entries with their texts, read feed by feed. */
export function withTexts(entries: readonly Entry[], records: FeedRecords, now: number): Entry[] {
  const texts = new Map<Channel, ReadonlyMap<string, Entry>>();
  for (const { channel } of entries) {
    if (texts.has(channel)) continue;
    const { feed } = records.load(channel.config.url);
    const whole = collectEntries({ ...channel, feed }, now).map((entry) => [entry.id, entry] as const);
    texts.set(channel, new Map(whole));
  }
  return entries.map((entry) => ({
    ...entry,
    parsed: texts.get(entry.channel)?.get(entry.recordId)?.parsed ?? entry.parsed,
  }));
}
