import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { BLOGS, type BlogName } from "./catalogue.ts";

const FOLDER = fileURLToPath(new URL("sites/", import.meta.url));

/** Types as such servers really send them: `radio` and `tokyo` leave the encoding to the document, `microposts` says plain XML. */
const TYPES: Record<string, string> = {
  ".xml": "text/xml",
  ".rdf": "application/rdf+xml",
  ".json": "application/feed+json; charset=utf-8",
  ".html": "text/html; charset=utf-8",
};

export interface BlogAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `broken` begins with its 500, whatever other blogs are asked for at the same time. */
const FIRST_TURN = 2;

/** Serves all sample blogs by Host name. */
export function blogHandler(): RequestListener {
  let turn = FIRST_TURN;
  return (request, response) => {
    const host = request.headers.host ?? "";
    const answer = blogAnswer(host, request.url ?? "/", request.headers["if-none-match"], turn);
    if (host.startsWith("broken.")) turn += 1;
    response.writeHead(answer.status, { ...answer.headers, "Content-Length": String(answer.body.length) });
    response.end(request.method === "HEAD" ? undefined : answer.body);
  };
}

/** @param turn counts requests of `broken`, which fails in two ways in turn. */
export function blogAnswer(host: string, url: string, knownTag: string | undefined, turn: number): BlogAnswer {
  const blog = BLOGS.find((name) => host.replace(/:\d+$/, "").toLowerCase() === `${name}.blogs.test`);
  if (!blog) return text(404, "No such blog. The sample blogs go by their names, <blog>.blogs.test.\n");
  if (blog === "gone") return text(410, "This blog has ended. Thank you for reading.\n");
  if (blog === "broken" && turn % 3 === 2) return text(500, "The database is on holiday.\n");
  const file = read(blog, url);
  if (!file) return text(404, "No such page.\n");
  const tag = `"${createHash("sha256").update(file.bytes).digest("hex").slice(0, 16)}"`;
  const headers = { "Content-Type": file.type, ETag: tag };
  if (knownTag === tag) return { status: 304, headers: { ETag: tag }, body: new Uint8Array() };
  return { status: 200, headers, body: file.bytes };
}

function read(blog: BlogName, url: string): { bytes: Buffer; type: string } | undefined {
  try {
    const path = normalize(decodeURIComponent(URL.parse(url, "http://blog.invalid")?.pathname ?? "/"));
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const bytes = readFileSync(join(FOLDER, blog, name));
    return { bytes, type: TYPES[/\.\w+$/.exec(name)?.[0] ?? ""] ?? "application/octet-stream" };
  } catch {
    return undefined; // no such file, or no path at all
  }
}

function text(status: number, words: string): BlogAnswer {
  return { status, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: Buffer.from(words) };
}
