import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { get as httpGet, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach } from "@jest/globals";
import type { SiteEdges } from "../edges.ts";
import { createSiteCommand } from "../siteCommand.ts";

export const INI =
  "[Planet]\nname = Harbour\nlink = http://planet.example/\n\n[http://blog.example/rss]\nname = Blog\n";

const cleaning: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).toReversed()) await clean();
});

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "planet-site-verbs-")));
  cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A checkout with these files below site/, for the time of one test. */
export function checkoutWith(site: Readonly<Record<string, string>>): string {
  const checkout = temporaryFolder();
  for (const [name, text] of Object.entries(site)) writeSite(checkout, name, text);
  return checkout;
}

export function writeSite(checkout: string, name: string, text: string): void {
  mkdirSync(dirname(join(checkout, "site", name)), { recursive: true });
  writeFileSync(join(checkout, "site", name), text);
}

/** A feed with one entry. */
const feed = (title: string) =>
  Buffer.from(
    `<rss version="2.0"><channel><title>A</title><item><title>${title}</title><guid isPermaLink="false">${title}</guid><pubDate>Mon, 18 May 2026 10:00:00 GMT</pubDate></item></channel></rss>`,
  );

/** Each address has a feed with its one entry "Fog", but for those that a test says are absent. */
export function blogs(asked: string[] = []): SiteEdges["answerFor"] {
  return (url) => {
    asked.push(url.href);
    const isThere = !url.pathname.includes("absent");
    const body = isThere ? feed("Fog") : Buffer.from("");
    return { status: isThere ? 200 : 404, headers: {}, body, wireBytes: body.length };
  };
}

function contextOf(checkout: string) {
  const said = { out: "", err: "" };
  const context = {
    checkout,
    shownNotices: new Set<string>(),
    environment: {},
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  return { said, context };
}

const EDGES: SiteEdges = {
  answerFor: blogs(),
  clock: () => new Date("2026-05-18T12:00:00Z"),
  isWatched: false,
  stopped: () => new Promise(() => {}),
  leave: () => {},
};

/** Runs `planet site build …` with feeds that are always there. */
export async function build(checkout: string, argv: readonly string[] = [], edges: Partial<SiteEdges> = {}) {
  const { said, context } = contextOf(checkout);
  const code = await createSiteCommand({ ...EDGES, ...edges }).run(["build", ...argv], context);
  return { code, ...said };
}

/** Runs `planet site serve` on a port of its own until the test is over, or stops it. */
export async function serve(
  checkout: string,
  argv: readonly string[] = ["--port", "0"],
  edges: Partial<SiteEdges> = {},
) {
  const { said, context } = contextOf(checkout);
  const left: number[] = [];
  const stop = Promise.withResolvers<void>();
  const command = createSiteCommand({
    ...EDGES,
    stopped: () => stop.promise,
    leave: (code) => void left.push(code),
    ...edges,
  });
  const running = command.run(["serve", ...argv], context);
  const end = async () => {
    stop.resolve();
    return running;
  };
  cleaning.push(async () => void (await end().catch(() => {})));
  await Promise.race([until(() => said.out !== ""), running]);
  return { url: said.out.trim(), said, end, left };
}

/** Asks again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("it never came to be so");
    await pause(50);
  }
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The path as it is, with `..` and all, on a connection of its own. */
export function get(
  url: string,
  path = "/",
  options: { headers?: Record<string, string>; method?: string } = {},
): Promise<Got> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpGet({ hostname, port, path, agent: false, ...options }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on("error", reject);
    request.end();
  });
}

/** Listens to what a page listens to. @returns the versions so far, and an end. */
export async function changesOf(url: string) {
  const versions: string[] = [];
  const end = new AbortController();
  const response = await fetch(new URL("/-/changes", url), { signal: end.signal });
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      versions.push(
        ...[
          ...Buffer.from(chunk)
            .toString()
            .matchAll(/^data: (.+)$/gm),
        ].map(([, version = ""]) => version),
      );
    }
  };
  void read().catch(() => {});
  cleaning.push(() => end.abort());
  await until(() => versions.length > 0);
  return { versions, type: response.headers.get("content-type") };
}
