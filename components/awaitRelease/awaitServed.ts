import { HTTPS_NEXT, serverAsker } from "./certificate.ts";
import type { ServedTask } from "./environment.ts";
import { NotServedError } from "./notServedError.ts";
import { type Edges, progress, type StatusAnswer } from "./waiting.ts";

const PROBE_EVERY_MS = 500;
/** A real cloud broadcasts a move for seconds; while it does, old and new may answer in turns. */
const NEEDED_IN_A_ROW = 5;

/**
 * Waits until readers get the release at the elastic address, then for the draining time. The old server is
 * deleted only after this, so that nobody's request meets a machine that is going away.
 * @throws {NotServedError} `NOT_SEEN` at the deadline, with the last answer; old and new server both still run then.
 */
export async function awaitServed(task: ServedTask, edges: Edges): Promise<void> {
  const { address, release, deadlineSeconds, drainingSeconds } = task;
  const started = edges.now();
  const report = progress(edges);
  const ask = await serverAsker(task, edges);
  for (let inARow = 0; inARow < NEEDED_IN_A_ROW; ) {
    const answer = await ask(address);
    const { isServed, summary } = answer;
    inARow = isServed ? inARow + 1 : 0;
    const seconds = Math.floor((edges.now() - started) / 1000);
    if (!isServed && seconds >= deadlineSeconds) throw notSeen(task, answer);
    const wait = `waiting for ${address} to show ${release}, ${seconds} of ${deadlineSeconds} s (${summary})`;
    if (!isServed) report(summary, wait);
    if (inARow < NEEDED_IN_A_ROW) await edges.sleep(PROBE_EVERY_MS);
  }
  edges.say(`${address} shows ${release}; draining for ${drainingSeconds} s`);
  await edges.sleep(drainingSeconds * 1000);
  edges.say(`${address} serves ${release}`);
}

function notSeen({ address, release, deadlineSeconds }: ServedTask, last: StatusAnswer): NotServedError {
  return new NotServedError({
    code: "NOT_SEEN",
    what: `${address} did not show release ${release} within ${deadlineSeconds} s`,
    why: `Last answer: ${last.summary}`,
    next: [
      "The address has been moved to the new server, which had shown the release; the old server still runs.",
      nextOf(last),
      "`npx pulumi up` only asks again.",
    ].join("\n"),
  });
}

function nextOf({ tls, status }: StatusAnswer): string {
  if (tls !== undefined) return HTTPS_NEXT;
  return status !== undefined
    ? "Something else answers there now: `npx planet rollback` goes back to the old server, which needs no boot."
    : "Check whether the address can be reached from this machine and whether port 80 is open to it.";
}
