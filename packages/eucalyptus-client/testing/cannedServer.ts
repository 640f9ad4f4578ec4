import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** Names in the spelling that was sent. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** The form parameters of a query call. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In place of an answer: the connection ends at once or within the answer, or stays open in silence. */
  readonly cut?: "before" | "within" | "never";
}

export interface CannedServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Gives the answers that it was given and records the requests: the wire of a cloud, without a cloud. */
export async function cannedServer(
  answer: (request: SeenRequest, count: number) => CannedAnswer,
): Promise<CannedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((request) => {
      seen.push(request);
      const { status = 200, headers = {}, body = "", cut } = answer(request, seen.length);
      if (cut === "never") return;
      if (cut === "before") incoming.socket.destroy();
      else if (cut === "within") {
        outgoing.writeHead(status, { ...headers, "Content-Length": "1000" });
        outgoing.write("<half", () => incoming.socket.destroy());
      } else outgoing.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  const raw = incoming.rawHeaders;
  const headers = new Map<string, string>();
  for (let index = 0; index < raw.length; index += 2) headers.set(raw[index] ?? "", raw[index + 1] ?? "");
  const parameters = Object.fromEntries(new URLSearchParams(body));
  return { method: incoming.method ?? "", target: incoming.url ?? "", headers, body, parameters };
}
