import { Agent, type ClientRequest, get } from "node:http";

const CONNECTIONS = 16;
/** As long as the probe over fresh connections waits. */
const PATIENCE_MS = 10_000;

/**
 * Asks as a browser does: over connections that stay open. One that the server closed while it was idle, before any byte
 * of an answer, is not a failed request: browsers send it again, once, over another connection (RFC 9110 §9.2.2).
 */
export function keepAliveReader(): { ask: (url: string) => Promise<string | undefined>; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return { ask: (url) => ask(url, agent, true), close: () => agent.destroy() };
}

function ask(url: string, agent: Agent, mayRepeat: boolean): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let hasBytes = false;
    const request: ClientRequest = get(url, { agent }, (response) => {
      hasBytes = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        else resolve(/"release":\s*"([0-9a-f]{8})"/.exec(body)?.[1]);
      });
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
    request.on("error", (error) => {
      if (mayRepeat && request.reusedSocket && !hasBytes) resolve(ask(url, agent, false));
      else reject(error);
    });
  });
}
