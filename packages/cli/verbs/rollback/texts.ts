import { restoreCommand } from "../../stack/history/undone.ts";
import type { Update } from "../../stack/history/updates.ts";
import { visible } from "../../text/visible.ts";

/** The updates there are, newest first, for `--list` and after a refusal. Pure. */
export function listUpdates(updates: readonly Update[], inService: Update | undefined): string {
  const deploys = updates.filter(({ kind }) => kind !== "refresh").toReversed();
  const width = String(deploys[0]?.number ?? 0).length;
  const remark = (update: Update) => (update === inService ? "   ← in service" : idle(update));
  const lines = deploys.map((update) => `${line(update, width)}${remark(update)}\n`);
  const isOpen = deploys.some(({ commit, clean }) => commit !== undefined && !clean);
  return [...lines, ...(isOpen ? [`${LEGEND}\n`] : [])].join("");
}

const LEGEND = "+ with something that was not committed: a rollback cannot come back to it";

const idle = ({ changed }: Update): string => (changed ? "" : "   (changed nothing)");

function line({ number, kind, result, startTime, message, commit, clean }: Update, width: number): string {
  const what = kind === "update" ? result : `${kind} ${result}`;
  const of = commit === undefined ? "no commit" : `${commit.slice(0, 8)}${clean ? " " : "+"}`;
  return `${String(number).padStart(width)}  ${startTime.slice(0, 16).replace("T", " ")}  ${what.padEnd(9)}  ${of}  ${oneLine(message)}`;
}

/** The end of a refusal. Pure. */
export function nextSteps(usable: readonly Update[], stack: string): string {
  const [first] = usable;
  const list = `\`npx planet rollback --list --stack ${stack}\` shows every update`;
  const undo = "Or undo the change in this checkout (`git revert`), commit, and `npx pulumi up`.";
  if (!first) return `${list}. ${undo}`;
  const { number, message } = first;
  return `\`npx planet rollback --to ${number} --stack ${stack}\` goes back to "${oneLine(message)}"; ${list}.\n${undo}`;
}

/** A message fit for a terminal. */
export const oneLine = (message: string): string => visible(message).replace(/\s+/g, " ");

export interface RevertFacts {
  /** That is served now. */
  readonly commit: string;
  /** Of HEAD, as the rollback has undone them. */
  readonly files: readonly string[];
  /** What a deploy from here would bring back, too, beside the generation. */
  readonly uncommitted: readonly string[];
  /** What HEAD has beside it; undefined when HEAD does not come from it. */
  readonly since: { readonly commits: number; readonly merges: number } | undefined;
  readonly stackFile: string;
  /** Settings that main has to keep, `planet:generation: 3`: the commit itself has lower ones. */
  readonly kept: readonly string[];
}

/** The next deploy of main would bring back what was rolled back. Pure. */
export function revertReminder(facts: RevertFacts): string {
  const { commit, files, uncommitted, since, stackFile, kept } = facts;
  if (files.length === 0 && uncommitted.length === 0) return "";
  const isOne = since?.commits === 1 && since.merges === 0;
  const restore = [restoreCommand(commit, files), `git commit -m "go back to ${commit.slice(0, 8)}"`];
  const back = isOne ? ["git revert --no-edit HEAD"] : restore;
  return [
    "",
    "main has to go back, too: the next deploy from it would bring back what was just undone.",
    ...(uncommitted.length === 0
      ? []
      : [`  git stash push --include-untracked ${uncommitted.join(" ")}   # not committed`]),
    ...(files.length === 0 ? [] : back.map((command) => `  ${command}`)),
    ...(kept.length > 0 ? [`and keep ${kept.map((line) => `\`${line}\``).join(" and ")} in ${stackFile}.`] : []),
    "",
  ].join("\n");
}
