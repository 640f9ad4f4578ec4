import { createTwoFilesPatch } from "diff";

/** Two megabytes of unlike lines must not hold up a preview. */
const TIMEOUT_MS = 2_000;

/**
 * Undefined when the texts are equal or too unlike to be compared in time.
 * @param sides what stands before the name in the two first lines, as git's `a` and `b`
 */
export function unifiedDiff(
  name: string,
  before: string,
  after: string,
  sides: readonly [string, string] = ["a", "b"],
): string | undefined {
  if (before === after) return undefined;
  const options = { context: 3, timeout: TIMEOUT_MS };
  const patch = createTwoFilesPatch(`${sides[0]}/${name}`, `${sides[1]}/${name}`, before, after, "", "", options);
  if (patch === undefined) return undefined;
  // Headers end in a tab for a date that is not there.
  const lines = patch.trimEnd().split("\n").slice(1);
  return lines.map((line) => line.replace(/^(---|\+\+\+) (.*?)\t$/, "$1 $2")).join("\n");
}
