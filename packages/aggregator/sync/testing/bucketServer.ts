import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StoredObject {
  readonly bytes: Buffer;
  readonly modified: Date;
  /** Answered instead: 403 for an object uploaded without public-read. */
  readonly status?: number;
  /** Promise all bytes, send half of them, hang up. */
  readonly cut?: boolean;
}

/**
 * A bucket in this process, as Eucalyptus' object storage behaves: conditions count only with canonical header names,
 * and its clock is its own.
 */
export class BucketServer {
  readonly objects = new Map<string, StoredObject>();
  readonly answers: { name: string; status: number }[] = [];
  /** The storage's clock. */
  now = new Date("2026-03-01T12:00:00Z");
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/services/Walrus/planet`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  put(name: string, content: string | Buffer, more: Partial<StoredObject> = {}): void {
    this.objects.set(name, { bytes: Buffer.from(content), modified: this.now, ...more });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const name = (request.url ?? "").replace("/services/Walrus/planet/", "");
    const object = this.objects.get(name);
    const status = object === undefined ? 404 : (object.status ?? (isUnchanged(request, object) ? 304 : 200));
    this.answers.push({ name, status });
    response.sendDate = false;
    response.setHeader("Date", this.now.toUTCString());
    if (object === undefined || status !== 200) {
      response.writeHead(status).end(status === 304 ? undefined : "<Error/>");
      return;
    }
    response.setHeader("ETag", etagOf(object));
    response.setHeader("Last-Modified", object.modified.toUTCString());
    response.setHeader("Content-Length", object.bytes.length);
    response.writeHead(200);
    if (!object.cut) response.end(object.bytes);
    else response.write(object.bytes.subarray(0, object.bytes.length / 2), () => response.destroy());
  }
}

const etagOf = ({ bytes }: StoredObject): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

function isUnchanged({ rawHeaders }: IncomingMessage, object: StoredObject): boolean {
  const at = rawHeaders.indexOf("If-None-Match");
  return at >= 0 && rawHeaders[at + 1] === etagOf(object);
}
