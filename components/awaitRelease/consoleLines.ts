export interface BootVerdict {
  readonly failed: boolean;
  /** The line without what the console puts before it. */
  readonly line: string;
  readonly release?: string;
}

/** Control sequences and carriage returns of a serial console. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const CONTROLS = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/**
 * The last word of planet.sh. The last, because an image whose loader runs user-data at every boot may fail once
 * and succeed after a restart.
 */
export function lastVerdict(consoleText: string): BootVerdict | undefined {
  const found = linesOf(consoleText).findLast((line) => /planet: (READY release=|FAILED step=)/.test(line));
  if (found === undefined) return undefined;
  const line = found.slice(found.lastIndexOf("planet: "));
  const release = /READY release=([0-9a-f]{8})/.exec(line)?.[1];
  return { failed: line.startsWith("planet: FAILED"), line, ...(release !== undefined && { release }) };
}

/** The last lines that are not empty. */
export function tailOf(consoleText: string, count: number): string {
  return linesOf(consoleText).slice(-count).join("\n");
}

function linesOf(consoleText: string): string[] {
  const lines = consoleText.split(/\r?\n|\r/).map((line) => line.replace(CONTROLS, "").trimEnd());
  return lines.filter((line) => line !== "");
}
