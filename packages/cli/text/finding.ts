import { visible } from "./visible.ts";

/** `note`: worth a line and no person's time. `problem`: somebody has to do something. */
type Level = "ok" | "note" | "problem";

/** One line of `planet status` and `planet doctor`. */
export interface Finding {
  /** What it is about: `address`, `keys`. */
  readonly topic: string;
  readonly level: Level;
  readonly text: string;
  /** What to do; every problem has it. */
  readonly next?: string;
}

export const ok = (topic: string, text: string): Finding => ({ topic, level: "ok", text });

export const note = (topic: string, text: string, next?: string): Finding => ({
  topic,
  level: "note",
  text,
  ...(next !== undefined && { next }),
});

export const problem = (topic: string, text: string, next: string): Finding => ({
  topic,
  level: "problem",
  text,
  next,
});

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", note: "note", problem: "PROBLEM" };

/** For a terminal of any width, without colours. What others have written cannot command the terminal. */
export function renderFindings(title: string, findings: readonly Finding[]): string {
  const problems = problemsIn(findings);
  const verdict = problems === 0 ? "all is well" : `${problems} ${problems === 1 ? "problem" : "problems"}`;
  const width = Math.max(0, ...findings.map(({ topic }) => topic.length));
  const indent = " ".repeat(2 + MARKS.problem.length + 2 + width + 2);
  const lines = findings.flatMap(({ topic, level, text, next }) => [
    `  ${MARKS[level].padEnd(MARKS.problem.length)}  ${topic.padEnd(width)}  ${oneLine(text)}`,
    ...(next === undefined ? [] : [`${indent}→ ${oneLine(next)}`]),
  ]);
  return `${[`${title}: ${verdict}`, "", ...lines].join("\n")}\n`;
}

/** Whether there is anything for a person to do; also the exit code: 0 or 1. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return problemsIn(findings) === 0 ? 0 : 1;
}

const problemsIn = (findings: readonly Finding[]): number => findings.filter(({ level }) => level === "problem").length;

const oneLine = (text: string): string => visible(text).replace(/\s+/g, " ").trim();
