import { describeNotYet, type NotYet } from "./notYet.ts";
import type { ProbeReport } from "./probe.ts";

/** A server by its instance and what it was made of. */
interface ServerName {
  /** Empty for several servers behind a balancer. */
  readonly instanceId: string;
  readonly release: string;
  readonly servers?: number;
}

/** What an operation did to readers, seen from outside. */
export interface Proof {
  readonly before: ServerName | undefined;
  readonly after: ServerName | undefined;
  /** Undefined when one of them did not say what it has. */
  readonly notYet: NotYet | undefined;
  readonly probe: ProbeReport;
}

const UNKNOWN = "not known: the old server did not say what it had";

/** Different failures that are worth a line each. */
const SHOWN_FAILURES = 3;

/** The proof for people. Pure. */
export function describeProof({ before, after, notYet, probe }: Proof): string {
  const isSame = before?.instanceId === after?.instanceId && before?.release === after?.release;
  const servers = isSame
    ? [row("Server", `${nameOf(after)}, the same as before`)]
    : [row("Old server", nameOf(before)), row("New server", `${nameOf(after)}${firstAnswer(after, probe)}`)];
  const [entries = "", ...missing] = notYet ? describeNotYet(notYet) : [UNKNOWN];
  return [
    ...servers,
    ...(isSame ? [] : [row("Entries", entries), ...missing.map((line) => row("", line))]),
    row("Requests", `${probe.requests} from here, each over a connection of its own`),
    row("Failed", `${probe.failed}`),
    ...reasons(probe).map((line) => row("", line)),
    row("Longest gap", `${seconds(probe.longestGapMs)} without an answer; slowest answer ${seconds(probe.slowestMs)}`),
    "",
  ].join("\n");
}

/** The proof for programs. */
export function proofJson({ before, after, notYet, probe }: Proof) {
  const { requests, failed, failures, longestGapMs, slowestMs } = probe;
  return {
    before,
    after,
    notYet: notYet ?? null,
    probe: { requests, failed, failures, longestGapMs: Math.round(longestGapMs), slowestMs: Math.round(slowestMs) },
  };
}

function nameOf(server: ServerName | undefined): string {
  if (!server) return "none";
  return `${server.instanceId || serversText(server.servers)} (release ${server.release})`;
}

const serversText = (count = 1): string => (count === 1 ? "a server behind the balancer" : `${count} servers`);

function firstAnswer(after: ServerName | undefined, { releases, firstAnswersMs }: ProbeReport): string {
  const at = after && firstAnswersMs[releases.indexOf(after.release)];
  return at === undefined ? "" : `, first answer after ${seconds(at)}`;
}

/** Each reason once, without its time. */
function reasons({ failures }: ProbeReport): string[] {
  const distinct = [...new Set(failures.map((line) => line.slice(line.indexOf(" ") + 1)))];
  const more = distinct.length - SHOWN_FAILURES;
  return [...distinct.slice(0, SHOWN_FAILURES), ...(more > 0 ? [`and ${more} other reasons`] : [])];
}

const row = (label: string, text: string): string => `  ${label.padEnd(12)}${text}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 9_950 ? 2 : 0)} s`;
