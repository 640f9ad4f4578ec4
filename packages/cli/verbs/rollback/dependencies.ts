import { spawn } from "node:child_process";
import { lstat, mkdir, readdir, readFile, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../../command.ts";

/**
 * Gives a work tree of an earlier commit the dependencies of that commit: this checkout's, where the lock files are
 * equal, else its own. Never their install scripts.
 */
export async function provideDependencies(
  worktree: string,
  checkout: string,
  err: (text: string) => void,
): Promise<void> {
  const [then, now] = await Promise.all([worktree, checkout].map((folder) => lockOf(folder)));
  if (then !== undefined && then === now) return linkDependencies(checkout, worktree);
  err("• installs that commit's own dependencies (npm ci)\n");
  const code = await new Promise<number | null>((resolve, reject) => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    // What npm prints is for people; our stdout may be read by a program.
    const child = spawn("npm", args, { cwd: worktree, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  throw new OperatorError({
    code: "DEPENDENCIES_NOT_INSTALLED",
    what: "`npm ci` failed in that commit's work tree; its reason is above.",
    why: "Its dependencies differ from today's, so they come from the registry.",
    next: "Check the network, then repeat. Nothing was changed.",
  });
}

/**
 * A `node_modules` of links. Links in it are the workspaces' own (`@planet/aggregator` → `../../packages/aggregator`)
 * and keep their words, so that they lead to the sources beside the new folder; so do those in `.bin`, by which `npx`
 * finds `planet` and `pulumi`.
 */
export async function linkDependencies(from: string, to: string): Promise<void> {
  await linkFolder(join(from, "node_modules"), join(to, "node_modules"));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if ((await lstat(source)).isSymbolicLink()) await symlink(await readlink(source), target);
    else if (name.startsWith("@") || name === ".bin") await linkFolder(source, target);
    else await symlink(source, target);
  }
}

async function lockOf(folder: string): Promise<string | undefined> {
  // In a work tree below a monorepo's root, the lock file lies further up; then there is nothing to compare.
  return readFile(join(folder, "package-lock.json"), "utf8").catch(() => undefined);
}
