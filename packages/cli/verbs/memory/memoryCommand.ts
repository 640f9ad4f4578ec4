import { type Command, createGroup } from "../../command.ts";
import { type MemoryEdges, realMemoryEdges } from "./edges.ts";
import { createExport } from "./export.ts";
import { createForget } from "./forget.ts";
import { createPrune } from "./prune.ts";
import { createReset } from "./reset.ts";

export const memoryCommand = createMemoryCommand(realMemoryEdges);

export function createMemoryCommand(edges: MemoryEdges): Command {
  return createGroup({
    name: "memory",
    summary: "What the planet's servers remember in the bucket: forget an entry or a feed, export, prune, reset",
    actions: {
      forget: createForget(edges),
      export: createExport(edges),
      prune: createPrune(edges),
      reset: createReset(edges),
    },
    notes: [
      "  forget   a feed by its address, an entry by its link or id: off the page, out of the archive, for all servers to",
      "           come, also when its feed still has it; waits until the page is without it",
      "  export   all that servers remember, as files that people can read",
      "  prune    deletes what no server needs: feeds that planet.ini does not name, months after planet:archiveMonths",
      "  reset    deletes everything, after asking; how a clean start goes is said then",
      "",
      "With your own keys: servers can neither list nor delete. Each can be repeated when it was interrupted.",
      "What is kept, and for how long: docs/memory.md.",
    ],
  });
}
