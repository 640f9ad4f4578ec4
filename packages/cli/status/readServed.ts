import { parseServedStatus, type ServedStatus } from "@planet/content";

/** What a reader gets at the address. */
export type Served =
  | { readonly kind: "planet"; readonly status: ServedStatus /** By the server's own clock. */; readonly at: Date }
  /** Something answers, and it is no planet. */
  | { readonly kind: "other"; readonly http: number }
  | { readonly kind: "silent"; readonly reason: string };

const PATIENCE_MS = 10_000;

/** @param url The planet's own, with a slash at its end. Never rejects. */
export async function readServed(url: string): Promise<Served> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const page = await fetch(url, { signal, redirect: "manual", headers: { connection: "close" } });
    await page.arrayBuffer();
    if (page.status !== 200) return { kind: "other", http: page.status };
    const answer = await fetch(new URL("status.json", url), { signal, headers: { connection: "close" } });
    const status = parseServedStatus(await answer.text());
    if (answer.status !== 200 || !status) return { kind: "other", http: answer.status };
    const at = new Date(answer.headers.get("date") ?? Number.NaN);
    return { kind: "planet", status, at: Number.isNaN(at.getTime()) ? new Date() : at };
  } catch (error) {
    return { kind: "silent", reason: reasonOf(error) };
  }
}

/** `fetch` says "fetch failed" and keeps the reason to itself. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : error.message;
}
