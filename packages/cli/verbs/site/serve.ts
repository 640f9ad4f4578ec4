import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { LocalSite, SiteReport } from "@planet/aggregator";
import { SITE } from "@planet/content/siteFolder";
import { codeOf, messageOf } from "@planet/errors";
import { type Action, type Context, createAction, type Given, OperatorError, UsageError } from "../../command.ts";
import type { OptionTable } from "../../options.ts";
import { visible } from "../../text/visible.ts";
import type { SiteEdges } from "./edges.ts";
import { ALLOW_HOSTS, isAnythingKnown, isInMotion, makeSite, problemLines } from "./makeSite.ts";
import { countsText, trouble } from "./reportText.ts";
import { type SiteServer, startSiteServer, type Website } from "./siteServer.ts";
import { watch } from "./watch.ts";

const USUAL_PORT = 8080;

const OPTIONS = {
  port: { type: "string", value: "port", help: `on 127.0.0.1 (${USUAL_PORT}, or another where that is taken)` },
  "allow-hosts": ALLOW_HOSTS,
} as const satisfies OptionTable;

/** Shows site/ in a browser until Ctrl-C. */
export const createServe = (edges: SiteEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => serve(given, context, edges) });

async function serve({ values }: Given<typeof OPTIONS>, context: Context, edges: SiteEdges): Promise<number> {
  const server = await start(values.port);
  const folder = mkdtempSync(join(tmpdir(), "planet-serve-"));
  const end = new AbortController();
  const stopped = edges.stopped().then(() => end.abort());
  const showing: Showing = {
    server,
    folder,
    allowHosts: values["allow-hosts"],
    context,
    edges,
    hasGreeted: false,
    said: "",
  };
  try {
    await Promise.race([stopped, watch(join(context.checkout, SITE), () => refresh(showing), end.signal)]);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  edges.leave(0);
  return 0;
}

async function start(port: string | undefined): Promise<SiteServer> {
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new UsageError({ code: "SITE_PORT", what: `--port is a number up to 65535, not "${port}"` });
  }
  try {
    return await startSiteServer(port === undefined ? [USUAL_PORT, 0] : [Number(port)]);
  } catch (error) {
    const why = codeOf(error) === "EADDRINUSE" ? "Another program listens there." : messageOf(error);
    const what = `127.0.0.1:${port ?? USUAL_PORT} cannot be opened.`;
    throw new OperatorError(
      { code: "PORT_TAKEN", what, why, next: "Choose another one with --port." },
      { cause: error },
    );
  }
}

interface Showing {
  readonly server: SiteServer;
  /** For builds. */
  readonly folder: string;
  readonly allowHosts: string;
  readonly context: Context;
  readonly edges: SiteEdges;
  hasGreeted: boolean;
  /** What was last said of problems: a rebuild repeats only what is new. */
  said: string;
}

/** Shows site/ as it is now, or what is wrong with it. @returns false when the folder changed under our hands. */
async function refresh(showing: Showing): Promise<boolean> {
  try {
    const made = await makeSoon(showing);
    if (made.report) showSite(showing, made, made.report);
    else showProblems(showing, problemLines(made));
    return true;
  } catch (error) {
    if (isInMotion(error)) return false;
    showProblems(showing, messageOf(error).split("\n").map(visible));
    return true;
  } finally {
    greet(showing);
  }
}

type Made = LocalSite & { readonly website: Website };

async function make({ folder, allowHosts, context, edges }: Showing, fetchFeeds: boolean): Promise<Made> {
  const outDirectory = join(folder, "site");
  rmSync(outDirectory, { recursive: true, force: true });
  mkdirSync(outDirectory);
  const made = await makeSite({ outDirectory, allowHosts, fetchFeeds }, context, edges);
  return { ...made, website: readWebsite(outDirectory) };
}

function readWebsite(folder: string): Website {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

function isAnyDue({ feeds }: SiteReport, now: Date): boolean {
  return feeds.some(({ nextTry }) => nextTry === undefined || Date.parse(nextTry) <= now.getTime());
}

/** With all feeds that are due. Until these are read, it shows what is known of them. */
async function makeSoon(showing: Showing): Promise<Made> {
  const { context, edges } = showing;
  if (isAnythingKnown(context)) {
    const known = await make(showing, false);
    if (known.report === undefined || !isAnyDue(known.report, edges.clock())) return known;
    // Without entries it would only be in the way.
    if (known.report.entries > 0) showEarly(showing, known);
  }
  return make(showing, true);
}

function showEarly(showing: Showing, { website }: Made): void {
  showing.server.show(website);
  greet(showing);
}

function showSite(showing: Showing, made: Made, report: SiteReport): void {
  const isChanged = showing.server.show(made.website);
  say(showing, [...problemLines(made), ...trouble(report)]);
  showing.context.err(`• ${isChanged ? "shows" : "still shows"} ${countsText(report)}\n`);
}

function showProblems(showing: Showing, lines: readonly string[]): void {
  showing.server.showNotice("The site cannot be built", lines);
  say(showing, lines);
}

function say(showing: Showing, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join("");
  if (text !== showing.said) showing.context.err(text);
  showing.said = text;
}

/** When there is something to see, if only what is wrong. */
function greet(showing: Showing): void {
  if (showing.hasGreeted) return;
  showing.hasGreeted = true;
  const { context, server } = showing;
  context.err("\nThe site is served at:\n\n");
  context.out(`${server.url}\n`);
  context.err("\nThe page follows every change below site/. Ctrl-C ends this.\n\n");
}
