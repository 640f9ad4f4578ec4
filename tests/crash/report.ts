import { quote } from "../../userdata/render.ts";
import type { Verdict } from "./outcome.ts";
import type { Result } from "./results.ts";

const VERDICTS: readonly Verdict[] = ["well", "leftover", "not reached", "failed"];

/** The last result of each point counts. Pure. */
export function latest(results: readonly Result[]): Result[] {
  return [...new Map(results.map((result) => [result.id, result])).values()];
}

/** A Markdown table: points tried, by command and outcome. Pure. */
export function tableOf(results: readonly Result[]): string {
  const rows = [...new Set(results.map(rowOf))].toSorted();
  const line = (title: string, those: readonly Result[]) =>
    `| ${[title, those.length, ...VERDICTS.map((verdict) => those.filter((each) => each.verdict === verdict).length)].join(" | ")} |`;
  return [
    `| suite, mode, command | points | ${VERDICTS.join(" | ")} |`,
    `|---|${"---|".repeat(VERDICTS.length + 1)}`,
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

/** What went wrong and how to see it again. Pure. */
export function describeFailures(results: readonly Result[]): string {
  return results
    .filter(({ verdict }) => verdict === "failed")
    .map(({ id, suite, complaints }) =>
      [`FAILED ${id}`, ...complaints.map(indented), `    repeat: ${commandFor(suite, id)}`, ""].join("\n"),
    )
    .join("\n");
}

const commandFor = (suite: string, id: string): string =>
  `npm run test:crash -- --suite ${suite} --filter ${quote(id)}`;

const rowOf = ({ suite, mode, scenario }: Result): string => [suite, mode, scenario].join(", ");

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`))
    .join("\n");
