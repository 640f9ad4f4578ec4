import { memoryForms } from "@planet/aggregator";
import { FORGOTTEN } from "@planet/content";
import { type Action, type Context, createAction, type Given, OperatorError, UsageError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { pageUrl, type Served } from "../../page/readServed.ts";
import { readDeployment, stackName } from "../../stack/outputs.ts";
import { visible } from "../../text/visible.ts";
import type { MemoryEdges } from "./edges.ts";
import { type MemoryPlace, openPlace } from "./place.ts";
import { rewriteAll } from "./rewrite.ts";
import { walk } from "./walk.ts";

const OPTIONS = { stack: STACK } as const satisfies OptionTable;

/** Between two looks at the page, and between two words about it. */
const LOOK_MS = 5_000;
const SAY_MS = 30_000;
/** Besides two intervals: a run may be under way, with many slow feeds. */
const MORE_MS = 180_000;

/**
 * Makes the planet forget a feed or an entry: a hash tells all servers, now and later; then what is kept is rewritten
 * without it. The page comes first: what is removed before would be written again by the server that has it.
 */
export const createForget = (edges: MemoryEdges): Action =>
  createAction({
    positionals: "<url-or-id>",
    options: OPTIONS,
    run: (given, context) => forget(given, edges, context),
  });

async function forget(
  { values, positionals }: Given<typeof OPTIONS>,
  edges: MemoryEdges,
  context: Context,
): Promise<number> {
  const [text = "", ...more] = positionals.map((word) => word.trim());
  if (text === "" || more.length > 0) throw new UsageError({ code: "NO_ENTRY", what: "name one feed, link or id" });
  const stack = await stackName(values.stack, edges, context);
  const place = await openPlace(stack, edges, context);
  const deployed = await readDeployment(stack, edges, context);
  const page = deployed && (await edges.page(pageUrl(deployed)));
  if (page?.kind === "planet" && page.status.memory === "") {
    throw new OperatorError({
      code: "SERVER_TOO_OLD",
      what: "The server in service is of a version that cannot forget.",
      next: `\`npx pulumi up --stack ${stack}\` makes a new one. Nothing was changed.`,
    });
  }
  const { keysOf, withoutForgotten } = await memoryForms();
  const hashes = keysOf(text);
  const nobodyHas = await isNowhere(place, new Set(hashes), context);
  const { forgotten, digest, isNew } = await addHashes(place, hashes, context);
  if (deployed !== undefined) await waitForPage({ url: pageUrl(deployed), digest, page }, edges, context);
  await rewriteAll(place, (name, bytes) => withoutForgotten(name, bytes, forgotten), context);
  context.out(`Forgotten: ${visible(text)}. It holds for all servers to come, also when its feed still has it.\n`);
  if (nobodyHas && isNew) {
    const what = `Nothing below ${place.prefix} had this link, id or address of a feed, so nothing was taken out.`;
    context.err(`Note: ${what}\nIf it is on the page, copy the link from there.\n`);
  }
  return 0;
}

/** Asked before a server knows: it takes out itself what it is to forget. */
async function isNowhere(place: MemoryPlace, hashes: ReadonlySet<string>, context: Context): Promise<boolean> {
  const { withoutForgotten } = await memoryForms();
  let count = 0;
  await walk(
    place,
    async ({ name, bytes }) => {
      const { what } = withoutForgotten(name, bytes, hashes);
      if (what === "write" || what === "delete") count += 1;
    },
    context,
  );
  return count === 0;
}

async function addHashes(
  { store, settings }: MemoryPlace,
  hashes: readonly string[],
  { err }: Context,
): Promise<{ forgotten: ReadonlySet<string>; digest: string; isNew: boolean }> {
  const { readForgotten, writeForgotten, forgottenDigest } = await memoryForms();
  const bytes = await store.read(FORGOTTEN);
  const known = bytes === undefined ? new Set<string>() : readForgotten(Buffer.from(bytes).toString());
  if (known === undefined) {
    throw new OperatorError({
      code: "FORGOTTEN_UNREADABLE",
      what: `${FORGOTTEN} in bucket ${settings.bucket} is not a list of hashes.`,
      next: "Correct or remove that object, and repeat. Nothing was changed.",
    });
  }
  const forgotten = new Set([...known, ...hashes]);
  const isNew = forgotten.size > known.size;
  if (isNew) await store.write(FORGOTTEN, Buffer.from(writeForgotten(forgotten)));
  err(`${FORGOTTEN} has ${isNew ? "its" : "had its"} hash. No server can write that file.\n`);
  return { forgotten, digest: forgottenDigest(forgotten), isNew };
}

interface Wait {
  readonly url: string;
  readonly digest: string;
  readonly page: Served | undefined;
}

/** The page and its status are published together. */
async function waitForPage(wait: Wait, { page: look, sleep, now }: MemoryEdges, { err }: Context): Promise<void> {
  const start = now();
  let { page } = wait;
  for (let said = -SAY_MS; ; ) {
    if (page?.kind === "planet" && page.status.forgotten === wait.digest) return;
    const waited = now() - start;
    const intervalMs = page?.kind === "planet" ? page.status.intervalMs : 300_000;
    if (waited > 2 * intervalMs + MORE_MS) {
      throw new OperatorError({
        code: "STILL_SHOWN",
        what: `The page at ${wait.url} has not been made anew since.`,
        next: "See why: `npx planet status`. Then repeat: it continues from here.",
        exitCode: 3,
      });
    }
    if (waited - said >= SAY_MS) {
      err(`Waiting for the page without it: the server looks every ${Math.round(intervalMs / 1_000)} s …\n`);
      said = waited;
    }
    await sleep(LOOK_MS);
    page = await look(wait.url);
  }
}
