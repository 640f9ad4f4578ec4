import { get } from "node:http";

export interface ProbeReport {
  readonly requests: number;
  /** One line each: when, and what went wrong. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
  /** Servers that answered, by release, in the order of their first answer. */
  readonly releases: readonly string[];
}

export interface Probe {
  /** Ends the probe and waits for the requests under way. */
  stop(): Promise<ProbeReport>;
  report(): ProbeReport;
}

/** A reader gives up after this long. */
const PATIENCE_MS = 10_000;

/**
 * Asks for `url` at a fixed rate, each time over a new connection and without waiting for the answer before,
 * as separate readers do. Every answer that is not a 200 with a body is a failure.
 */
export function startProbe(url: string, requestsPerSecond: number): Probe {
  const pending = new Set<Promise<void>>();
  const failures: string[] = [];
  const releases = new Set<string>();
  let requests = 0;
  let slowestMs = 0;

  const timer = setInterval(() => {
    const started = Date.now();
    requests += 1;
    const request = fetchOnce(url)
      .then(
        ({ release }) => void (release && releases.add(release)),
        (error: unknown) => void failures.push(`${new Date(started).toISOString()} ${String(error)}`),
      )
      .then(() => {
        slowestMs = Math.max(slowestMs, Date.now() - started);
        pending.delete(request);
      });
    pending.add(request);
  }, 1000 / requestsPerSecond);

  const report = (): ProbeReport => ({ requests, failures: [...failures], slowestMs, releases: [...releases] });
  return {
    report,
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      return report();
    },
  };
}

/** One request over its own connection; rejects unless it is answered whole, with 200. */
function fetchOnce(url: string): Promise<{ release: string | undefined }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: { connection: "close" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        else if (body === "") reject(new Error("empty body"));
        else resolve({ release: /"release":\s*"([0-9a-f]{8})"/.exec(body)?.[1] });
      });
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    request.on("error", reject);
  });
}
