import type { TriedFeed, TryFeedRequest } from "@planet/aggregator";
import { addFeed, IniEditError, normalizeFeedUrl, readPlanetIni, userAgentOf } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import { codeOf, messageOf } from "@planet/errors";
import { type Action, type Context, createAction, type Given, OperatorError, UsageError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { readIni, writeSiteFile } from "../../siteFolder.ts";
import { readStackSettings } from "../../stack/settings.ts";
import { visible } from "../../text/visible.ts";
import type { FeedsEdges } from "./edges.ts";
import { nextSteps } from "./nextSteps.ts";

const TIMEOUT_MS = 30_000;

/** What a private or unknown host looks like from here; the stack's settings may allow it. */
const MAYBE_PRIVATE = new Set(["dns", "blocked-address"]);

const OPTIONS = {
  name: { type: "string", value: "name", help: "its name in planet.ini, instead of the feed's title" },
  unchecked: { type: "boolean", help: "do not ask the feed" },
  stack: STACK,
} as const satisfies OptionTable;

/** Adds a feed to planet.ini after it has answered and parsed; its title is the name unless one is given. */
export const createAdd = (edges: FeedsEdges): Action =>
  createAction({
    positionals: "<url>",
    options: OPTIONS,
    run: (given, context) => addOne(given, context, edges),
  });

async function addOne(
  { values, positionals }: Given<typeof OPTIONS>,
  context: Context,
  edges: FeedsEdges,
): Promise<number> {
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new UsageError({ code: "NOT_ONE_URL", what: "give one URL" });
  const { checkout, out, err } = context;
  const before = readIni(checkout);
  const trial = edit(before, url, values.name);
  refuseKnown(before, trial);
  const asked = { url, userAgent: userAgent(trial, url) };
  const tried = values.unchecked ? undefined : await tryFeed(asked, values.stack, context, edges);
  const target = tried?.permanentUrl ?? url;
  const name = values.name ?? (tried?.title || undefined);
  const after = edit(before, target, name);
  if (tried) err(visible(`${describe(tried, url)}\n`));
  writeSiteFile(checkout, "planet.ini", after);
  out(`${visible(unifiedDiff("site/planet.ini", before.toString(), Buffer.from(after).toString()) ?? "")}\n`);
  err(nextSteps);
  return 0;
}

function edit(ini: Uint8Array, url: string, name: string | undefined): Uint8Array {
  try {
    return addFeed(ini, { url, ...(name !== undefined && { name }) });
  } catch (error) {
    if (!(error instanceof IniEditError)) throw error;
    throw new OperatorError({ code: error.code, what: `${error.message}.`, next: "Nothing was changed." });
  }
}

/** The editor compares with what stands in the file; this one makes sure that the reader sees one feed more. */
function refuseKnown(before: Uint8Array, after: Uint8Array): void {
  const urls = (bytes: Uint8Array) =>
    (readPlanetIni(bytes).config?.feeds ?? []).map(({ url }) => normalizeFeedUrl(url));
  if (new Set(urls(after)).size > new Set(urls(before)).size) return;
  throw new OperatorError({
    code: "NO_FEED_MORE",
    what: "site/planet.ini would not have one feed more.",
    next: "`npx planet feeds check` shows what is wrong. Nothing was changed.",
  });
}

async function tryFeed(
  asked: Pick<TryFeedRequest, "url" | "userAgent">,
  stack: string,
  context: Context,
  edges: FeedsEdges,
): Promise<TriedFeed> {
  const request = { ...asked, allowHosts: [], timeoutMs: TIMEOUT_MS, now: new Date() };
  try {
    return await edges.tryFeed(request);
  } catch (error) {
    const allowed = MAYBE_PRIVATE.has(String(codeOf(error))) ? await allowedBy(stack, context, edges) : undefined;
    if (!allowed) throw unanswered(asked.url, error);
    return edges.tryFeed({ ...request, ...allowed }).catch((second: unknown) => {
      throw unanswered(asked.url, second);
    });
  }
}

/** Undefined when the stack allows no private host, or cannot be asked: then the first answer stands. */
async function allowedBy(stack: string, context: Context, { pulumi }: FeedsEdges) {
  const settings = await readStackSettings(pulumi, stack, { ...context, err: () => {} }).catch(() => undefined);
  if (!settings || settings.allowHosts.length === 0) return undefined;
  // The sample blogs have names that only a local cloud's servers know; it serves them at its own address.
  const { hostname } = new URL(settings.endpoint);
  const addressOf = (host: string) => (host.endsWith(".blogs.test") ? hostname : undefined);
  return { allowHosts: [...settings.allowHosts, hostname], addressOf };
}

/** As the server will introduce itself, so that a blog answers both in the same way. `after` has the feed. */
function userAgent(after: Uint8Array, url: string): string {
  const { config } = readPlanetIni(after);
  const feed = config?.feeds.find((each) => normalizeFeedUrl(each.url) === normalizeFeedUrl(url));
  return userAgentOf(config ?? { name: "", link: "" }, feed);
}

function unanswered(url: string, error: unknown): OperatorError {
  return new OperatorError({
    code: "FEED_UNUSABLE",
    what: visible(`${url} is not usable as a feed:`),
    why: visible(`${messageOf(error)}.`),
    next: "Open the URL in a browser; `--unchecked` adds it all the same. Nothing was changed.",
  });
}

function describe({ format, title, entries, newest, repaired, permanentUrl }: TriedFeed, url: string): string {
  const facts = [
    `${format} with ${entries} entries`,
    ...(newest ? [`the newest of ${newest.toISOString().slice(0, 10)}`] : []),
    ...(title === "" ? [] : [`titled "${title}"`]),
    ...(repaired ? ["broken XML that can be repaired"] : []),
  ];
  const moved =
    permanentUrl === undefined ? "" : `\n${url} has moved for good to ${permanentUrl}, which is added instead`;
  return `${url}: ${facts.join(", ")}${moved}`;
}
