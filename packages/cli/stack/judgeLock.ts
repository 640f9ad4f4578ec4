import { duration } from "../text/duration.ts";
import { type Finding, note, problem } from "../text/finding.ts";
import type { Lock } from "./locks.ts";

/** A lock of another machine that is older was left by a run that died: no update of this stack takes so long. */
const LONG_UPDATE_MS = 3 * 3_600_000;

/** A note while the run that took the lock is working, a problem once it is over. Pure. */
export function judgeLock(lock: Lock, stack: string, now: Date): Finding {
  const { who, host, pid, since, isAlive } = lock;
  const age = now.getTime() - Date.parse(since);
  const text = `${who}@${host} (pid ${pid}) has been working on the stack for ${duration(age)}`;
  if (!isLeft(lock, now)) return note("lock", text);
  const reason = isAlive === false ? "that process is gone" : "no update takes so long";
  return problem("lock", `${text}, but ${reason}`, `${unlock(stack)}, then: npx pulumi up --stack ${stack}`);
}

/** Whether the run that took the lock is over without having given it back. */
export function isLeft({ isAlive, since }: Lock, now: Date): boolean {
  return isAlive === undefined ? now.getTime() - Date.parse(since) > LONG_UPDATE_MS : !isAlive;
}

/** The command that removes a lock whose run is over. */
export const unlock = (stack: string): string => `npx pulumi cancel --yes --stack ${stack}`;
