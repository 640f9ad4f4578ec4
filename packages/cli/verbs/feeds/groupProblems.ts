import { formatProblem, type SiteProblem } from "@planet/content";
import { visible } from "../../text/visible.ts";

/** So many of one kind are printed; the others only by their lines. */
const SHOWN = 3;
const LINES_SHOWN = 12;

const visibleProblem = (problem: SiteProblem, folder?: string): string => visible(formatProblem(problem, folder));

/** Problems as lines of text, in their order. Of many that differ in names alone, the first ones. */
export function groupProblems(problems: readonly SiteProblem[], folder?: string): string[] {
  const line = (problem: SiteProblem) => visibleProblem(problem, folder);
  return [...Map.groupBy(problems, kindOf).values()].flatMap((group) => {
    if (group.length <= SHOWN + 1) return group.map(line);
    const rest = group.slice(SHOWN);
    return [...group.slice(0, SHOWN), summary(rest)].map(line);
  });
}

/** What is quoted, and numbers, are names. */
const kindOf = ({ file, level, code, text, line }: SiteProblem): string =>
  line === 0
    ? JSON.stringify([file, level, text])
    : JSON.stringify([file, level, code, text.replace(/"[^"]*"|\d+/g, "")]);

function summary(rest: readonly SiteProblem[]): SiteProblem {
  const lines = rest.slice(0, LINES_SHOWN).map(({ line }) => line);
  const more = rest.length > LINES_SHOWN ? " …" : "";
  const [first] = rest as [SiteProblem];
  return { ...first, line: 0, text: `${rest.length} more like this, in lines ${lines.join(", ")}${more}` };
}
