import { join, resolve } from "node:path";
import { memoryForms } from "@planet/aggregator";
import { FORGOTTEN } from "@planet/content";
import { type Action, type Context, createAction, type Given, UsageError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { writeWhole } from "../../siteFolder.ts";
import type { MemoryEdges } from "./edges.ts";
import { openPlace } from "./place.ts";
import { leftAlone, walk } from "./walk.ts";

const OPTIONS = { stack: STACK } as const satisfies OptionTable;

/** Writes all that servers remember as files that people can read. */
export const createExport = (edges: MemoryEdges): Action =>
  createAction({
    positionals: "<folder>",
    options: OPTIONS,
    run: (given, context) => exportMemory(given, edges, context),
  });

async function exportMemory(
  { values, positionals }: Given<typeof OPTIONS>,
  edges: MemoryEdges,
  context: Context,
): Promise<number> {
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError({ code: "NO_FOLDER", what: "name one folder" });
  const place = await openPlace(values.stack, edges, context);
  const { readable } = await memoryForms();
  const left: string[] = [];
  let files = 0;
  const { tooLarge } = await walk(
    place,
    async ({ key, name, bytes }) => {
      const file = readable(name, bytes);
      if (file === undefined) left.push(key);
      else {
        // Names are ours, and never lead out of the folder.
        writeWhole(join(folder, file.name), Buffer.from(file.text));
        files += 1;
      }
    },
    context,
  );
  const forgotten = await place.store.read(FORGOTTEN);
  if (forgotten !== undefined) writeWhole(join(folder, FORGOTTEN), forgotten);
  context.err(leftAlone([...tooLarge, ...left]));
  context.out(`${files} files of ${place.prefix} are in ${resolve(folder)}.\n`);
  return 0;
}
