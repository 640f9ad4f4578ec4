import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Progress } from "./cacheEntry.ts";
import { ensureToolchain } from "./ensureToolchain.ts";
import { readProjectFile } from "./projectFile.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { asksCloud, makesStack, needsStack, readCommandLine, selectedStack, writesState } from "./stackOfCommand.ts";
import { forgetSettled } from "./state/forgetSettled.ts";
import { repairState } from "./state/repairState.ts";
import { stateFolder } from "./state/stateFolder.ts";
import { LOCAL_STACK, toolchainEnvironment } from "./toolchainEnvironment.ts";
import { ToolchainError } from "./toolchainError.ts";
import { COMMAND_VERSION } from "./versions.ts";

/** After a kill of the cloud its servers still run, and nothing leads to them. */
const STOPPED_CLOUD = "The local cloud does not run, so nobody reaches a server of it: `npm start` brings it back.";

/** Of what needs the keys of the local stack, which are the running cloud's: that they are missing is not what is wrong. */
export const cloudStopped = (options?: ErrorOptions): ToolchainError =>
  new ToolchainError({ code: "CLOUD_STOPPED", what: STOPPED_CLOUD, next: "Nothing was changed." }, options);

const HELP = new Set(["--help", "-h"]);

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
  /** Where the command runs; by default where we do. */
  readonly cwd?: string;
}

/**
 * Prepares a command: sets up the toolchain where it is missing, finds the stack that the command is about, and gives
 * it the environment that this stack needs. Where no stack is selected and the command needs one, it is `local`; it is
 * made when its backend does not have it. Writes nothing outside `.planet` and the backend.
 */
export async function pulumiCommand(request: PulumiCommandRequest): Promise<PulumiCommand> {
  const { checkout, args, env, onProgress, cwd = process.cwd() } = request;
  const { pulumi } = await ensureToolchain({ checkout, onProgress, environment: env });
  const line = readCommandLine(args);
  const environmentFor = (stack: string | undefined) =>
    toolchainEnvironment({ checkout, stack, env, onNotice: onProgress });

  const general = await environmentFor(undefined);
  const project = readProjectFile(path.join(checkout, "Pulumi.yaml")).name;
  const folder = stateFolder(general.PULUMI_BACKEND_URL ?? "", path.resolve(cwd, line.folder ?? ""));
  if (folder !== undefined && project !== undefined) await repairState(folder, project, onProgress);
  const named = line.stack ?? env.PULUMI_STACK?.split("/").at(-1) ?? selected(checkout, general);
  const hasLocalStack = existsSync(path.join(checkout, `Pulumi.${LOCAL_STACK}.yaml`));
  // A new stack that the CLI will ask the name of is not one of those that are there.
  const stack = makesStack(line) ? line.stack : (named ?? (hasLocalStack ? LOCAL_STACK : undefined));
  // The CLI names its workspace by $PWD: behind a symbolic link it would not find the stack that was selected here.
  const environment: NodeJS.ProcessEnv = { ...(await environmentFor(stack)), PWD: cwd };

  if (stack === LOCAL_STACK && hasLocalStack && needsStack(line)) {
    if (named === undefined) await makeLocalStack(["select", "--create"], pulumi, checkout, environment);
    else if (folder !== undefined && project !== undefined && !hasLocalStackIn(folder, project))
      await makeLocalStack(["init", "--no-select"], pulumi, checkout, environment);
  }
  const isLocalCloudStopped = stack === LOCAL_STACK && environment.AWS_ACCESS_KEY_ID === undefined;
  const isRefused = isLocalCloudStopped && hasLocalStack && asksCloud(line) && !args.some((word) => HELP.has(word));
  if (needsStack(line) && !isRefused) {
    hintAtPlugin(env.PULUMI_HOME, onProgress);
    if (isLocalCloudStopped) onProgress(STOPPED_CLOUD);
  }
  if (stack !== undefined && folder !== undefined && project !== undefined && writesState(line)) {
    const run = (words: readonly string[]) => runProcess(pulumi, words, { cwd: checkout, environment });
    await forgetSettled({ folder, project, stack, run, onProgress });
  }
  if (isRefused) throw cloudStopped();
  return { program: pulumi, args, environment };
}

function selected(checkout: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_HOME = "", PULUMI_BACKEND_URL = "" } = environment;
  return selectedStack(PULUMI_HOME, path.join(checkout, "Pulumi.yaml"), PULUMI_BACKEND_URL);
}

/** Our own home has our stand-in; of the user's the engine says only that a download failed. */
function hintAtPlugin(home: string | undefined, onProgress: Progress): void {
  const name = `resource-command-v${COMMAND_VERSION}`;
  if (!home || existsSync(path.join(home, "plugins", name))) return;
  onProgress(
    `PULUMI_HOME=${home} has no ${name}: Pulumi will try to download it. Without PULUMI_HOME the checkout's own is used.`,
  );
}

/** Seen without starting the CLI; in a backend that is not a folder the user makes the stack, as any other. */
function hasLocalStackIn(folder: string, project: string): boolean {
  const stacks = path.join(folder, ".pulumi", "stacks", project);
  return ["", ".gz", ".zst"].some((suffix) => existsSync(path.join(stacks, `${LOCAL_STACK}.json${suffix}`)));
}

/** How often, and after which pause, a stack is asked for that another run is making. That takes it a few seconds. */
const LOCKED = { tries: 20, pauseMs: 500 };

/**
 * The salt in Pulumi.local.yaml is taken as it is, so this leaves the file's bytes alone. Another run may make the stack
 * at the same time: its lock is waited for, and then the stack is there, which is what was wanted.
 */
async function makeLocalStack(
  how: readonly string[],
  pulumi: string,
  checkout: string,
  environment: NodeJS.ProcessEnv,
  tries = LOCKED.tries,
): Promise<void> {
  const args = ["stack", ...how, LOCAL_STACK, "--non-interactive"];
  const { code, output } = await runProcess(pulumi, args, { cwd: checkout, environment });
  if (code === 0) return;
  if (/already exists/.test(output)) {
    if (how.includes("--create")) await makeLocalStack(["select"], pulumi, checkout, environment);
    return;
  }
  if (/currently locked/.test(output) && tries > 1) {
    await pause(LOCKED.pauseMs);
    return makeLocalStack(how, pulumi, checkout, environment, tries - 1);
  }
  const backend = environment.PULUMI_BACKEND_URL;
  const what = `the stack "${LOCAL_STACK}" could not be made in ${backend}:`;
  throw new ToolchainError({ code: "STACK_NOT_MADE", what, why: lastLines(output) });
}
