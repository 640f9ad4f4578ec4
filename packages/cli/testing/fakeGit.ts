import type { Git } from "../git.ts";

/** A repository in which commits differ in site/planet.ini; a test says what is otherwise. */
export const fakeGit = (changes: Partial<Git> = {}): Git => ({
  head: async () => "c".repeat(40),
  uncommitted: async () => [],
  has: async (commit) => commit !== "0".repeat(40),
  show: async () => undefined,
  differing: async (one, other) => (one === other ? [] : ["site/planet.ini"]),
  since: async () => ({ commits: 1, merges: 0 }),
  addWorktree: async (folder) => folder,
  removeWorktree: async () => {},
  ...changes,
});
