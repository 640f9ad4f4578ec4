import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeOf, type Explanation, messageOf } from "@planet/errors";
import { OperatorError } from "./command.ts";

/** What the verbs ask of git, in the folder of one checkout. */
export interface Git {
  /** Undefined outside a work tree, and before the first commit. */
  head(): Promise<string | undefined>;
  /** Everything that `git status` shows; paths from the checkout's folder, those outside it from the work tree's root. */
  uncommitted(): Promise<string[]>;
  has(commit: string): Promise<boolean>;
  /** Text of a file of the checkout's folder in that commit; undefined when it is not there. */
  show(commit: string, file: string): Promise<string | undefined>;
  /** Files of the checkout's folder that two commits have differently. */
  differing(one: string, other: string): Promise<string[]>;
  /** Commits of HEAD that `ancestor` does not have; undefined when HEAD does not come from it. */
  since(ancestor: string): Promise<{ readonly commits: number; readonly merges: number } | undefined>;
  /** Makes a work tree without a branch. @returns the folder in it that is this checkout's. */
  addWorktree(folder: string, commit: string): Promise<string>;
  removeWorktree(folder: string): Promise<void>;
}

const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

export function createGit(checkout: string): Git {
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", checkout, ...args], { maxBuffer: OUTPUT_LIMIT_BYTES })).stdout;
  const tried = async (...args: string[]) => git(...args).catch(() => undefined);
  const prefix = async () => (await git("rev-parse", "--show-prefix")).trimEnd();

  return {
    head: async () => (await tried("rev-parse", "--verify", "--quiet", "HEAD^{commit}"))?.trim(),

    async uncommitted() {
      const folder = await prefix();
      const status = await git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all");
      const paths = status
        .split("\0")
        .map((entry) => entry.slice("XY ".length))
        .filter((path) => path !== "");
      return paths.map((path) => (path.startsWith(folder) ? path.slice(folder.length) : path));
    },

    has: async (commit) => (await tried("cat-file", "-e", `${commit}^{commit}`)) !== undefined,

    show: async (commit, file) => tried("show", `${commit}:${await prefix()}${file}`),

    async differing(one, other) {
      const names = await git("diff", "--name-only", "--no-renames", "--relative", "-z", one, other);
      return names.split("\0").filter((name) => name !== "");
    },

    async since(ancestor) {
      if ((await tried("merge-base", "--is-ancestor", ancestor, "HEAD")) === undefined) return undefined;
      const count = async (...more: string[]) => Number(await git("rev-list", "--count", ...more, `${ancestor}..HEAD`));
      return { commits: await count(), merges: await count("--merges") };
    },

    async addWorktree(folder, commit) {
      // Hooks of the user's own are for the user's own checkouts.
      await git("-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", folder, commit);
      return `${folder}/${await prefix()}`.replace(/\/$/, "");
    },

    async removeWorktree(folder) {
      await tried("worktree", "remove", "--force", "--force", folder);
      await tried("worktree", "prune");
    },
  };
}

/** Three versions of one text. */
export interface Versions {
  readonly ancestor: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/**
 * Both sides' changes made to their ancestor, by `git merge-file`, which needs no work tree. Undefined when they do not
 * fit together: git wants at least one line between two changes that nobody has changed.
 * @throws {OperatorError} when git is missing or cannot merge such files.
 */
export async function mergeFile(
  versions: Versions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Uint8Array | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "planet-merge-"));
  try {
    for (const [name, bytes] of Object.entries(versions)) await writeFile(join(folder, name), bytes);
    const options = { cwd: folder, env: environment, encoding: "buffer", maxBuffer: OUTPUT_LIMIT_BYTES } as const;
    const args = ["merge-file", "-p", "ours", "ancestor", "theirs"];
    return (await promisify(execFile)("git", args, options)).stdout;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw notMerged(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The exit code counts the conflicts, up to 127; what is higher is a failure (git-merge-file(1)). */
function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return typeof code === "number" && code > 0 && code <= 127;
}

function notMerged(cause: unknown): OperatorError {
  const explanation: Explanation =
    codeOf(cause) === "ENOENT"
      ? {
          code: "NO_GIT",
          what: "Two changes of one file were not merged: there is no `git` here.",
          next: "Install git and repeat. Nothing was changed.",
        }
      : {
          code: "MERGE_FAILED",
          what: "`git merge-file` failed:",
          why: messageOf(cause).trim(),
          next: "Merge the file by hand, then repeat. Nothing was changed.",
        };
  return new OperatorError(explanation, { cause });
}
