import { type Action, type Context, createAction, type Given, UsageError } from "../../command.ts";
import { agree } from "../../deploy/options.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { stackOption } from "../../stack/settings.ts";
import type { MemoryEdges } from "./edges.ts";
import { openPlace } from "./place.ts";
import { objects } from "./walk.ts";

const OPTIONS = {
  permit: { type: "string", value: "number", help: "the memory of an earlier planet:permit" },
  yes: { type: "boolean", short: "y", help: "do not ask" },
  stack: STACK,
} as const satisfies OptionTable;

/** Deletes all that servers remember. */
export const createReset = (edges: MemoryEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => reset(given, edges, context) });

async function reset({ values }: Given<typeof OPTIONS>, edges: MemoryEdges, context: Context): Promise<number> {
  const permit = values.permit === undefined ? undefined : permitIn(values.permit);
  const { settings, prefix, store } = await openPlace(values.stack, edges, context, permit);
  const what = `all that servers remember in ${settings.bucket}/${prefix}`;
  await agree(`Delete ${what}?`, { yes: values.yes }, edges);
  let deleted = 0;
  for await (const page of store.pages(prefix)) {
    for (const { key } of page) await store.remove(key);
    deleted += page.length;
    if (page.length > 0) context.err(`${objects(deleted)} deleted …\n`);
  }
  context.out(`${prefix}: ${objects(deleted)} deleted.\n`);
  if (permit !== undefined && permit !== settings.permit) return 0;
  const option = stackOption(values.stack).join(" ");
  context.err(
    [
      "The server in service writes again what it knows. For a clean start, with another permit:",
      `  npx pulumi config set planet:permit ${settings.permit + 1} ${option}`.trimEnd(),
      `  npx pulumi up ${option}`.trimEnd(),
      `  npx planet memory reset --permit ${settings.permit} ${option}`.trimEnd(),
      "",
    ].join("\n"),
  );
  return 0;
}

function permitIn(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError({ code: "WRONG_PERMIT", what: `--permit is a number from 1, not "${text}"` });
}
