import { get } from "node:http";

/** What a reader gets at the planet's address. */
export type PageLook =
  | { readonly kind: "served"; readonly release: string; readonly ageSeconds: number; readonly intervalSeconds: number }
  /** An answer, but not a planet's. */
  | { readonly kind: "other"; readonly status: number; readonly text: string }
  | { readonly kind: "silent"; readonly reason: string };

const PATIENCE_MS = 5_000;
const LIMIT_BYTES = 2_000_000;

/** @param url The planet's own, with a slash at its end. Never rejects. */
export function lookAtPage(url: string): Promise<PageLook> {
  return new Promise((resolve) => {
    const silent = (error: Error) => resolve({ kind: "silent", reason: error.message || error.name });
    const request = get(new URL("status.json", url), { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= LIMIT_BYTES) chunks.push(chunk);
        else request.destroy(new Error("an endless answer"));
      });
      response.on("error", silent);
      response.on("end", () => {
        const date = Date.parse(response.headers.date ?? "");
        const body = Buffer.concat(chunks).toString();
        resolve(readStatus(response.statusCode ?? 0, body, Number.isNaN(date) ? Date.now() : date));
      });
    });
    const limit = setTimeout(() => request.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    request.on("close", () => clearTimeout(limit));
    request.on("error", silent);
  });
}

/** @param date The server's own, so that a wrong clock here makes no page old. Pure. */
export function readStatus(status: number, body: string, date: number): PageLook {
  const found = status === 200 ? parse(body) : undefined;
  if (!found) return { kind: "other", status, text: body.trim().split("\n")[0]?.slice(0, 120) ?? "" };
  const { release, generatedAt, nextSync } = found;
  const [at, next] = [Date.parse(generatedAt), Date.parse(nextSync)];
  const seconds = (ms: number) => (Number.isFinite(ms) ? Math.round(ms / 1000) : 0);
  return { kind: "served", release, ageSeconds: seconds(date - at), intervalSeconds: seconds(next - at) };
}

function parse(body: string) {
  try {
    const status = JSON.parse(body) as { release?: unknown; generated_at?: unknown; next_sync?: unknown } | null;
    if (typeof status?.release !== "string") return undefined;
    const [generatedAt, nextSync] = [status.generated_at, status.next_sync].map((time) => String(time));
    return { release: status.release, generatedAt: generatedAt ?? "", nextSync: nextSync ?? "" };
  } catch {
    return undefined;
  }
}
