import { isUtf8 } from "node:buffer";
import { FetchError } from "./errors.ts";
import type { HostGate } from "./hostGate.ts";
import type { Answer, SendRequest } from "./request.ts";
import { retryAfterMs } from "./schedule.ts";

/** What a server gave us to ask "has it changed?", kept exactly as written. Valid for one URL only. */
export interface Validators {
  readonly url: string;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** What came of one fetch, redirects included. */
export interface Fetched {
  readonly kind: "document" | "unchanged" | "failed";
  readonly finalUrl: string;
  readonly status?: number | undefined;
  readonly body?: Buffer | undefined;
  readonly contentType?: string | undefined;
  readonly validators?: Validators | undefined;
  /** Where an unbroken chain of 301 and 308 from the start led to. */
  readonly permanentUrl?: string | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly error?: FetchError | undefined;
  readonly wireBytes: number;
}

/** One feed to ask for. */
export interface FetchRequest {
  readonly url: string;
  /** The reading list that names it: nobody of the planet has seen its address. */
  readonly listedIn?: string | undefined;
  readonly userAgent: string;
  readonly validators?: Validators | undefined;
  /** For everything, redirects included, from the moment the first request is let through. */
  readonly timeoutMs: number;
}

const MAX_REDIRECTS = 5;
const USUAL_PORTS = new Set(["", "80", "443", "8080", "8443"]);
const ACCEPT =
  "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

/** Fetches a feed, following redirects; every hop is checked again. Never throws. */
export async function fetchFeed(request: FetchRequest, send: SendRequest, gate: HostGate): Promise<Fetched> {
  const trail = { url: request.url, permanentUrl: undefined as string | undefined, wireBytes: 0 };
  try {
    let left = request.timeoutMs;
    return await follow(request, trail, (url, headers) =>
      // Waiting for one's turn at a host does not count against the feed.
      gate.run(
        url.host,
        async () => {
          const started = Date.now();
          const answer = await send(url, headers, started + left);
          left -= Date.now() - started;
          return answer;
        },
        keepsOpen,
      ),
    );
  } catch (error) {
    const failure =
      error instanceof FetchError ? error : new FetchError("connect", "the fetch failed", { cause: error });
    return { kind: "failed", finalUrl: trail.url, status: failure.status, error: failure, wireBytes: trail.wireBytes };
  }
}

interface Trail {
  url: string;
  permanentUrl: string | undefined;
  wireBytes: number;
}

type SendHop = (url: URL, headers: Record<string, string>) => Promise<Answer>;

async function follow(request: FetchRequest, trail: Trail, send: SendHop): Promise<Fetched> {
  let permanent = true;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const url = checkedUrl(trail.url, request);
    const answer = await send(url, headersFor(request, trail.url));
    trail.wireBytes += answer.wireBytes;
    const location = redirectTarget(answer, url);
    if (location === undefined) return settled(answer, trail);
    permanent &&= answer.status === 301 || answer.status === 308;
    trail.url = location;
    if (permanent) trail.permanentUrl = location;
  }
  throw new FetchError("redirects", `more than ${MAX_REDIRECTS} redirects`);
}

/** A port that is not in planet.ini itself is reached by no redirect and no reading list: the planet would be a port scanner. */
function checkedUrl(text: string, { url: first, listedIn }: FetchRequest): URL {
  const url = parseUrl(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FetchError("bad-url", `${url.protocol} addresses are not fetched`);
  }
  const isFirst = text === first;
  const isOursToName = isFirst && listedIn === undefined;
  if (!isOursToName && !USUAL_PORTS.has(url.port) && url.port !== parseUrl(listedIn ?? first).port) {
    throw new FetchError("blocked-address", `a ${isFirst ? "reading list" : "redirect"} leads to port ${url.port}`);
  }
  return url;
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new FetchError("bad-url", "the address is not a URL", { cause });
  }
}

function headersFor(request: FetchRequest, url: string): Record<string, string> {
  const headers: Record<string, string> = {
    "User-Agent": request.userAgent,
    Accept: ACCEPT,
    "Accept-Encoding": "gzip, br",
  };
  const { validators } = request;
  if (validators?.url !== url) return headers;
  if (validators.etag !== undefined) headers["If-None-Match"] = validators.etag;
  if (validators.lastModified !== undefined) headers["If-Modified-Since"] = validators.lastModified;
  return headers;
}

function redirectTarget(answer: Answer, from: URL): string | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined;
  const location = textOfHeader(answer.headers.location);
  if (location === undefined)
    throw new FetchError("redirects", "a redirect without a target", { status: answer.status });
  try {
    return new URL(location, from).href;
  } catch (cause) {
    throw new FetchError("redirects", "a redirect to something that is not a URL", { cause, status: answer.status });
  }
}

/** Headers are Latin-1 by the standard; what is valid UTF-8 was meant as that. */
function textOfHeader(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}

function settled(answer: Answer, trail: Trail): Fetched {
  const { headers, status } = answer;
  const common = {
    finalUrl: trail.url,
    status,
    permanentUrl: trail.permanentUrl,
    maxAgeMs: maxAgeOf(headers["cache-control"]),
    wireBytes: trail.wireBytes,
  };
  if (status === 304) return { ...common, kind: "unchanged" };
  if (status === 200) {
    if (answer.body.length === 0) throw new FetchError("not-feed", "the answer is empty", { status });
    const validators = { url: trail.url, etag: headers.etag, lastModified: headers["last-modified"] };
    return { ...common, kind: "document", body: answer.body, contentType: headers["content-type"], validators };
  }
  const error = new FetchError("http", `the server answered ${status}`, { status });
  const wait = status === 429 || status === 503 ? retryAfterMs(headers["retry-after"], Date.now()) : undefined;
  return { ...common, kind: "failed", error, retryAfterMs: wait };
}

function maxAgeOf(cacheControl: string | undefined): number | undefined {
  const match = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(cacheControl ?? "");
  return match === null ? undefined : Number(match[1]) * 1000;
}

const keepsOpen = (answer: Answer) => answer.headers.connection?.toLowerCase() !== "close";
