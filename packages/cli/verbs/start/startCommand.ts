import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startCloud } from "@planet/local-cloud";
import { LOCAL_STACK } from "@planet/toolchain";
import { type Command, type Context, createCommand, OperatorError } from "../../command.ts";
import { detailOf, stepTeller } from "../../deploy/progress.ts";
import { readPulumi, streamPulumi } from "../../stack/runPulumi.ts";

/** In the checkout: every step of the last start, for whom something went wrong. */
const LOG = join(".planet", "start.log");

/** What `planet start` needs of the world. */
export interface StartEdges {
  readonly startCloud: typeof startCloud;
  readonly stream: typeof streamPulumi;
  readonly read: typeof readPulumi;
}

export const startCommand = createStartCommand({ startCloud, stream: streamPulumi, read: readPulumi });

/** The local stack on the local cloud, from nothing or from wherever it was left. */
export function createStartCommand(edges: StartEdges): Command {
  return createCommand({
    name: "start",
    summary: "Start the local cloud and deploy the stack `local` on it (what `npm start` runs)",
    options: {},
    run: (_given, context) => start(edges, context),
  });
}

async function start(edges: StartEdges, context: Context): Promise<number> {
  const onProgress = (line: string) => context.err(`• ${line}\n`);
  const { pageUrl } = await edges.startCloud({ name: LOCAL_STACK, owner: context.checkout, onProgress });

  onProgress(`deploys the stack \`${LOCAL_STACK}\`; a new server boots in about half a minute (each step: ${LOG})`);
  if ((await deploy(edges, context)) !== 0) {
    throw new OperatorError({
      code: "UPDATE_FAILED",
      what: "`pulumi up` failed; its reason is above.",
      next:
        `Each of its steps is in ${LOG}. A server that was in service still is.\n` +
        "If the stack is locked, another run is deploying it: wait until that has ended. Only if nobody is deploying,\n" +
        "because a run was killed: `npx pulumi cancel --stack local --yes`.\n" +
        "If the bucket is another checkout's: `npx planet cloud reset local` deletes that planet with its servers and buckets.\n" +
        "`npx planet cloud console` shows what a server printed while it booted. Fix the reason and run `npm start` again.",
    });
  }
  const { stdout } = await edges.read(["stack", "output", "url", "--stack", LOCAL_STACK], context);
  context.err(`\nA live view of the cloud: ${pageUrl}\n`);
  context.err("\nThe planet is served at:\n\n");
  context.out(`${stdout.trim()}\n`);
  return 0;
}

/** @returns the exit code */
async function deploy({ stream }: StartEdges, context: Context): Promise<number> {
  const log = join(context.checkout, LOG);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, "");
  const tell = stepTeller(context);
  let warnings = 0;
  // A stopped cloud has ended its servers: only a refresh sees that they are gone.
  const args = ["up", "--refresh", "--yes", "--skip-preview", "--json", "--stack", LOCAL_STACK];
  const { code } = await stream(args, context, (line) => {
    const detail = detailOf(line);
    if (detail !== undefined) writeFileSync(log, `${detail}\n`, { flag: "a" });
    if (detail?.includes(" warning: ")) warnings += 1;
    tell(line);
  });
  if (warnings > 0) context.err(`• warnings: ${warnings}, in ${LOG}\n`);
  return code;
}
