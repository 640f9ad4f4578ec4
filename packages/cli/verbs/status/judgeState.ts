import { restoreCommand } from "../../stack/history/undone.ts";
import { isUnfinished } from "../../stack/history/unfinished.ts";
import { isLeft, judgeLock } from "../../stack/judgeLock.ts";
import type { PendingStep, StateResource } from "../../stack/state.ts";
import { duration } from "../../text/duration.ts";
import { type Finding, note, ok, problem } from "../../text/finding.ts";
import { isUnreadable } from "../../text/unreadable.ts";
import type { StatusFacts } from "./facts.ts";

const INSTANCE_TYPE = "aws:ec2/instance:Instance";
const GROUP_TYPE = "aws:autoscaling/group:Group";

/** The last update, and what it left undone in the state. */
export function judgeState(facts: StatusFacts): Finding[] {
  const { stack, state } = facts;
  const up = `npx pulumi up --stack ${stack}`;
  const condemned = state.resources.filter(({ isCondemned }) => isCondemned);
  const broken = state.resources.filter(({ initErrors }) => initErrors.length > 0);
  const unfinished = [
    ...judgeServers(facts),
    ...state.pending.map((step) => judgePending(step, facts)),
    ...condemned.map((resource) => problem("state", `${label(resource)} was replaced and is not deleted yet`, up)),
    ...broken.map((resource) =>
      problem("state", `${label(resource)} was made and is not complete: ${resource.initErrors.join("; ")}`, up),
    ),
  ];
  const left = unfinished.some(({ level }) => level === "problem") ? unfinished : [...unfinished, ...judgeSaved(facts)];
  // What is unfinished while an update is running is a matter for that update: the lock's note says who runs it.
  const findings = [...judgeLocks(facts), ...(isUnderWay(facts) ? [] : left)];
  const count = state.resources.length;
  const well = findings.length === 0 && count > 0 ? [ok("state", `${count} resources, nothing is pending`)] : [];
  return [...judgeUpdate(facts), ...well, ...findings];
}

/** Between updates there is one server, or one group; one that is condemned or incomplete has a finding of its own. */
function judgeServers({ state, stack }: StatusFacts): Finding[] {
  const whole = state.resources.filter(({ isCondemned, initErrors }) => !isCondemned && initErrors.length === 0);
  const [servers, groups] = [INSTANCE_TYPE, GROUP_TYPE].map((wanted) => whole.filter(({ type }) => type === wanted));
  const [what, found = []] = (groups?.length ?? 0) < 2 ? ["servers", servers] : ["groups of servers", groups];
  if (found.length < 2) return [];
  const text = `an update was interrupted, ${found.length} ${what} are there: ${found.map(({ id }) => id).join(", ")}`;
  return [problem("state", text, endOrUndo(stack))];
}

/** A run that was killed while it changed content leaves nothing but a state that was written after the last update. */
function judgeSaved({ state, lastUpdate, stack }: StatusFacts): Finding[] {
  if (!lastUpdate || !isUnfinished(state, [lastUpdate])) return [];
  return [problem("state", "a run after the last update was interrupted", endOrUndo(stack))];
}

const endOrUndo = (stack: string): string =>
  `npx pulumi up --stack ${stack}   (to undo it instead: npx planet rollback --stack ${stack})`;

/** An update that goes on after a kill makes or takes over what was begun; see toolchain/state/forgetSettled.ts. */
function judgePending({ kind, urn, type, name, isSettled }: PendingStep, facts: StatusFacts): Finding {
  const { stack, state } = facts;
  const what = `${shortType(type)} ${name}`;
  const up = `npx pulumi up --stack ${stack}`;
  const forget = `npx pulumi refresh --clear-pending-creates --yes --stack ${stack}`;
  if (kind !== "creating") return problem("state", `a run was killed while ${kind} ${what}`, up);
  if (isSettled) {
    const text = `a run was killed while creating ${what}, and a later one has made it`;
    const isAlone = state.pending.every((step) => step.kind !== "creating" || step.isSettled);
    return note(
      "state",
      text,
      isAlone
        ? `the next up forgets it; where the state is in a bucket: ${forget}`
        : `goes with the one that is open: ${forget}`,
    );
  }
  const isThere = state.resources.some((resource) => resource.urn === urn && !resource.isCondemned);
  const text = `a run was killed while creating ${what}${isThere ? " in place of another" : ""}`;
  const doctor = `npx planet doctor --stack ${stack} lists what the run has left`;
  // An update that came to its end has made all that its settings want: one more would do nothing about this.
  if (hasGoneOn(facts))
    return problem("state", `${text}, and the last update has not made it`, `${doctor}; then: ${forget}`);
  return problem("state", text, `${up}; if this stays: ${doctor}, then ${forget}`);
}

/** Whether the last run is an update that came to its end. */
function hasGoneOn({ state, lastUpdate }: StatusFacts): boolean {
  if (lastUpdate?.kind !== "update" || lastUpdate.result !== "succeeded") return false;
  return !isUnfinished(state, [lastUpdate]);
}

const label = ({ type, name, id }: StateResource): string => `${shortType(type)} ${name} (${id || "no id"})`;

const shortType = (type: string): string => type.split(":").at(-1) ?? type;

function judgeUpdate({ lastUpdate, head, undone, stack, now, served }: StatusFacts): Finding[] {
  if (!lastUpdate) return [];
  const { result, kind, startTime, commit, clean } = lastUpdate;
  const when = `${duration(now.getTime() - Date.parse(startTime))} ago`;
  const of = commit === undefined ? "" : ` of commit ${commit.slice(0, 8)}${clean ? "" : " with uncommitted changes"}`;
  const text = `the last ${kind}${of} was ${when}`;
  if (result === "failed") {
    const serving = served?.kind === "planet" ? "; what serves stays in service" : "";
    return [problem("update", `${text} and failed${serving}`, `npx pulumi up --stack ${stack}`)];
  }
  if (result === "in-progress") return [note("update", `${text} and has not come to its end`)];
  // Whatever ran last: a refresh from here is of HEAD, too.
  if (undone) {
    const { served: target, files } = undone;
    const still = `${text}; this checkout still has what a rollback to ${target.slice(0, 8)} undid: a deploy from here would bring that back`;
    return [problem("update", still, `${restoreCommand(target, files)}, then commit`)];
  }
  if (commit === undefined || head === undefined || head.commit === commit) return [ok("update", text)];
  const distance =
    head.since === undefined
      ? "is not a descendant of it"
      : `is ${head.since} ${head.since === 1 ? "commit" : "commits"} further`;
  return [note("update", `${text}; this checkout (${head.commit.slice(0, 8)}) ${distance}`)];
}

function judgeLocks({ locks, stack, now }: StatusFacts): Finding[] {
  if (locks === "unknown") return [];
  if (isUnreadable(locks)) {
    return [
      problem("lock", `the state's backend cannot be read: ${locks.unreadable}`, `npx planet doctor --stack ${stack}`),
    ];
  }
  return locks.map((lock) => judgeLock(lock, stack, now));
}

function isUnderWay({ locks, now }: StatusFacts): boolean {
  return locks !== "unknown" && !isUnreadable(locks) && locks.some((lock) => !isLeft(lock, now));
}
