import { lastVerdict, tailOf } from "./consoleLines.ts";
import { contradiction, reasonFor } from "./reasonFor.ts";
import { askStatus, progress, reasonOf, type World } from "./waiting.ts";

export interface ReadinessRequest {
  readonly release: string;
  readonly instanceId: string;
  /** The server's own addresses, never the elastic one. Which of them can be reached depends on where pulumi runs. */
  readonly addresses: readonly string[];
  readonly deadlineSeconds: number;
}

const PROBE_EVERY_MS = 2_000;
/** GetConsoleOutput asks the node controller each time; a boot that failed should be known soon all the same. */
const CONSOLE_EVERY_MS = 5_000;
/** Lines of the console in an error: the failed step and what it printed. */
const TAIL_LINES = 25;

const UNTOUCHED = "The address still points at the old server, if there is one.";

/**
 * Waits until the new server serves its release: one of its addresses shows it, or its console says so and no address
 * shows the contrary (from where pulumi runs, often none can be reached).
 * @throws {Error} at once when the boot failed or the instance has ended; at the deadline otherwise, with the last answers.
 */
export async function awaitReadiness(request: ReadinessRequest, world: World): Promise<void> {
  const { release, instanceId, addresses, deadlineSeconds } = request;
  const started = world.now();
  const report = progress(world);
  // Not asked at once: an instance that has just started has none, and the address may answer before the SDK is loaded.
  let console: Console = { text: "", summary: "not read yet", at: started };
  for (;;) {
    const isLast = world.now() - started >= deadlineSeconds * 1000;
    if (isLast || world.now() - console.at >= CONSOLE_EVERY_MS) {
      console = await readConsole(instanceId, console.text, world);
      if (console.end !== undefined) throw new Error(endedMessage(request, console.end, console.text));
    }
    const verdict = lastVerdict(console.text);
    if (verdict?.failed) throw new Error(failedMessage(instanceId, release, verdict.line, console.text));
    const answers = await Promise.all(
      addresses.map(async (address) => ({ address, ...(await askStatus(address, release, world)) })),
    );
    const ready = answers.find(({ isServed }) => isServed);
    if (ready) return world.say(`${instanceId} serves ${release} at ${ready.address}`);
    if (verdict?.release === release && !contradiction(answers))
      return world.say(`${instanceId} serves ${release}: its console says so`);

    const reason = reasonFor(answers, console.text);
    const seen = [...answers, { address: "console", summary: console.summary }];
    const summary = seen.map(({ address, summary }) => `${address}: ${summary}`).join("; ");
    const seconds = Math.floor((world.now() - started) / 1000);
    if (isLast) throw new Error(deadlineMessage(request, { reason, summary, console: console.text }));
    report(summary, `waiting for ${instanceId} to serve ${release}, ${seconds} of ${deadlineSeconds} s (${summary})`);
    await world.sleep(PROBE_EVERY_MS);
  }
}

interface Console {
  readonly text: string;
  readonly summary: string;
  readonly at: number;
  /** How the instance has ended, when it has. */
  readonly end?: string | undefined;
}

/** A console that cannot be read any more is that of an instance that has ended, or of a cloud that is busy. */
async function readConsole(instanceId: string, before: string, world: World): Promise<Console> {
  try {
    const text = await world.readConsole(instanceId);
    return { text, summary: tailOf(text, 1) || "empty so far", at: world.now() };
  } catch (error) {
    const end = await world.readEnd(instanceId).catch(() => undefined);
    return { text: before, summary: `cannot be read: ${reasonOf(error)}`, at: world.now(), end };
  }
}

function endedMessage({ instanceId, release }: ReadinessRequest, end: string, console: string): string {
  return [
    `${instanceId} has ended before it served release ${release}: ${end}`,
    ...(console === "" ? [] : [`Its console ended with:\n${tailOf(console, TAIL_LINES)}`]),
    `${UNTOUCHED} Mend why it ended and run \`npx pulumi up\`: it makes another one.`,
  ].join("\n");
}

function failedMessage(instanceId: string, release: string, line: string, console: string): string {
  return [
    `${instanceId} could not configure itself for release ${release}: ${line}`,
    `Its console ends with:\n${tailOf(console, TAIL_LINES)}`,
    `${UNTOUCHED} Fix what the console names and run \`npx pulumi up\` again; for another try with equal settings, \`npx planet roll\`.`,
  ].join("\n");
}

function deadlineMessage(
  { instanceId, release, deadlineSeconds }: ReadinessRequest,
  { reason, summary, console }: { reason: string; summary: string; console: string },
): string {
  return [
    `${instanceId} did not serve release ${release} within ${deadlineSeconds} s: ${reason}`,
    `Last answers: ${summary}`,
    ...(console === "" ? [] : [`Its console ends with:\n${tailOf(console, TAIL_LINES)}`]),
    UNTOUCHED,
    "If it only needs longer, run `npx pulumi up` again: it asks again and makes nothing new (planet:readyDeadline says how",
    "long). Else mend what is named above; for another try with equal settings, `npx planet roll`.",
  ].join("\n");
}
