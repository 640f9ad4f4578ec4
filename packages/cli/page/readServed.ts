import { readStatusJson, type ServedStatus } from "@planet/content";
import { httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
import { messageOf } from "@planet/errors";
import { visible } from "../text/visible.ts";

/** What a reader gets at the address. */
export type Served =
  /** `at`: now, by the server's own clock, so that a wrong one here makes no page old. */
  | { readonly kind: "planet"; readonly status: ServedStatus; readonly at: Date }
  /** An answer, but not a planet's; `text` is its first line, fit for a terminal. */
  | { readonly kind: "other"; readonly http: number; readonly text: string }
  | { readonly kind: "silent"; readonly reason: string };

const LIMITS = { timeoutMs: 10_000, limitBytes: PAGE_LIMIT_BYTES };

/** @param url The planet's own, with a slash at its end. Never rejects. */
export async function readServed(url: string): Promise<Served> {
  try {
    const page = await httpGet(url, LIMITS);
    if (page.status !== 200) return other(page);
    const answer = await httpGet(new URL("status.json", url), LIMITS);
    const status = answer.status === 200 ? readStatusJson(answer.body.toString()) : undefined;
    if (!status) return other(answer);
    const at = new Date(answer.headers.date ?? Number.NaN);
    return { kind: "planet", status, at: Number.isNaN(at.getTime()) ? new Date() : at };
  } catch (error) {
    return { kind: "silent", reason: messageOf(error) };
  }
}

const other = ({ status, body }: { readonly status: number; readonly body: Buffer }): Served => {
  const [first = ""] = visible(body.toString().trim()).split("\n");
  return { kind: "other", http: status, text: first.slice(0, 120) };
};
