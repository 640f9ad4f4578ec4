import { memoryForms } from "@planet/aggregator";
import { readPlanetIni } from "@planet/content";
import { type Action, type Context, createAction, type Given, OperatorError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { pageUrl } from "../../page/readServed.ts";
import { readDeployment, stackName } from "../../stack/outputs.ts";
import type { MemoryEdges } from "./edges.ts";
import { type MemoryPlace, openPlace } from "./place.ts";
import { rewriteAll } from "./rewrite.ts";

const OPTIONS = { stack: STACK } as const satisfies OptionTable;

/** Deletes what no server needs any more. Servers cannot delete: they leave empty objects. */
export const createPrune = (edges: MemoryEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => prune(given, edges, context) });

async function prune({ values }: Given<typeof OPTIONS>, edges: MemoryEdges, context: Context): Promise<number> {
  const stack = await stackName(values.stack, edges, context);
  const place = await openPlace(stack, edges, context);
  const feeds = await feedsOf(place, stack, edges, context);
  const { pruneFor } = await memoryForms();
  const rule = pruneFor({ feeds, archiveMonths: place.settings.archiveMonths, now: edges.now() });
  await rewriteAll(place, rule, context);
  return 0;
}

/** Those of the live planet.ini, and of the server in service: only that knows what reading lists have. */
async function feedsOf(
  { settings }: MemoryPlace,
  stack: string,
  edges: MemoryEdges,
  context: Context,
): Promise<string[]> {
  const live = await edges.reader(settings.bucketUrl)("planet.ini");
  const config = live.state === "present" ? readPlanetIni(live.bytes).config : undefined;
  const deployed = await readDeployment(stack, edges, context);
  const page = deployed && (await edges.page(pageUrl(deployed)));
  const served = page?.kind === "planet" ? page.status.feeds.map(({ url }) => url) : [];
  if (config === undefined) {
    throw new OperatorError({
      code: "FEEDS_UNKNOWN",
      what: `planet.ini in ${settings.bucketUrl} cannot be used, so nobody knows which feeds are wanted.`,
      next: "`npx planet status` says why. Nothing was deleted.",
    });
  }
  if (config.feeds.some(({ readingList }) => readingList) && served.length === 0) {
    throw new OperatorError({
      code: "LISTS_UNKNOWN",
      what: "planet.ini has a reading list, and no server says which feeds are in it.",
      next: "Repeat when the planet is served: `npx planet status`. Nothing was deleted.",
    });
  }
  return [...config.feeds.map(({ url }) => url), ...served];
}
