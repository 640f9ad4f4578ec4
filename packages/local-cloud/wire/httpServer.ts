import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Answer } from "./answer.ts";
import { awaitContinue } from "./body.ts";

/** Bytes of a request's line and headers that are read to their end. The cloud's own limits are far below and are checked on what was read. */
const HEAD_LIMIT_BYTES = 256 * 1024;
/** The cloud closes a connection that is idle so long (Corymbia/eucalyptus `StackConfiguration.java`). */
const IDLE_MS = 60_000;

/** What makes the cloud's answers; `refusal` is that to bytes which are no request. */
interface FrontEnd {
  readonly answer: RequestListener;
  readonly refusal: (reason: UnreadableRequest) => Answer;
}

/** Why there is no request: it is too long, or no HTTP. */
interface UnreadableRequest {
  readonly isTooLong: boolean;
  readonly message: string;
}

/** A server that leaves every answer to the cloud, also those that Node would give by itself: 431, 400, 417, an early 100. */
export function httpServer({ answer, refusal }: FrontEnd): Server {
  const server = createServer({ maxHeaderSize: HEAD_LIMIT_BYTES, requireHostHeader: false }, answer);
  server.keepAliveTimeout = IDLE_MS;
  server.on("checkContinue", (request, response) => {
    awaitContinue(request, response);
    answer(request, response);
  });
  server.on("checkExpectation", answer); // any other expectation is not looked at
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || !error.code?.startsWith("HPE_")) socket.destroy();
    else write(socket, refusal({ isTooLong: error.code === "HPE_HEADER_OVERFLOW", message: error.message }));
  });
  return server;
}

function write(socket: Duplex, { status, headers, body }: Answer): void {
  const given = { ...headers, "Content-Length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}
