import { succeeded } from "../../stack/history/inService.ts";
import type { Update } from "../../stack/history/updates.ts";

export type Choice =
  | {
      readonly kind: "target";
      readonly target: Update & { readonly commit: string };
      /** As far as the history shows. */
      readonly inService: Update;
      /** A run after that update was interrupted, of other sources. */
      readonly hasBrokenOff: boolean;
      /** It is what was in service before that run: the state may have more to forget than a preview shows. */
      readonly isAfterBreak: boolean;
      /** Commit that is left: of the last update, even if it failed. */
      readonly left?: string;
    }
  | {
      readonly kind: "refused";
      readonly code: RefusalCode;
      readonly why: string;
      readonly usable: readonly Update[];
      /** What else may be done. */
      readonly advice?: string;
    };

type RefusalCode =
  | "NEVER_DEPLOYED"
  | "DESTROYED"
  | "NEVER_SUCCEEDED"
  | "UPDATE_UNKNOWN"
  | "NO_EARLIER_DIFFERENCE"
  | "NO_EARLIER_UPDATE"
  | "UPDATE_WITHOUT_COMMIT"
  | "UPDATE_UNCLEAN";

export type Target = Omit<Extract<Choice, { kind: "target" }>, "kind">;

export interface Wish {
  /** The number of an update. */
  readonly to?: number | undefined;
  /** Without `to`: only updates before this one, since going back to it would change nothing. */
  readonly before?: number | undefined;
  /** A run was killed after the last update, perhaps of this commit; it is not in the history. */
  readonly killed?: { readonly commit: string | undefined } | undefined;
}

/**
 * Which update a rollback goes back to. Without a number: the newest one before what is in service that was of other
 * sources. What is in service after a rollback counts as the update that it went back to, so that the next one goes
 * one further back. Pure.
 */
export function chooseTarget(updates: readonly Update[], wish: Wish = {}): Choice {
  const { to, before = Number.POSITIVE_INFINITY, killed } = wish;
  const deploys = updates.filter(({ kind, changed }) => (kind === "update" || kind === "destroy") && changed);
  const latest = deploys.at(-1);
  if (!latest) return refuse("NEVER_DEPLOYED", "nothing has been deployed yet; `npx pulumi up` does", []);
  if (latest.kind === "destroy" && latest.result === "succeeded") {
    return refuse("DESTROYED", "the last update destroyed the planet; `npx pulumi up` brings it back", []);
  }
  const good = succeeded(updates);
  const inService = good.at(-1);
  if (!inService)
    return refuse("NEVER_SUCCEEDED", "no update has succeeded yet, so there is nothing to go back to", []);

  const position = positionOf(inService, updates).number;
  const earlier = good.filter((update) => update.number < position && isOther(update, inService));
  // What was seen to differ in nothing is no advice.
  const usable = earlier.filter((update) => isUsable(update) && update.number < before).toReversed();
  // After an update that was interrupted half-way, what was in service before it is the way back.
  const hasBrokenOff = killed !== undefined || (latest !== inService && isOther(latest, inService));
  const left = killed?.commit ?? latest.commit;
  const isAfterBreak = (target: Update) => hasBrokenOff && target.number === inService.number;
  const choose = (target: Update) =>
    judge(target, { inService, hasBrokenOff, isAfterBreak: isAfterBreak(target), left }, usable);
  if (to !== undefined) {
    const named = updates.find(
      ({ number, kind, result }) => number === to && kind === "update" && result === "succeeded",
    );
    if (!named) return refuse("UPDATE_UNKNOWN", `there is no update ${to} that succeeded`, usable);
    return choose(named);
  }
  const candidates = hasBrokenOff ? [inService] : earlier;
  const target = candidates.findLast(({ number }) => number < before);
  if (!target && candidates.length > 0)
    return refuse("NO_EARLIER_DIFFERENCE", "no earlier update differs from what is deployed", []);
  if (!target) return refuse("NO_EARLIER_UPDATE", "there is no earlier update of other sources", usable);
  return choose(target);
}

function judge(
  target: Update,
  { left, ...facts }: Omit<Target, "target" | "left"> & { left: string | undefined },
  usable: readonly Update[],
): Choice {
  const others = usable.filter(({ number }) => number !== target.number);
  const { commit, clean, number } = target;
  if (commit === undefined)
    return refuse("UPDATE_WITHOUT_COMMIT", `update ${number} was not made from a git work tree`, others);
  if (!clean) {
    return refuse(
      "UPDATE_UNCLEAN",
      `update ${number} was perhaps not all of commit ${commit.slice(0, 8)}: ${UNCLEAN}`,
      others,
      byHand(commit),
    );
  }
  return { kind: "target", target: { ...target, commit }, ...facts, ...(left !== undefined && { left }) };
}

/** Where an update stands: a rollback stands where the one stands that it went back to. */
function positionOf(update: Update, updates: readonly Update[]): Update {
  const { to, commit } = update.mark ?? {};
  const target = updates.find(({ number }) => number === to);
  return target && target.commit === commit && target.number < update.number ? positionOf(target, updates) : update;
}

/** Uncommitted changes may be anything, so an update with some is other than every other one. */
function isOther(update: Update, than: Update): boolean {
  return !update.clean || !than.clean || update.commit !== than.commit;
}

/**
 * The engine keeps one flag, for any output of `git status --porcelain`. Source: pulumi 3.259.0,
 * pkg/cmd/pulumi/metadata/metadata.go, isGitWorkTreeDirty.
 */
const UNCLEAN =
  "`git status` showed something else, changed files or untracked ones, and neither the history nor git has kept what it was";

/** Whoever knows that it was nothing that is deployed. */
const byHand = (commit: string): string =>
  `If those were files that a deploy does not read, go to that commit by hand: \`git restore --source ${commit.slice(0, 8)} --staged --worktree .\`, ` +
  "look with `npx planet preview`, commit, and `npx pulumi up`.\n" +
  "Commit such files or name them in .gitignore, and a rollback can come back to the next update.";

const isUsable = ({ commit, clean }: Update): boolean => commit !== undefined && clean;

const refuse = (code: RefusalCode, why: string, usable: readonly Update[], advice?: string): Choice => ({
  ...{ kind: "refused", code, why, usable },
  ...(advice !== undefined && { advice }),
});
