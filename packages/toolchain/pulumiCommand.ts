import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "./cacheEntry.ts";
import { ensureToolchain } from "./ensureToolchain.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { needsStack, projectName, readCommandLine, selectedStack } from "./stackOfCommand.ts";
import { LOCAL_STACK, toolchainEnvironment } from "./toolchainEnvironment.ts";

/** A `pulumi` command, ready to be run in the folder it was given for. */
export interface PulumiCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

export interface PulumiCommandRequest {
  readonly checkout: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: Progress;
}

/**
 * Prepares a command: sets up the toolchain where it is missing, finds the stack that the command is about, and gives
 * it the environment that this stack needs. Where no stack is selected and the command needs one, it is `local`; it is
 * made when its backend does not have it. Writes nothing outside `.planet` and the backend.
 */
export async function pulumiCommand(request: PulumiCommandRequest): Promise<PulumiCommand> {
  const { checkout, args, env, onProgress } = request;
  const { pulumi } = await ensureToolchain({ checkout, onProgress, environment: env });
  const line = readCommandLine(args);
  const environmentFor = (stack: string | undefined) =>
    toolchainEnvironment({ checkout, stack, env, onNotice: onProgress });

  const general = await environmentFor(undefined);
  const named = line.stack ?? env.PULUMI_STACK?.split("/").at(-1) ?? selected(checkout, general);
  const hasLocalStack = existsSync(path.join(checkout, `Pulumi.${LOCAL_STACK}.yaml`));
  const stack = named ?? (hasLocalStack ? LOCAL_STACK : undefined);
  // The CLI names its workspace by $PWD: behind a symbolic link it would not find the stack that was selected here.
  const environment = { ...(await environmentFor(stack)), PWD: process.cwd() };

  if (stack === LOCAL_STACK && hasLocalStack && needsStack(line)) {
    if (named === undefined) await makeLocalStack(["select", "--create"], pulumi, checkout, environment);
    else if (isMissing(checkout, environment))
      await makeLocalStack(["init", "--no-select"], pulumi, checkout, environment);
  }
  return { program: pulumi, args, environment };
}

function selected(checkout: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_HOME = "", PULUMI_BACKEND_URL = "" } = environment;
  return selectedStack(PULUMI_HOME, path.join(checkout, "Pulumi.yaml"), PULUMI_BACKEND_URL);
}

/** Seen without starting the CLI; in a backend that is no folder the user makes the stack, as with any other. */
function isMissing(checkout: string, environment: NodeJS.ProcessEnv): boolean {
  const backend = environment.PULUMI_BACKEND_URL ?? "";
  const project = projectName(path.join(checkout, "Pulumi.yaml"));
  if (!backend.startsWith("file:///") || project === undefined) return false;
  const stacks = path.join(fileURLToPath(backend), ".pulumi", "stacks", project);
  return ["", ".gz", ".zst"].every((suffix) => !existsSync(path.join(stacks, `${LOCAL_STACK}.json${suffix}`)));
}

/** The salt in Pulumi.local.yaml is taken as it is, so this leaves the file's bytes alone. */
async function makeLocalStack(
  how: readonly string[],
  pulumi: string,
  checkout: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const args = ["stack", ...how, LOCAL_STACK, "--non-interactive"];
  const { code, output } = await runProcess(pulumi, args, { cwd: checkout, environment });
  if (code === 0) return;
  const backend = environment.PULUMI_BACKEND_URL;
  throw new Error(`the stack "${LOCAL_STACK}" could not be made in ${backend}:\n${lastLines(output)}`);
}
