import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { CheckTarget } from "../healthChecks.ts";

const MOST_REDIRECTS = 10;

/**
 * One health check: HTTP(S) wants a 200, follows redirects and verifies no certificate; TCP and SSL want a connection.
 * Source: Corymbia/load-balancer-servo `health_check.py`.
 */
export async function checkServer(address: string, target: CheckTarget, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(Math.max(timeoutMs, 1));
  try {
    if (target.path === "") return await accepts(address, target, signal);
    const scheme = target.protocol.toLowerCase();
    return await answers(`${scheme}://${address}:${target.port}${target.path}`, signal, MOST_REDIRECTS);
  } catch {
    return false;
  }
}

function accepts(host: string, { protocol, port }: CheckTarget, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const isSsl = protocol === "SSL";
    const socket = isSsl ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    const done = (isOk: boolean) => (): void => {
      socket.destroy();
      resolve(isOk);
    };
    socket.once(isSsl ? "secureConnect" : "connect", done(true)).once("error", done(false));
    signal.addEventListener("abort", done(false), { once: true });
  });
}

function answers(url: string, signal: AbortSignal, redirects: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { signal, agent: false, rejectUnauthorized: false };
    const asking = (url.startsWith("https:") ? httpsGet : httpGet)(url, options, (answer) => {
      const { statusCode = 0, headers } = answer;
      answer.destroy(); // its body says nothing
      const isRedirect = statusCode >= 300 && statusCode < 400 && headers.location !== undefined && redirects > 0;
      if (!isRedirect) resolve(statusCode === 200);
      else answers(new URL(headers.location ?? "", url).href, signal, redirects - 1).then(resolve, reject);
    });
    asking.on("error", reject);
  });
}
