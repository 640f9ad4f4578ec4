import type { StatusFeed } from "@planet/content";
import { fill } from "../render/words/fill.ts";
import type { Language } from "../render/words/types.ts";

/** Why a feed fails: in plain words, and in the engine's own. Both empty when it does not say. */
export function reasonOf(
  { reason = "", http, state }: StatusFeed,
  { words, reasons }: Language,
): { plain: string; detail: string } {
  const [, failure = "", sentence = ""] = /^([a-z-]+): (.*)$/s.exec(reason) ?? [];
  // The plain words have the number, too.
  const detail = sentence === `the server answered ${http}` ? "" : sentence;
  if (state === "gone") return { plain: words.gone, detail };
  const plain = new Map(Object.entries(reasons)).get(failure) ?? "";
  return { plain: fill(plain, { status: http ?? "" }), detail };
}
