/** So much of the end is looked for in the next answer. */
const KNOWN_LENGTH = 2_000;

/** What a console shows that it did not show before; the cloud keeps the last 64 KiB, so its beginning goes. Pure. */
export function newPart(before: string, now: string): string {
  if (before === "") return now;
  if (now.startsWith(before)) return now.slice(before.length);
  const end = before.slice(-KNOWN_LENGTH);
  const at = now.lastIndexOf(end);
  return at === -1 ? now : now.slice(at + end.length);
}
