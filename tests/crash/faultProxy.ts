import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestTo,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Call, nameCall } from "./call.ts";

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** So many bytes of the body go out, and the connection breaks. */
  readonly cutAt?: number;
}

/** `reset`: the connection breaks. `silence`: it stays open and nothing ever comes. */
export type Reply = Answer | "reset" | "silence";

/** What happens to one call in place of being passed on. */
export interface Interference {
  /** Whether the cloud gets the call, and acts. */
  readonly reachesCloud: boolean;
  /** Before anything else; whoever asked waits. */
  readonly before?: () => Promise<void>;
  /** @param real The cloud's own answer, when it got the call. */
  readonly reply: (real: Answer | undefined) => Reply | Promise<Reply>;
  /** Once the last byte of the reply is on its way. */
  readonly after?: () => void;
}

/** `undefined`: the call passes. */
export type Intercept = (call: Call) => Interference | undefined;

const PASS: Interference = { reachesCloud: true, reply: (real) => real ?? "reset" };

/**
 * Stands between a stack and its cloud, counts every call, and interferes with it as asked. It forwards the client's own
 * bytes with the client's own `Host`, so signatures stay right. The cloud behind it may change; the endpoint stays.
 */
export class FaultProxy {
  readonly endpoint: string;
  /** Where the cloud listens: `http://<address>:<port>`. */
  cloud = "";
  readonly #server: Server;
  #intercept: Intercept = () => undefined;
  #calls: Call[] = [];

  /** @param address the cloud's: its name server is asked at the endpoint's address. */
  static async start(address = "127.0.0.1"): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, address, resolve));
    return new FaultProxy(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    const { address, port } = server.address() as AddressInfo;
    this.endpoint = `http://${address}:${port}`;
    server.on("request", (request, response) => void this.#serve(request, response).catch(() => request.destroy()));
  }

  /** In the order in which they came, since the last {@link begin}. */
  get calls(): readonly Call[] {
    return this.#calls;
  }

  /** Counts from 1 again, breaks what is still held, and interferes as asked from here on. */
  begin(intercept: Intercept = () => undefined): void {
    this.#server.closeAllConnections();
    this.#calls = [];
    this.#intercept = intercept;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const call = this.#count(nameCall({ method: request.method ?? "", url: request.url ?? "", body: body.toString() }));
    const { reachesCloud, before, reply, after } = this.#intercept(call) ?? PASS;
    await before?.();
    const real = reachesCloud ? await this.#ask(request, body) : undefined;
    await send(response, request.socket, await reply(real));
    after?.();
  }

  #count(named: Omit<Call, "nth">): Call {
    const call = { ...named, nth: this.#calls.filter(({ name }) => name === named.name).length + 1 };
    this.#calls.push(call);
    return call;
  }

  #ask({ method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const path = url ?? "/";
      const asked = requestTo(this.cloud, { method: method ?? "GET", path, headers: rawHeaders, agent: false });
      asked.on("error", reject).on("response", (answer) => {
        const { statusCode: status = 0, headers } = answer;
        buffer(answer).then((bytes) => resolve({ status, headers: withoutFraming(headers), body: bytes }), reject);
      });
      asked.end(body);
    });
  }
}

/** How an answer came over one connection does not concern the next one. A HEAD's length is its answer. */
function withoutFraming(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { connection: _connection, "transfer-encoding": _encoding, ...others } = headers;
  return others;
}

async function send(response: ServerResponse, socket: Socket, reply: Reply): Promise<void> {
  if (reply === "silence") return;
  if (reply === "reset") {
    socket.resetAndDestroy();
    return;
  }
  const { status, headers, body, cutAt } = reply;
  response.writeHead(status, {
    ...headers,
    connection: "close",
    ...(body.length > 0 && { "content-length": body.length }),
  });
  await new Promise<void>((resolve) => {
    response.on("close", resolve);
    if (cutAt === undefined) response.end(body, resolve);
    else response.write(body.subarray(0, cutAt), () => response.destroy());
  });
}
