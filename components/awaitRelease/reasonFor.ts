import { tailOf } from "./consoleLines.ts";
import type { StatusAnswer } from "./waiting.ts";

type Answer = StatusAnswer & { readonly address: string };

/**
 * The answer that shows that the server does not serve its release, whatever its console says: another release, none by
 * https, or a failure. Only these can be a planet's: where pulumi runs, a private address may lead to a machine of somebody else's.
 */
export function contradiction(answers: readonly Answer[]): Answer | undefined {
  return (
    answers.find(({ release, tls }) => release !== undefined || tls !== undefined) ??
    answers.find(({ status = 0 }) => status >= 500)
  );
}

/** Why a server is not ready yet, in words, from what its addresses answered and what its console shows. */
export function reasonFor(answers: readonly Answer[], consoleText: string): string {
  const wrong = contradiction(answers);
  if (wrong?.release !== undefined) {
    return `${wrong.address} serves release ${wrong.release}: made from other user-data, or the address of another server`;
  }
  if (wrong?.tls !== undefined) return `it serves the release by http, but not by https: ${wrong.tls}`;
  if (wrong?.status === 503) return "its web server runs and has no page yet (HTTP 503): the first sync is not done";
  if (wrong) return `its web server runs and fails (HTTP ${wrong.status})`;
  const step = [...consoleText.matchAll(/planet: step=(\S+)/g)].at(-1)?.[1];
  if (step !== undefined) return `it is still at the step "${step}" of planet.sh, or stuck there`;
  if (tailOf(consoleText, 1) === "") {
    return "it has shown nothing at all: it does not boot, or neither its console nor its addresses can be reached";
  }
  return "it boots, but planet.sh has not begun: the image may not run user-data (docs/eucalyptus.md)";
}
