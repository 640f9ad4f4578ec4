import { readStatusJson } from "@planet/content";
import { messageOf } from "@planet/errors";

/** A server that can be asked by itself; an address is empty where the cloud gives none. */
interface Member {
  readonly instanceId: string;
  readonly publicAddress: string;
  readonly privateAddress: string;
}

/** The servers of a group that run, of so many. */
export interface Members {
  readonly size: number;
  readonly members: readonly Member[];
}

/** All that waiting needs of the outside, so that tests have a clock and servers of their own. */
export interface Edges {
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  sleep(ms: number): Promise<void>;
  say(line: string): void;
  complain(text: string): void;
  /** The time of day. */
  date(): Date;
  /** A GET on a fresh connection, by https at a server's own address. @throws {Error} when nothing answers. */
  get(url: string, at?: string): Promise<HttpText>;
  /** The instance's console so far. @throws {Error} when it cannot be read. */
  readConsole(instanceId: string): Promise<string>;
  /** How the instance has ended, in the cloud's words; undefined while it lives. @throws {Error} when nobody can say. */
  readEnd(instanceId: string): Promise<string | undefined>;
  /** The servers of the group that is waited for. @throws {Error} when nobody can say. */
  readMembers(): Promise<Members>;
  /** Of a name, from the cloud's name server or this system's. @throws {Error} when it has none. */
  addressesOf(name: string): Promise<string[]>;
}

interface HttpText {
  readonly status: number;
  readonly text: string;
  /** Of https: SHA-256 of the server's certificate, in hex. */
  readonly fingerprint?: string;
}

/** What `http://<address>/status.json` says of a release. */
export interface StatusAnswer {
  readonly isServed: boolean;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** The release that it says it is, when it does. */
  readonly release?: string;
  /** What is wrong with https, where http is right. */
  readonly tls?: string;
  /** For people: the release there, or why there is none. */
  readonly summary: string;
}

/** A `degraded` or `rejected` server still serves: the page is the last good one and status.json names the reason. */
export async function askStatus(address: string, release: string, edges: Pick<Edges, "get">): Promise<StatusAnswer> {
  try {
    return statusIn(await edges.get(`http://${address}/status.json`), release);
  } catch (error) {
    return { isServed: false, summary: messageOf(error) };
  }
}

export function statusIn({ status, text }: HttpText, release: string): StatusAnswer {
  if (status !== 200) return { isServed: false, status, summary: `HTTP ${status}` };
  const found = readStatusJson(text)?.release;
  if (found === undefined) return { isServed: false, summary: "HTTP 200, but not a planet's status.json" };
  return { isServed: found === release, status, release: found, summary: `release ${found}` };
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
