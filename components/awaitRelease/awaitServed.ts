import { askStatus, progress, type StatusAnswer, type World } from "./waiting.ts";

export interface ServedRequest {
  readonly address: string;
  readonly release: string;
  readonly deadlineSeconds: number;
  /** How long the old server is kept for connections that were open when the address moved. */
  readonly drainingSeconds: number;
}

const PROBE_EVERY_MS = 500;
/** A real cloud broadcasts a move for seconds; while it does, old and new may answer in turns. */
const NEEDED_IN_A_ROW = 5;

/**
 * Waits until readers get the release at the elastic address, then for the draining time. The old server is
 * deleted only after this, so that nobody's request meets a machine that is going away.
 * @throws {Error} at the deadline, with the last answer; old and new server both still run then.
 */
export async function awaitServed(request: ServedRequest, world: World): Promise<void> {
  const { address, release, deadlineSeconds, drainingSeconds } = request;
  const started = world.now();
  const report = progress(world);
  for (let inARow = 0; inARow < NEEDED_IN_A_ROW; ) {
    const answer = await askStatus(address, release, world);
    const { isServed, summary } = answer;
    inARow = isServed ? inARow + 1 : 0;
    const seconds = Math.floor((world.now() - started) / 1000);
    if (!isServed && seconds >= deadlineSeconds) throw new Error(deadlineMessage(request, answer));
    const wait = `waiting for ${address} to show ${release}, ${seconds} of ${deadlineSeconds} s (${summary})`;
    if (!isServed) report(summary, wait);
    if (inARow < NEEDED_IN_A_ROW) await world.sleep(PROBE_EVERY_MS);
  }
  world.say(`${address} shows ${release}; draining for ${drainingSeconds} s`);
  await world.sleep(drainingSeconds * 1000);
  world.say(`${address} serves ${release}`);
}

function deadlineMessage({ address, release, deadlineSeconds }: ServedRequest, last: StatusAnswer): string {
  const isAnswered = last.status !== undefined;
  return [
    `${address} did not show release ${release} within ${deadlineSeconds} s`,
    `Last answer: ${last.summary}`,
    "The address has been moved to the new server, which had shown the release; the old server still runs.",
    isAnswered
      ? "Something else answers there now: `npx planet rollback` goes back to the old server, which needs no boot."
      : "Look whether the address can be reached from this machine and whether port 80 is open to it.",
    "`npx pulumi up` only asks again.",
  ].join("\n");
}
