import { renewalId } from "@planet/content";
import { isRecord } from "@planet/content/json";
import { readDirectory, retryAfterMs } from "./acmeClient.ts";
import type { Send } from "./send.ts";

/** When the authority wants a certificate to be renewed (ARI, RFC 9773). */
export interface RenewalWindow {
  readonly start: Date;
  readonly end: Date;
  /** Not to be asked again before that. */
  readonly askAgain: Date;
}

const DEFAULT_PAUSE_MS = 6 * 3_600_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** Undefined when the authority has no word on it. @throws {AcmeError} when it is not reachable. */
export async function renewalWindow(
  directory: string,
  chain: string,
  { send, now }: { readonly send: Send; readonly now: Date },
): Promise<RenewalWindow | undefined> {
  const { renewalInfo } = await readDirectory(directory, send);
  const id = renewalId(chain);
  if (renewalInfo === undefined || id === undefined) return undefined;
  const answer = await send(`${renewalInfo.replace(/\/$/, "")}/${id}`, { method: "GET" });
  const window = isRecord(answer.json.suggestedWindow) ? answer.json.suggestedWindow : {};
  const [start, end] = [new Date(String(window.start)), new Date(String(window.end))];
  if (answer.status !== 200 || !(start < end)) return undefined;
  const pauseMs = Math.min(retryAfterMs(answer, now.getTime()) ?? DEFAULT_PAUSE_MS, LONGEST_PAUSE_MS);
  return { start, end, askAgain: new Date(now.getTime() + pauseMs) };
}
