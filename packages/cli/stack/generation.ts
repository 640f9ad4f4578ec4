/** What a stack has whose file does not name it (Pulumi.yaml, `planet:generation`). */
export const FIRST_GENERATION = 1;

/** The stack's file is not written as this program can edit it. */
export class StackFileError extends Error {}

/** The namespace may be left out in a stack's file; the value may be quoted. */
const ENTRY = /^(\s+)(["']?)((?:planet:)?generation)\2(\s*:\s*)(["']?)(-?\d+)\5(\s*(?:#[^\n]*)?)$/;

/** @param text Of Pulumi.<stack>.yaml. @throws {StackFileError} */
export function readGeneration(text: string): number {
  const found = findEntry(text.split("\n"));
  return found ? found.value : FIRST_GENERATION;
}

/** Changes that one number, or adds its line at the end of the settings; every other byte stays. @throws {StackFileError} */
export function setGeneration(text: string, generation: number): string {
  const lines = text.split("\n");
  const found = findEntry(lines);
  if (found) {
    const line = lines[found.index] ?? "";
    lines[found.index] = line.replace(ENTRY, `$1$2$3$2$4$5${generation}$5$7`);
    return lines.join("\n");
  }
  const end = /\r$/.test(lines[0] ?? "") ? "\r" : "";
  const start = lines.findIndex((line) => /^config:/.test(line));
  if (start === -1) {
    const gap = text === "" || text.endsWith("\n") ? "" : `${end}\n`;
    return `${text}${gap}config:${end}\n  planet:generation: ${generation}${end}\n`;
  }
  if (/^config:\s*(#.*)?$/.test(lines[start] ?? "")) {
    const last = lastOfBlock(lines, start);
    const indent = /^\s+/.exec(lines.slice(start + 1, last + 1).find((line) => isContent(line)) ?? "")?.[0] ?? "  ";
    lines.splice(last + 1, 0, `${indent}planet:generation: ${generation}${end}`);
    return lines.join("\n");
  }
  if (/^config:\s*\{\s*\}\s*$/.test(lines[start] ?? "")) {
    lines.splice(start, 1, `config:${end}`, `  planet:generation: ${generation}${end}`);
    return lines.join("\n");
  }
  throw new StackFileError("its settings are not one below the other; set planet:generation there by hand");
}

export const differOnlyInGeneration = (one: string, other: string): boolean =>
  withoutGeneration(one) === withoutGeneration(other);

/** What is the same in two files that differ by generation only. */
export function withoutGeneration(text: string): string {
  const lines = text.split("\n");
  const found = findEntry(lines);
  return (found ? lines.toSpliced(found.index, 1) : lines).join("\n").trimEnd();
}

function findEntry(lines: readonly string[]): { index: number; value: number } | undefined {
  const start = lines.findIndex((line) => /^config:/.test(line));
  if (start === -1) return undefined;
  const last = lastOfBlock(lines, start);
  for (let index = start + 1; index <= last; index++) {
    const line = lines[index] ?? "";
    const value = ENTRY.exec(line)?.[6];
    if (value !== undefined) return { index, value: Number(value) };
    if (/^\s+["']?(planet:)?generation["']?\s*:/.test(line)) {
      throw new StackFileError(`planet:generation is written as \`${line.trim()}\`; expected a whole number`);
    }
  }
  return undefined;
}

/** Index of the last line that belongs to the block whose first line is given. */
function lastOfBlock(lines: readonly string[], start: number): number {
  let last = start;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (/^[^\s#]/.test(line)) break;
    if (isContent(line)) last = index;
  }
  return last;
}

const isContent = (line: string): boolean => /^\s+[^\s#]/.test(line);
