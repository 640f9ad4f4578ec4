import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as open,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import type { WorkerListener } from "../worker.ts";
import { connectServer, NoConnection, type ServerPlace } from "./connectServer.ts";
import type { Generation } from "./generation.ts";

/**
 * The file of the worker's own that HAProxy sends: line feeds alone, no empty line, then the end (observed on HAProxy 1.5.18,
 * 2026-11-28). Node's client refuses it with `HPE_CR_EXPECTED`.
 */
export const NO_SERVER = "HTTP/1.1 503 Service Unavailable\nContent-Length: 0\nConnection: close\n";

/** HAProxy's built-in pages. Source: HAProxy 1.5 `proto_http.c`. */
const builtIn = (status: string, text: string): string =>
  `HTTP/1.0 ${status}\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n` +
  `<html><body><h1>${status}</h1>\n${text}\n</body></html>\n`;
const BAD_GATEWAY = builtIn("502 Bad Gateway", "The server returned an invalid or incomplete response.");
const GATEWAY_TIMEOUT = builtIn("504 Gateway Time-out", "The server didn't respond in time.");

/** Of one connection alone: the proxy writes its own. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "expect"]);

/** One client's connection. */
interface ClientConnection {
  readonly agent: ServerAgent;
  /** While it waits for an answer, silence is the server's, not the client's. */
  isWaiting: boolean;
}

/** Takes the HTTP connections of one listener, for as long as one generation lasts and each of them after that. */
export function createHttpFrontend(generation: Generation, listener: WorkerListener): Server {
  const connections = new WeakMap<Duplex, ClientConnection>();
  const server = createServer((request, response) => {
    const known = connections.get(request.socket);
    const connection = known ?? { agent: new ServerAgent(), isWaiting: false };
    if (!known) {
      connections.set(request.socket, connection);
      request.socket.once("close", () => connection.agent.destroy());
    }
    connection.isWaiting = true;
    response.once("close", () => {
      connection.isWaiting = false;
    });
    answer(request, response, { generation, listener, agent: connection.agent });
  });
  server.on("timeout", (socket) => {
    if (!connections.get(socket)?.isWaiting) socket.destroy();
  });
  server.timeout = generation.idleMs;
  server.keepAliveTimeout = generation.idleMs;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  return server;
}

/** The connections to servers that belong to one client's: HAProxy never shares them. */
class ServerAgent extends Agent {
  constructor() {
    super({ keepAlive: true, maxFreeSockets: 1 });
  }

  override createConnection(
    options: object,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    // `place` comes with the request's own options.
    const { place } = options as { readonly place: ServerPlace };
    connectServer(place).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}

interface Side {
  readonly generation: Generation;
  readonly listener: WorkerListener;
  readonly agent: Agent;
}

function answer(request: IncomingMessage, response: ServerResponse, { generation, listener, agent }: Side): void {
  const place = generation.nextServer(listener);
  request.on("error", () => undefined); // its end is seen at the response
  if (!place) {
    refuse(request, response, NO_SERVER);
    return;
  }
  const { address: host, port } = place;
  const options = { ...{ host, port, place, agent }, method: request.method ?? "GET", path: request.url ?? "/" };
  const upstream = open({ ...options, headers: forwardedHeaders(request, listener.port), setHost: false });
  upstream.setTimeout(generation.idleMs, () => upstream.destroy(new TimedOut()));
  upstream.once("error", (error) => failed(error, upstream, request, response));
  upstream.once("response", (reply) => passBack(reply, response, generation.isOld));
  response.once("close", () => upstream.destroy());
  request.pipe(upstream);
}

class TimedOut extends Error {}

function failed(error: Error, upstream: ClientRequest, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof NoConnection) refuse(request, response, NO_SERVER);
  else if (error instanceof TimedOut) refuse(request, response, GATEWAY_TIMEOUT);
  else if (upstream.reusedSocket)
    response.destroy(); // silently, so that the client asks again
  else refuse(request, response, BAD_GATEWAY);
}

function refuse(request: IncomingMessage, response: ServerResponse, bytes: string): void {
  request.resume();
  response.socket?.end(bytes);
}

function passBack(reply: IncomingMessage, response: ServerResponse, isLast: boolean): void {
  response.sendDate = false;
  const headers = withoutHopByHop(reply.rawHeaders);
  if (isLast) headers.push("Connection", "close");
  else response.removeHeader("Connection"); // and none is written, as HAProxy writes none
  response.writeHead(reply.statusCode ?? 502, reply.statusMessage, headers);
  reply.on("error", () => response.destroy());
  reply.on("aborted", () => response.destroy());
  reply.pipe(response);
}

/** `X-Forwarded-For` is left out for 127.0.0.1 by a real worker; here that is who reads the page. */
function forwardedHeaders({ rawHeaders, socket }: IncomingMessage, port: number): string[] {
  const client = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const added = ["X-Forwarded-Proto", "http", "X-Forwarded-Port", String(port), "X-Forwarded-For", client];
  return [...withoutHopByHop(rawHeaders), ...added];
}

/** Name and value by turns, in the spelling that they came in. */
function withoutHopByHop(raw: readonly string[]): string[] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 && !HOP_BY_HOP.has(name.toLowerCase()) ? [name, raw[index + 1] ?? ""] : [],
  );
}
