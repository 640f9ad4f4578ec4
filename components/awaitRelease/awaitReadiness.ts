import { messageOf } from "@planet/errors";
import { HTTPS_NEXT, serverAsker } from "./certificate.ts";
import { lastVerdict, tailOf } from "./consoleLines.ts";
import type { ReadinessTask } from "./environment.ts";
import { NotServedError } from "./notServedError.ts";
import { contradiction, reasonFor } from "./reasonFor.ts";
import { type Edges, progress } from "./waiting.ts";

const PROBE_EVERY_MS = 2_000;
/** GetConsoleOutput asks the node controller each time; a boot that failed should be known soon all the same. */
const CONSOLE_EVERY_MS = 5_000;
/** Lines of the console in an error: the failed step and what it printed. */
const TAIL_LINES = 25;

const UNTOUCHED = "For readers nothing has changed.";

/** A server, and what it has to show until when. */
type Awaited = Omit<ReadinessTask, "ec2Url" | "region">;

/**
 * Waits until the new server serves its release: one of its addresses shows it, or its console says so and no address
 * shows the contrary (from where pulumi runs, often none can be reached).
 * @throws {NotServedError} at once when the instance has ended (`ENDED`) or its boot failed (`BOOT_FAILED`); at the deadline
 * with the last answers (`NOT_READY`).
 */
export async function awaitReadiness(task: Awaited, edges: Edges): Promise<void> {
  const { release, instanceId, deadlineSeconds } = task;
  // Which of them can be reached depends on where pulumi runs.
  const addresses = [...new Set([task.publicAddress, task.privateAddress])].filter((address) => address !== "");
  const started = edges.now();
  const report = progress(edges);
  const ask = await serverAsker(task, edges);
  // Not asked at once: an instance that has just started has none, and the address may answer before the SDK is loaded.
  let shown: ConsoleReading = { text: "", summary: "not read yet", at: started };
  for (;;) {
    const isLast = edges.now() - started >= deadlineSeconds * 1000;
    if (isLast || edges.now() - shown.at >= CONSOLE_EVERY_MS) {
      shown = await readConsole(instanceId, shown.text, edges);
      if (shown.end !== undefined) throw ended(task, shown.end, shown.text);
    }
    const verdict = lastVerdict(shown.text);
    if (verdict?.failed) throw bootFailed(task, verdict.line, shown.text);
    const answers = await Promise.all(addresses.map(async (address) => ({ address, ...(await ask(address)) })));
    const ready = answers.find(({ isServed }) => isServed);
    if (ready) return edges.say(`${instanceId} serves ${release} at ${ready.address}`);
    if (verdict?.release === release && !contradiction(answers))
      return edges.say(`${instanceId} serves ${release}: its console says so`);

    const reason = reasonFor(answers, shown.text);
    const seen = [...answers, { address: "console", summary: shown.summary }];
    const summary = seen.map(({ address, summary }) => `${address}: ${summary}`).join("; ");
    const seconds = Math.floor((edges.now() - started) / 1000);
    const isByHttp = answers.some(({ tls }) => tls !== undefined);
    if (isLast) throw notReady(task, { reason, summary, isByHttp, consoleText: shown.text });
    report(summary, `waiting for ${instanceId} to serve ${release}, ${seconds} of ${deadlineSeconds} s (${summary})`);
    await edges.sleep(PROBE_EVERY_MS);
  }
}

interface ConsoleReading {
  readonly text: string;
  readonly summary: string;
  readonly at: number;
  /** How the instance has ended, when it has. */
  readonly end?: string | undefined;
}

/** An unreadable console means that the instance has ended or that the cloud is busy. */
async function readConsole(instanceId: string, before: string, edges: Edges): Promise<ConsoleReading> {
  try {
    const text = await edges.readConsole(instanceId);
    return { text, summary: tailOf(text, 1) || "empty so far", at: edges.now() };
  } catch (error) {
    const end = await edges.readEnd(instanceId).catch(() => undefined);
    return { text: before, summary: `cannot be read: ${messageOf(error)}`, at: edges.now(), end };
  }
}

function ended({ instanceId, release }: Awaited, end: string, consoleText: string): NotServedError {
  return new NotServedError({
    code: "ENDED",
    what: `${instanceId} has ended before it served release ${release}: ${end}`,
    why: consoleText === "" ? "" : `Its console ended with:\n${tailOf(consoleText, TAIL_LINES)}`,
    next: `${UNTOUCHED} Fix why it ended and run \`npx pulumi up\`: it makes another one.`,
  });
}

function bootFailed({ instanceId, release }: Awaited, line: string, consoleText: string): NotServedError {
  return new NotServedError({
    code: "BOOT_FAILED",
    what: `${instanceId} could not configure itself for release ${release}: ${line}`,
    why: `Its console ends with:\n${tailOf(consoleText, TAIL_LINES)}`,
    next: `${UNTOUCHED} Fix what the console names and run \`npx pulumi up\` again; for another try with equal settings, \`npx planet roll\`.`,
  });
}

interface LastAnswers {
  readonly reason: string;
  readonly summary: string;
  /** By http, and not by https. */
  readonly isByHttp: boolean;
  readonly consoleText: string;
}

function notReady(
  { instanceId, release, deadlineSeconds }: Awaited,
  { reason, summary, isByHttp, consoleText }: LastAnswers,
): NotServedError {
  return new NotServedError({
    code: "NOT_READY",
    what: `${instanceId} did not serve release ${release} within ${deadlineSeconds} s: ${reason}`,
    why: [
      `Last answers: ${summary}`,
      ...(consoleText === "" ? [] : [`Its console ends with:\n${tailOf(consoleText, TAIL_LINES)}`]),
    ].join("\n"),
    next: [
      UNTOUCHED,
      ...(isByHttp ? [HTTPS_NEXT] : []),
      "If it only needs longer, run `npx pulumi up` again: it asks again and makes nothing new (planet:readyDeadline says how",
      "long). Else fix what is named above; for another try with equal settings, `npx planet roll`.",
    ].join("\n"),
  });
}
