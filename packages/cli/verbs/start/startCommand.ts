import { startCloud } from "@planet/local-cloud";
import { LOCAL_STACK } from "@planet/toolchain";
import { createCommand, OperatorError } from "../../command.ts";
import { readPulumi, runPulumi } from "../../stack/runPulumi.ts";

/** The local stack on the local cloud, from nothing or from wherever it was left. */
export const startCommand = createCommand({
  name: "start",
  summary: "Start the local cloud and deploy the stack `local` on it (what `npm start` runs)",
  options: {},

  async run(_given, context) {
    const onProgress = (line: string) => context.err(`• ${line}\n`);
    const { pageUrl } = await startCloud({ name: LOCAL_STACK, owner: context.checkout, onProgress });

    onProgress("deploys the stack `local` with pulumi up; a new server boots in about half a minute");
    // A stopped cloud has ended its servers: only a refresh sees that they are gone.
    const code = await runPulumi(["up", "--refresh", "--yes", "--skip-preview", "--stack", LOCAL_STACK], context);
    if (code !== 0) {
      throw new OperatorError({
        code: "UPDATE_FAILED",
        what: "`npx pulumi up` failed; its reason is above.",
        next:
          "A server that was in service still is.\n" +
          "If the stack is locked, another run is deploying it: wait until that has ended. Only if nobody is deploying,\n" +
          "because a run was killed: `npx pulumi cancel --stack local --yes`.\n" +
          "If the bucket is another checkout's: `npx planet cloud reset local` deletes that planet with its servers and buckets.\n" +
          "`npx planet cloud console` shows what a server printed while it booted. Fix the reason and run `npm start` again.",
      });
    }
    const { stdout } = await readPulumi(["stack", "output", "url", "--stack", LOCAL_STACK], context);
    context.err(`\nA live view of the cloud: ${pageUrl}\n`);
    context.err("\nThe planet is served at:\n\n");
    context.out(`${stdout.trim()}\n`);
    return 0;
  },
});
