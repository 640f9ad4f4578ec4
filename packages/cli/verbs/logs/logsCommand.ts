import { type Command, type Context, createCommand } from "../../command.ts";
import { STACK } from "../../options.ts";
import { neededDeployment, stackName } from "../../stack/outputs.ts";
import { type PulumiReader, readPulumi } from "../../stack/runPulumi.ts";
import { type ServerInService, serverInService } from "../../stack/server.ts";
import { visible } from "../../text/visible.ts";
import { newPart } from "./newPart.ts";

/** What `planet logs` needs of the world. */
export interface LogsEdges extends PulumiReader {
  readonly server: typeof serverInService;
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether somebody still reads what is written. */
  readonly isRead: () => boolean;
}

export const logsCommand = createLogsCommand({
  read: readPulumi,
  server: serverInService,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  isRead: () => process.stdout.writable,
});

const PAUSE_MS = 5_000;

/** systemd's moving stars while it waits: a line each quarter of a second, between which nobody finds the others. */
const PROGRESS = /^\[[* ]{6}\] (?:\(\d+ of \d+\) )?(?:A (?:start|stop) job is|Job \S+) running\b.*(?:\n|$)/gm;

/** The console that the cloud keeps of a server: it needs no login, and is there when the server no longer is. */
export function createLogsCommand(edges: LogsEdges): Command {
  return createCommand({
    name: "logs",
    summary: "Show the console of the server in service, of any cloud: what it did at its boot",
    positionals: "[instance]",
    options: {
      follow: { type: "boolean", short: "f", help: "go on with what comes (also -f)" },
      stack: STACK,
    },
    notes: [
      "A server that did not come up has its console, too: planet logs <instance>.",
      "What it does after its boot is in its journal: planet ssh -- journalctl -t planet -f. What readers may know of that is",
      "in status.json: planet status.",
    ],

    async run({ values: { follow, ...values }, positionals: [wanted] }, context) {
      const stack = await stackName(values.stack, edges, context);
      const deployed = await neededDeployment(stack, edges, context);
      const server = await edges.server(stack, deployed, context);
      const instanceId = wanted ?? server.instanceId;
      const other = deployed.instanceId;
      if (wanted === undefined && other !== instanceId) {
        context.err(`${instanceId} is in service; of ${other}, which the last update made: npx planet logs ${other}\n`);
      }
      await show(server, { instanceId, follow }, edges, context);
      return 0;
    },
  });
}

async function show(
  { readConsole }: ServerInService,
  { instanceId, follow }: { readonly instanceId: string; readonly follow: boolean },
  { sleep, isRead }: LogsEdges,
  { out }: Context,
): Promise<void> {
  let shown = "";
  do {
    const now = await readConsole(instanceId);
    const more = newPart(shown, now);
    const text = visible(more.endsWith("\n") || follow || more === "" ? more : `${more}\n`).replace(PROGRESS, "");
    if (text !== "") out(text);
    shown = now;
    if (follow) await sleep(PAUSE_MS);
  } while (follow && isRead());
}
