import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { codeOf } from "@planet/errors";
import { type Context, OperatorError } from "../../command.ts";
import type { Git } from "../../git.ts";
import { readGeneration, StackFileError, setGeneration } from "../../stack/generation.ts";
import { isAlive } from "../../stack/isAlive.ts";
import type { NumberSetting } from "../../stack/numberSetting.ts";
import { readPermitNumber, setPermitNumber } from "../../stack/permitNumber.ts";
import { provideDependencies } from "./dependencies.ts";
import { withProvider } from "./todaysProvider.ts";

/** What must not be undercut. */
export interface KeptNumbers {
  readonly generation: number;
  readonly permit: number;
}

export interface WorktreeRequest extends KeptNumbers {
  readonly commit: string;
  readonly stack: string;
}

export interface PreparedWorktree {
  /** Folder of its Pulumi.yaml. */
  readonly project: string;
  remove(): Promise<void>;
}

const OTHER_UPDATE = "Go back to another update: `npx planet rollback --list` shows them. Nothing was changed.";

/** In the checkout, where git does not look and `npm run clean` does. */
const FOLDER = join(".planet", "rollback");

/**
 * The sources of an earlier commit in a folder of their own, ready to be deployed. Beside that commit's they have
 * today's provider, and today's generation and permit where those are higher.
 */
export async function prepareWorktree(
  { commit, stack, generation, permit }: WorktreeRequest,
  git: Git,
  { checkout, err }: Context,
): Promise<PreparedWorktree> {
  const parent = join(checkout, FOLDER);
  await removeLeftovers(parent, git);
  await mkdir(parent, { recursive: true });
  const folder = join(parent, `${commit.slice(0, 8)}-${process.pid}`);
  const remove = () => git.removeWorktree(folder);
  try {
    const project = await git.addWorktree(folder, commit);
    const program = (await readText(join(project, "Pulumi.yaml"))) ?? "";
    await edit(join(project, "Pulumi.yaml"), (text) => {
      const changed = withProvider(text ?? "", join(checkout, "packages", "eucalyptus-provider", "bin"));
      if (changed !== undefined) return changed;
      throw new OperatorError({
        code: "NO_PLUGIN_FOLDER",
        what: `Pulumi.yaml of commit ${commit.slice(0, 8)} names no folder for the plugin "aws".`,
        next: OTHER_UPDATE,
      });
    });
    const name = `Pulumi.${stack}.yaml`;
    const today = await readText(join(checkout, name));
    await edit(join(project, name), (text) => {
      if (text === undefined) err(`• commit ${commit.slice(0, 8)} has no ${name}: today's settings are taken\n`);
      return raisedFile(text ?? today ?? "", { program, kept: { generation, permit }, name });
    });
    await provideDependencies(project, checkout, err);
    return { project, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What is said relative to the checkout means the same in another folder: backend and passphrase file. Pure. */
export function absoluteEnvironment(environment: NodeJS.ProcessEnv, checkout: string): NodeJS.ProcessEnv {
  const { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  const relative = /^file:\/\/(\.[^?]*)(.*)$/.exec(backend ?? "");
  return {
    ...environment,
    ...(relative && { PULUMI_BACKEND_URL: `${pathToFileURL(resolve(checkout, relative[1] ?? ""))}${relative[2]}` }),
    ...(file && { PULUMI_CONFIG_PASSPHRASE_FILE: resolve(checkout, file) }),
  };
}

interface RaiseFacts {
  /** Pulumi.yaml of the commit. */
  readonly program: string;
  readonly kept: KeptNumbers;
  readonly name: string;
}

/** The stack's file of a commit with the numbers that must not be undercut. A setting that its program refuses is left out. */
export function raisedFile(text: string, { program, kept, name }: RaiseFacts): string {
  const raised = raise(text, { read: readGeneration, set: setGeneration }, kept.generation, name);
  const hasPermits = /^ {2}planet:permit:\s*$/m.test(program);
  return hasPermits ? raise(raised, { read: readPermitNumber, set: setPermitNumber }, kept.permit, name) : raised;
}

function raise(text: string, { read, set }: Pick<NumberSetting, "read" | "set">, lowest: number, name: string): string {
  try {
    return read(text) < lowest ? set(text, lowest) : text;
  } catch (error) {
    if (!(error instanceof StackFileError)) throw error;
    throw new OperatorError({
      code: "OLD_STACK_FILE_UNUSABLE",
      what: `${name} of that commit cannot be used:`,
      why: `${error.message}.`,
      next: OTHER_UPDATE,
    });
  }
}

/** Of rollbacks that were killed: their process is gone. */
async function removeLeftovers(parent: string, git: Git): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(name.split("-").at(-1));
    if (!isAlive(pid)) await git.removeWorktree(join(parent, name));
  }
}

async function edit(file: string, change: (text: string | undefined) => string): Promise<void> {
  const text = await readText(file);
  const changed = change(text);
  if (changed !== text) await writeFile(file, changed);
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
}
