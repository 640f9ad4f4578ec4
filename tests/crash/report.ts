import { quote } from "../../userdata/render.ts";
import type { Verdict } from "./outcome.ts";
import type { Result } from "./results.ts";

const VERDICTS: readonly Verdict[] = ["well", "leftover", "not reached", "failed"];

/** The last result of each point counts, also for those that are the same. Pure. */
export function latest(results: readonly Result[]): Result[] {
  const last = new Map(results.map((result) => [result.id, result]));
  return [...last.values()].map((result) => {
    const { verdict, complaints } = last.get(result.sameAs ?? result.id) ?? result;
    return { ...result, verdict, complaints };
  });
}

/** A Markdown table: points, how many of them were tried, and outcomes, by command. Pure. */
export function tableOf(results: readonly Result[]): string {
  const rows = [...new Set(results.map(rowOf))].toSorted();
  const line = (title: string, those: readonly Result[]) =>
    `| ${[title, those.length, those.filter(isTried).length, ...VERDICTS.map((verdict) => those.filter((each) => each.verdict === verdict).length)].join(" | ")} |`;
  return [
    `| suite, mode, command | points | tried | ${VERDICTS.join(" | ")} |`,
    `|---|${"---|".repeat(VERDICTS.length + 2)}`,
    ...rows.map((row) =>
      line(
        row,
        results.filter((result) => rowOf(result) === row),
      ),
    ),
    line("all", results),
    "",
  ].join("\n");
}

/** What went wrong and how to see it again; points that are the same as one of them are only counted. Pure. */
export function describeFailures(results: readonly Result[]): string {
  return results
    .filter((result) => result.verdict === "failed" && isTried(result))
    .map(({ id, suite, complaints }) =>
      [`FAILED ${id}`, ...complaints.map(indented), `    repeat: ${commandFor(suite, id)}`, ""].join("\n"),
    )
    .join("\n");
}

const isTried = ({ sameAs }: Result): boolean => sameAs === undefined;

const commandFor = (suite: string, id: string): string =>
  `npm run test:crash -- --suite ${suite} --filter ${quote(id)}`;

const rowOf = ({ suite, mode, scenario }: Result): string => [suite, mode, scenario].join(", ");

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`))
    .join("\n");
