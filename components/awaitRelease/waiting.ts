import { readStatusJson } from "@planet/content";
import { messageOf } from "@planet/errors";

/** All that waiting needs of the outside, so that tests have a clock and servers of their own. */
export interface Edges {
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  sleep(ms: number): Promise<void>;
  say(line: string): void;
  complain(text: string): void;
  /** A GET on a fresh connection. @throws {Error} when nothing answers. */
  get(url: string): Promise<{ readonly status: number; readonly text: string }>;
  /** The instance's console so far. @throws {Error} when it cannot be read. */
  readConsole(instanceId: string): Promise<string>;
  /** How the instance has ended, in the cloud's words; undefined while it lives. @throws {Error} when nobody can say. */
  readEnd(instanceId: string): Promise<string | undefined>;
}

/** What `http://<address>/status.json` says of a release. */
export interface StatusAnswer {
  readonly isServed: boolean;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** The release that it says it is, when it does. */
  readonly release?: string;
  /** For people: the release there, or why there is none. */
  readonly summary: string;
}

/** A `degraded` or `rejected` server still serves: the page is the last good one and status.json names the reason. */
export async function askStatus(address: string, release: string, edges: Pick<Edges, "get">): Promise<StatusAnswer> {
  try {
    const { status, text } = await edges.get(`http://${address}/status.json`);
    if (status !== 200) return { isServed: false, status, summary: `HTTP ${status}` };
    const found = readStatusJson(text)?.release;
    if (found === undefined) return { isServed: false, summary: "HTTP 200, but not a planet's status.json" };
    return { isServed: found === release, status, release: found, summary: `release ${found}` };
  } catch (error) {
    return { isServed: false, summary: messageOf(error) };
  }
}

/** Says a line at once when its subject has changed, and else only every few seconds. */
export function progress(edges: Pick<Edges, "now" | "say">, everyMs = 5_000): (subject: string, line: string) => void {
  let last = { subject: "", at: Number.NEGATIVE_INFINITY };
  return (subject, line) => {
    if (subject === last.subject && edges.now() - last.at < everyMs) return;
    last = { subject, at: edges.now() };
    edges.say(line);
  };
}
