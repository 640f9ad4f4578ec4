import { type Command, type Context, UsageError } from "../../command.ts";
import { addOne } from "./add.ts";
import { checkFeeds } from "./check.ts";
import { type FeedsEdges, edges as genuine } from "./edges.ts";
import { listFeeds } from "./list.ts";
import { pullEdits } from "./pull.ts";
import { removeOne } from "./remove.ts";

type Verb = (argv: string[], context: Context, edges: FeedsEdges) => Promise<number>;

const VERBS = new Map<string, Verb>([
  ["list", listFeeds],
  ["add", addOne],
  ["remove", removeOne],
  ["check", checkFeeds],
  ["pull", pullEdits],
]);

export const feedsCommand = createFeedsCommand(genuine);

export function createFeedsCommand(edges: FeedsEdges): Command {
  return {
    name: "feeds",
    summary: "List, add, remove and check the feeds of site/planet.ini; pull edits made in the bucket",
    usage: [
      "planet feeds list [--json]",
      "       planet feeds add <url> [--name <name>] [--unchecked] [--stack <stack>]",
      "       planet feeds remove <url or name>",
      "       planet feeds check [--json]",
      "       planet feeds pull [--adopt] [--yes] [--stack <stack>]",
      "",
      "  list, check   read site/ and ask nobody: what it subscribes to; what a deploy and the server would say of its files",
      "  add           asks the feed first, and takes its title for a name (--unchecked: does not ask)",
      "  remove        by its URL, or by its name in planet.ini",
      "  pull          brings edits of the bucket into site/ (--adopt: all files of a planet that was run by hand)",
      "",
      "Which feeds answer the server: planet status.",
    ].join("\n"),

    async run([name = "", ...argv], context) {
      const verb = VERBS.get(name);
      if (!verb) throw new UsageError(`${name === "" ? "what about the feeds?" : `there is no "feeds ${name}"`}`);
      return verb(argv, context, edges);
    },
  };
}
