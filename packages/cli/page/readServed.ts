import { readStatusJson, type ServedStatus } from "@planet/content";
import { type HttpAnswer, httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
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

/** Where a planet is asked from here: by its address, whatever its name leads to and whoever has signed its certificate. */
export const pageUrl = ({ address }: { readonly address: string }): string => `http://${address}/`;

/** @param url The planet's own, with a slash at its end. Never rejects. */
export async function readServed(url: string): Promise<Served> {
  try {
    const page = await readPage(url);
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

/** A planet with a host sends on to https, which is asked at the same address. status.json is not sent on. */
async function readPage(url: string): Promise<HttpAnswer> {
  const page = await httpGet(url, LIMITS);
  const target = page.headers.location ?? "";
  if (page.status !== 301 || !/^https:\/\/[\w.-]+(:\d+)?\/$/.test(target)) return page;
  const { hostname } = new URL(url);
  return httpGet(target, { ...LIMITS, at: hostname });
}

const other = ({ status, body }: { readonly status: number; readonly body: Buffer }): Served => {
  const [first = ""] = visible(body.toString().trim()).split("\n");
  return { kind: "other", http: status, text: first.slice(0, 120) };
};
