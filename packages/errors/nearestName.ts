/**
 * The name that was probably meant: the one with the fewest typos. Capitals do not count; ties go to the first.
 * @param limit the most errors; by default 3, and never half of the word
 */
export function nearestName(
  word: string,
  names: Iterable<string>,
  limit: number = Math.min(3, Math.floor(word.length / 2)),
): string | undefined {
  // Lengths that differ by more are out of reach: words of strangers may be long, and comparing takes length by length.
  const near = [...names].filter((name) => Math.abs([...name].length - [...word].length) <= limit);
  const [nearest] = measured(word, near);
  return nearest && nearest.distance <= limit ? nearest.name : undefined;
}

/** All names, those with the fewest typos first. */
export function byNearness(word: string, names: Iterable<string>): string[] {
  return measured(word, names).map(({ name }) => name);
}

function measured(word: string, names: Iterable<string>) {
  return [...names]
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
}

/** Damerau and Levenshtein (optimal string alignment): letters to put in, take out, replace, or neighbours to swap. */
function editDistance(left: string, right: string): number {
  const [letters, others] = [[...left], [...right]];
  let before: number[] = [];
  let row = Array.from({ length: others.length + 1 }, (_, index) => index);
  for (const [line, letter] of letters.entries()) {
    const next = [line + 1];
    for (const [column, other] of others.entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      const isSwapped = line > 0 && column > 0 && letters[line - 1] === other && letter === others[column - 1];
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
