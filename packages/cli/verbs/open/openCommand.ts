import { spawn } from "node:child_process";
import { type Command, createCommand } from "../../command.ts";
import { STACK } from "../../options.ts";
import { neededDeployment, stackName } from "../../stack/outputs.ts";
import { type PulumiReader, readPulumi } from "../../stack/runPulumi.ts";

/** What `planet open` needs of the world. */
export interface OpenEdges extends PulumiReader {
  /** Resolves when the desktop has taken it, rejects when there is none. */
  readonly browse: (url: string) => Promise<void>;
}

export const openCommand = createOpenCommand({ read: readPulumi, browse });

/** The planet in the browser of this desktop; its address is printed in any case. */
export function createOpenCommand(edges: OpenEdges): Command {
  return createCommand({
    name: "open",
    summary: "Open the planet in a browser, and print its address",
    options: { stack: STACK },
    async run({ values }, context) {
      const stack = await stackName(values.stack, edges, context);
      const { url } = await neededDeployment(stack, edges, context);
      context.out(`${url}\n`);
      await edges.browse(url).catch(() => context.err("No browser was found here; the address is above.\n"));
      return 0;
    },
  });
}

function browse(url: string): Promise<void> {
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  return new Promise((resolve, reject) => {
    const child = spawn(program, [url], { stdio: "ignore" });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}
