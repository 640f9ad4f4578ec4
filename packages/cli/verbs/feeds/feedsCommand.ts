import { type Command, createGroup } from "../../command.ts";
import { createAdd } from "./add.ts";
import { checkFeeds } from "./check.ts";
import { type FeedsEdges, realFeedsEdges } from "./edges.ts";
import { exportFeeds } from "./export.ts";
import { importFeeds } from "./import.ts";
import { listFeeds } from "./list.ts";
import { createPull } from "./pull.ts";
import { removeOne } from "./remove.ts";

export const feedsCommand = createFeedsCommand(realFeedsEdges);

export function createFeedsCommand(edges: FeedsEdges): Command {
  return createGroup({
    name: "feeds",
    summary: "List, add, remove, check, import and export the feeds of site/planet.ini; pull edits made in the bucket",
    actions: {
      add: createAdd(edges),
      remove: removeOne,
      list: listFeeds,
      check: checkFeeds,
      import: importFeeds,
      export: exportFeeds,
      pull: createPull(edges),
    },
    notes: [
      "  add           asks the feed first, and takes its title for a name",
      "  remove        by its URL, or by its name in planet.ini",
      "  list, check   read site/ and ask nobody: what it subscribes to; what a deploy and the server would say of its files",
      "                check of a planet.ini elsewhere, or its folder: what moving that planet here would lose or change",
      "  import        adds the feeds of an OPML file that are not there yet; asks none of them",
      "  export        writes them as OPML, without passwords, to stdout or a file",
      "  pull          brings edits of the bucket into site/",
      "",
      "Which feeds answer the server: planet status.",
    ],
  });
}
