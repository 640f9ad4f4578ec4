import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { PeerCertificate, TLSSocket } from "node:tls";

export interface HttpsAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
  /** SHA-256 of the leaf, 64 hex digits; empty in a session that was taken up again. */
  readonly fingerprint: string;
}

const PATIENCE_MS = 10_000;

/** Reads a host at an address, as a browser that trusts one authority; over connections that stay open, or one for each request. */
export function httpsReader(at: { address: string; name: string; ca: string }, { keepAlive }: { keepAlive: boolean }) {
  const trust = { ca: at.ca, servername: at.name };
  const [pool, single] = [new Agent({ ...trust, keepAlive, maxSockets: 16 }), new Agent(trust)];
  const ask = (path: string, agent = pool): Promise<HttpsAnswer> =>
    new Promise((resolve, reject) => {
      const headers = { Host: at.name };
      const call = request({ host: at.address, path, agent, headers, timeout: PATIENCE_MS }, (response) => {
        void answerOf(response).then(resolve, reject);
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
      // As browsers do when the server has closed a connection that was idle (RFC 9110 §9.2.2): a reload closes all of them at once, so
      // it goes on over a new one.
      call.on("error", (error) => (call.reusedSocket ? resolve(ask(path, single)) : reject(error)));
      call.end();
    });
  return { ask: (path: string) => ask(path), close: () => pool.destroy() };
}

async function answerOf(response: IncomingMessage): Promise<HttpsAnswer> {
  const { fingerprint256 = "" }: Partial<PeerCertificate> = (response.socket as TLSSocket).getPeerCertificate();
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
    body: await text(response),
  };
}
