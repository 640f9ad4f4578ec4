import * as http from "node:http";
import * as https from "node:https";
import { isIP, type Socket } from "node:net";
import { type AddressPolicy, hostNameOf } from "./addresses.ts";
import { decompress, tooBig } from "./decompress.ts";
import { FetchError, toFetchError } from "./errors.ts";
import { blocked, guardedLookup } from "./guardedLookup.ts";

/** Limits of one exchange. */
export interface RequestLimits {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly compressedBytes: number;
  readonly decompressedBytes: number;
  readonly headerBytes: number;
}

/** The feeds of a planet are small; a server that sends more is broken. */
export const DEFAULT_LIMITS: RequestLimits = {
  connectMs: 10_000,
  firstByteMs: 15_000,
  compressedBytes: 2 * 1024 * 1024,
  decompressedBytes: 5 * 1024 * 1024,
  headerBytes: 64 * 1024,
};

/** One answer, body already decompressed. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bytes as they came over the wire. */
  readonly wireBytes: number;
}

/** Sends one GET without following anything. */
export type SendRequest = (url: URL, headers: Record<string, string>, deadline: number) => Promise<Answer>;

/** Agents are closed with `close`, else kept-alive sockets hold the process. */
export interface HttpClient {
  readonly send: SendRequest;
  close(): void;
}

/** A client that connects only where the policy allows it, and gives up at each of its limits. */
export function httpClient(policy: AddressPolicy, limits: RequestLimits = DEFAULT_LIMITS): HttpClient {
  const options = { keepAlive: true, maxSockets: 2, timeout: 5_000 };
  const agents = { "http:": new http.Agent(options), "https:": new https.Agent(options) };
  return {
    async send(url, headers, deadline) {
      const hostName = hostNameOf(url);
      // `lookup` is not called for literals.
      if (isIP(hostName) !== 0 && policy.refuses(hostName, hostName)) throw blocked(hostName, hostName);
      const facts = { url, headers, deadline, hostName, policy, limits };
      try {
        return await exchange({ ...facts, agent: agents[url.protocol === "https:" ? "https:" : "http:"] });
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw toFetchError(error, url.host);
      }
      try {
        return await exchange({ ...facts, agent: false });
      } catch (error) {
        throw toFetchError(error, url.host);
      }
    },
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

interface Exchange {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly deadline: number;
  readonly hostName: string;
  readonly policy: AddressPolicy;
  readonly limits: RequestLimits;
  /** False: on a connection of its own. */
  readonly agent: http.Agent | false;
}

/** The server had closed a connection that we had kept: nobody saw this request. */
class StaleConnection extends Error {}

async function exchange(facts: Exchange): Promise<Answer> {
  const { url, limits } = facts;
  const secure = url.protocol === "https:";
  const request = (secure ? https : http).request(url, {
    method: "GET",
    headers: facts.headers,
    agent: facts.agent,
    lookup: guardedLookup(facts.policy),
    maxHeaderSize: limits.headerBytes,
    // As lenient as curl: line ends without a carriage return, control characters in a value, a length beside chunks.
    insecureHTTPParser: true,
  });
  const clocks = watchClocks(request, facts, secure);
  let isAnswered = false;
  try {
    const response = await sent(request);
    isAnswered = true;
    clocks.stopFirstByte();
    const raw = await bodyOf(response, limits.compressedBytes, limits.decompressedBytes);
    const encoding = String(response.headers["content-encoding"] ?? "");
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await decompress(raw, encoding, limits.decompressedBytes),
      wireBytes: raw.length,
    };
  } catch (error) {
    // A request destroyed in the middle of its answer reports a reset, whatever it was destroyed with.
    const failure = clocks.failure() ?? error;
    throw failure === error && request.reusedSocket && !isAnswered ? new StaleConnection() : failure;
  } finally {
    clocks.stop();
  }
}

function sent(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Stays attached: a reset after the answer must not become an uncaught error.
    request.on("error", reject);
    request.end();
  });
}

interface Clocks {
  /** Why the request was given up, if it was. */
  failure(): FetchError | undefined;
  stopFirstByte(): void;
  stop(): void;
}

/** Plain timers and no idle timeouts: a server that drips bytes resets every idle timeout, but no timer. */
function watchClocks(request: http.ClientRequest, facts: Exchange, secure: boolean): Clocks {
  const { limits, url } = facts;
  let failure: FetchError | undefined;
  const abandon = (error: FetchError) => {
    failure = error;
    request.destroy(error);
  };
  const giveUp = (what: string) => () => abandon(new FetchError("timeout", `${url.host} ${what}`));
  const total = setTimeout(giveUp("did not finish in time"), Math.max(1, facts.deadline - Date.now()));
  const connect = setTimeout(giveUp("did not accept a connection in time"), limits.connectMs);
  let firstByte: NodeJS.Timeout | undefined;
  const connected = (socket: Socket) => {
    clearTimeout(connect);
    firstByte = setTimeout(giveUp("did not answer in time"), limits.firstByteMs);
    const remote = socket.remoteAddress;
    if (remote !== undefined && facts.policy.refuses(facts.hostName, remote)) {
      abandon(blocked(facts.hostName, remote));
    }
  };
  request.once("socket", (socket) => {
    if (!socket.connecting) connected(socket);
    else socket.once(secure ? "secureConnect" : "connect", () => connected(socket));
  });
  return {
    failure: () => failure,
    stopFirstByte: () => clearTimeout(firstByte),
    stop: () => {
      for (const timer of [total, connect, firstByte]) clearTimeout(timer);
    },
  };
}

async function bodyOf(response: http.IncomingMessage, compressedBytes: number, plainBytes: number): Promise<Buffer> {
  const compressed = response.headers["content-encoding"] !== undefined;
  const limitBytes = compressed ? compressedBytes : plainBytes;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) {
      response.destroy();
      throw tooBig(limitBytes);
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new FetchError("connect", "the connection was cut in the middle of the document");
  return Buffer.concat(chunks);
}
