import type { AnswerFaultName } from "@planet/local-cloud/testing";
import type { Call } from "./call.ts";
import { tailOf } from "./outcome.ts";
import type { FaultPoint } from "./points.ts";
import type { Ended } from "./running.ts";

/** A wait says something at least every 10 s; the rest is the machine's. */
const SILENCE_LIMIT_MS = 13_000;

/** After these, once, the same read is simply asked again. */
const PASSING: readonly AnswerFaultName[] = [
  "unavailable",
  "web-page-503",
  "throttling",
  "lost-request",
  "lost-answer",
  "no-answer",
];
/** A command to type, or a sentence that asks for a look. Whether the advice is good is for a person to judge. */
const ADVICE =
  /pulumi (up|preview|refresh|destroy)|planet (doctor|status)|administrator|(^|[.?:)] )(Run|Check|Compare|Look|Correct|Set|Use|Wait|Is) /m;

/** What a failure has to name: the call, the endpoint, and what to do. Pure. */
export function judgeMessage(call: Call, { output, exitCode }: Ended, endpoint: string): string[] {
  const missing = [
    ...(wordsOf(call).every((word) => output.includes(word)) ? [] : ["the call"]),
    ...(output.includes(new URL(endpoint).host) ? [] : ["the endpoint"]),
    ...(ADVICE.test(output) ? [] : ["what to do"]),
  ];
  return missing.length === 0
    ? []
    : [`ended with ${exitCode} and does not name ${missing.join(" and ")}:\n${tailOf(output)}`];
}

/** The command has to wait for what passes by itself, and no wait is silent. Pure. */
export function judgePatience(
  { fault, lasting }: FaultPoint,
  call: Call,
  { exitCode, longestSilenceMs }: Ended,
): string[] {
  const isRepeated = fault === "throttling" || fault === "slow-answer" || (call.isRead && PASSING.includes(fault));
  const seconds = Math.round(longestSilenceMs / 1000);
  return [
    ...(lasting === "once" && isRepeated && exitCode !== 0
      ? [`it passes by itself, and the command ended with ${exitCode}`]
      : []),
    ...(longestSilenceMs > SILENCE_LIMIT_MS ? [`it said nothing for ${seconds} s`] : []),
  ];
}

/** As our client names it: `PUT object planet/manifest.json`. */
function wordsOf({ service, name }: Call): string[] {
  if (service !== "s3") return [name];
  const [method = "", place = ""] = name.split(" ");
  return [method, place.replace(/\?acl$/, "").replace(/\*$/, "")];
}
