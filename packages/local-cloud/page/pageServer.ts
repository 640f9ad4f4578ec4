import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { FAULTS } from "../faults/catalogue.ts";
import type { FaultLayer } from "../faults/faultLayer.ts";
import { faultNamed, wantedFault } from "../faults/wantedFault.ts";
import { LocalCloudError } from "../localCloudError.ts";
import type { RouteTable } from "../network/routeTable.ts";
import { drain, readBody } from "../wire/body.ts";
import type { Credentials } from "../wire/queryAuthentication.ts";
import type { RequestLog } from "../wire/requestLog.ts";
import { sameText } from "../wire/signature.ts";
import type { World } from "../world/world.ts";
import { cloudView } from "./cloudView.ts";
import { sendConsole } from "./consoleEvents.ts";
import { EventClients } from "./eventClients.ts";
import { LivePicture } from "./livePicture.ts";
import { objectsView } from "./objectsView.ts";

/** What the page looks at and may change. */
interface PageCloud {
  readonly world: World;
  readonly credentials: Credentials;
  readonly requests: Pick<RequestLog, "entries" | "subscribe">;
  readonly faults: Pick<FaultLayer, "active">;
  describe(): { readonly loadBalancers: readonly { readonly name: string; readonly address?: string }[] };
  setFault(fault: ReturnType<typeof wantedFault>): void;
  clearFault(name?: ReturnType<typeof faultNamed>): void;
}

export interface PageOptions {
  readonly cloud: PageCloud;
  readonly routes: () => RouteTable;
  readonly settings: () => { readonly driver: string; readonly moveDelayMs: number; readonly cutOnMove: boolean };
  readonly consoleFile: (instanceId: string) => string;
}

interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const VIEW = new URL("view/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};
const BODY_LIMIT_BYTES = 4_096;

/** For `planet cloud status`: whoever knows it sees the cloud and may set faults. It follows from the key, and the key not from it. */
export function pageToken({ secretAccessKey }: Pick<Credentials, "secretAccessKey">): string {
  return createHmac("sha256", secretAccessKey).update("page").digest("hex").slice(0, 32);
}

/**
 * The live view of a cloud, at the root of its endpoint. The files of the page are for everybody and say nothing of the cloud. All else needs the
 * token, in a header: it stands behind the `#` of the link, which no browser sends, and is kept in no cookie and no storage, since any object of
 * a public bucket is a page of the same origin. A request by another name than the endpoint's is not ours (DNS rebinding), a change from
 * another origin neither.
 */
export class PageServer {
  readonly #options: PageOptions;
  readonly #files = staticFiles();
  readonly #clients = new EventClients();
  readonly #picture: LivePicture;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: PageOptions) {
    this.#options = options;
    const { cloud } = options;
    this.#picture = new LivePicture(
      {
        introduction: () => this.#introduction(),
        picture: () => this.#view(),
        json: (value) => this.#json(value),
        requests: cloud.requests,
      },
      this.#clients,
    );
    this.#headers = headersFor(this.#endpoint);
  }

  /** Whether the request is the page's; everything else is the cloud's. */
  takes({ method, url = "", headers }: IncomingMessage): boolean {
    if (headers.host !== new URL(this.#endpoint).host) return false;
    if (url === "/") return method === "GET" && (headers.accept ?? "").includes("text/html");
    return url.startsWith("/page/");
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).catch((error: unknown) => {
      drain(request);
      if (response.headersSent) response.destroy();
      else if (error instanceof LocalCloudError) this.#refuse(response, 400, error.code, error.message);
      else this.#refuse(response, 400, "BAD_REQUEST", "this request cannot be understood");
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const file = this.#files.get(url === "/" ? "/page/index.html" : url);
    if (file && method === "GET") {
      response.writeHead(200, { ...this.#headers, "Content-Type": file.type }).end(file.bytes);
    } else if (!this.#isProven(request)) {
      drain(request);
      this.#refuse(response, 403, "NO_TOKEN", "open the page by the link that `npx planet cloud status` prints");
    } else if (method === "GET") this.#read(url, response);
    else if (method === "POST") await this.#change(url, request, response);
    else this.#refuse(response, 405, "NO_METHOD", `there is no ${method} here`);
  }

  #read(url: string, response: ServerResponse): void {
    const { cloud, consoleFile } = this.#options;
    const [, , kind, name = ""] = url.split("/");
    if ((kind === "events" || kind === "console") && this.#clients.isFull) {
      this.#refuse(response, 503, "TOO_MANY", "too many pages are open; close some");
    } else if (kind === "events") this.#picture.add(response, this.#headers);
    else if (kind === "console" && cloud.world.instance(name)) {
      const clean = (text: string) => this.#withoutKey(text);
      sendConsole(consoleFile(name), response, this.#clients, { headers: this.#headers, clean });
    } else if (kind === "objects") {
      const found = objectsView(cloud.world, decodeURIComponent(name));
      if (found) this.#send(response, 200, found);
      else this.#refuse(response, 404, "NO_BUCKET", "there is no such bucket");
    } else this.#refuse(response, 404, "NOT_HERE", "there is nothing here");
  }

  async #change(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, "content-type": type } = request.headers;
    if (origin !== this.#endpoint || type !== "application/json") {
      drain(request);
      this.#refuse(response, 403, "OTHER_ORIGIN", "only the page itself may change something");
      return;
    }
    const { cloud } = this.#options;
    const given = JSON.parse((await readBody(request, BODY_LIMIT_BYTES)).toString()) as Record<string, unknown>;
    if (url === "/page/fault") cloud.setFault(wantedFault(given));
    else if (url === "/page/clear-fault")
      cloud.clearFault(given.fault === undefined ? undefined : faultNamed(given.fault));
    else {
      this.#refuse(response, 404, "NOT_HERE", "there is nothing here");
      return;
    }
    this.#send(response, 200, {});
  }

  #isProven({ headers }: IncomingMessage): boolean {
    return sameText(headers.authorization ?? "", `Bearer ${pageToken(this.#options.cloud.credentials)}`);
  }

  #introduction() {
    const { identity, state } = this.#options.cloud.world;
    const { driver, moveDelayMs, cutOnMove } = this.#options.settings();
    const { name, endpoint, s3Url } = identity;
    const { mode, version = "" } = state;
    return { name, endpoint, s3Url, mode, version, driver, moveDelayMs, cutOnMove, kinds: FAULTS };
  }

  #view() {
    const { cloud, routes, settings } = this.#options;
    const { moveDelayMs } = settings();
    return cloudView({
      world: cloud.world,
      routes: routes(),
      faults: cloud.faults.active,
      workerAddress: (name) => cloud.describe().loadBalancers.find((one) => one.name === name)?.address,
      moveDelayMs,
      now: Date.now(),
    });
  }

  get #endpoint(): string {
    return this.#options.cloud.world.identity.endpoint;
  }

  #refuse(response: ServerResponse, status: number, code: string, what: string): void {
    this.#send(response, status, { code, what });
  }

  #send(response: ServerResponse, status: number, value: unknown): void {
    response.writeHead(status, { ...this.#headers, "Content-Type": "application/json" }).end(this.#json(value));
  }

  #json(value: unknown): string {
    return this.#withoutKey(JSON.stringify(value));
  }

  /** A last fence: somebody may have called a bucket by it, or printed it on a console. */
  #withoutKey(text: string): string {
    return text.replaceAll(this.#options.cloud.credentials.secretAccessKey, "(secret key)");
  }
}

/** Scripts and styles come from the page's own folder alone: an object of a bucket has the same origin. */
function headersFor(endpoint: string): Readonly<Record<string, string>> {
  const own = `${endpoint}/page/`;
  const policy = [
    "default-src 'none'",
    ...["script-src", "style-src", "connect-src"].map((kind) => `${kind} ${own}`),
    ...["base-uri", "form-action", "frame-ancestors"].map((kind) => `${kind} 'none'`),
    "require-trusted-types-for 'script'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  };
}

function staticFiles(): ReadonlyMap<string, StaticFile> {
  const names = readdirSync(VIEW).filter((name) => Object.hasOwn(TYPES, extname(name)));
  return new Map(
    names.map((name) => [
      `/page/${name}`,
      { type: TYPES[extname(name)] ?? "", bytes: readFileSync(new URL(name, VIEW)) },
    ]),
  );
}
