import { createInterface } from "node:readline/promises";
import { UsageError } from "../command.ts";

/** @throws {UsageError} when there is no terminal to ask on. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    const next = "Repeat with --yes. Nothing was changed.";
    throw new UsageError({ code: "NO_TERMINAL", what: "there is no terminal to ask on", next });
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } catch {
    return false; // the input ended, or Ctrl-C
  } finally {
    lines.close();
  }
}
