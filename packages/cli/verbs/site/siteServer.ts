import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { servedHeaders } from "@planet/aggregator";
import { codeOf } from "@planet/errors";
import { CHANGES_PATH, livePolicy, noticePage, withReload } from "./livePage.ts";

/** The website by name: `images/logo.png`. */
export type Website = ReadonlyMap<string, Buffer>;

/** Shows a website to the browsers of this machine, and has them load it again when it has changed. */
export interface SiteServer {
  readonly url: string;
  /** Replaces what is shown, a notice too. @returns whether anything is different. */
  show(website: Website): boolean;
  /** Shows this in place of every page; all else stays as it was. */
  showNotice(title: string, lines: readonly string[]): void;
  close(): Promise<void>;
}

interface Shown {
  /** Other for each thing that is shown, also over a new start of the server. */
  readonly version: string;
  readonly website: Website;
  readonly notice?: { readonly status: number; readonly page: string };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const WAITING = {
  status: 503,
  page: noticePage("The site is being built", ["It comes as soon as its feeds are read."]),
};

/**
 * Listens on 127.0.0.1 alone. The website is in memory, so no path and no link leads out of it.
 * @param ports tried in this order; 0 is any that is free
 * @throws {Error} EADDRINUSE when none is free, EACCES
 */
export async function startSiteServer(ports: readonly number[]): Promise<SiteServer> {
  let shown: Shown = { version: randomUUID(), website: new Map(), notice: WAITING };
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (isOurs(request) && pathOf(request) === CHANGES_PATH && request.method === "GET") listen(response);
    else send(request, response, answerTo(request, shown));
  });
  const tell = (response: ServerResponse) => response.write(`data: ${shown.version}\n\n`);
  const listen = (response: ServerResponse) => {
    response.writeHead(200, { ...servedHeaders(""), "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
    tell(response);
  };
  const change = (next: Omit<Shown, "version">) => {
    shown = { ...next, version: randomUUID() };
    for (const each of listeners) tell(each);
  };
  const port = await listenOn(server, ports);
  return {
    url: `http://127.0.0.1:${port}/`,
    show(website) {
      if (!shown.notice && isSame(shown.website, website)) return false;
      change({ website });
      return true;
    },
    showNotice(title, lines) {
      change({ website: shown.website, notice: { status: 500, page: noticePage(title, lines) } });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenOn(server: ReturnType<typeof createServer>, [port = 0, ...others]: readonly number[]) {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE" || others.length === 0) throw error;
    return listenOn(server, others);
  }
}

/** A page elsewhere whose name leads to 127.0.0.1 (DNS rebinding) has that name here, and reads nothing. */
const isOurs = ({ headers: { host = "" } }: IncomingMessage): boolean =>
  /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host);

/** Decoded, without `..`, from the first slash on; undefined when it is no path. */
function pathOf({ url = "" }: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(new URL(url.replace(/^\/+/, "/"), "http://planet.invalid").pathname);
  } catch {
    return undefined;
  }
}

function answerTo(request: IncomingMessage, { website, notice, version }: Shown): Answer {
  const page = (status: number, html: string): Answer => pageAnswer(status, html, version);
  if (!isOurs(request)) return page(421, noticePage("This server answers to 127.0.0.1 and localhost only", []));
  if (request.method !== "GET" && request.method !== "HEAD") return page(405, noticePage("Only GET and HEAD", []));
  const path = pathOf(request);
  if (path === undefined) return page(400, noticePage("This is not an address", []));
  const name = `${path.slice(1)}${path.endsWith("/") ? "index.html" : ""}`;
  const bytes = website.get(name);
  if (notice && (!bytes || isPage(name))) return page(notice.status, notice.page);
  if (bytes)
    return isPage(name)
      ? page(200, bytes.toString("utf8"))
      : { status: 200, headers: servedHeaders(name), body: bytes };
  if (website.has(`${name}/index.html`)) {
    return { status: 301, headers: { ...servedHeaders(""), Location: encodeURI(`/${name}/`) }, body: "" };
  }
  return page(404, noticePage("The site has no such page", []));
}

const isPage = (name: string): boolean => name.endsWith(".html");

function pageAnswer(status: number, html: string, version: string): Answer {
  const headers = servedHeaders("index.html");
  const policy = livePolicy(headers["Content-Security-Policy"] ?? "");
  return { status, headers: { ...headers, "Content-Security-Policy": policy }, body: withReload(html, version) };
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { ...headers, "Cache-Control": "no-store", "Content-Length": length });
  response.end(request.method === "HEAD" ? undefined : body);
}

const isSame = (one: Website, other: Website): boolean =>
  one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes) === true);
