import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./outcome.ts";
import type { Point } from "./points.ts";

/** One finished point, a line of the results. */
export interface Result extends Outcome {
  readonly id: string;
  readonly suite: Point["suite"];
  readonly mode: string;
  readonly scenario: string;
  readonly seconds: number;
  /** Id of the point that was tried for this one: what was there was the same. */
  readonly sameAs?: string | undefined;
}

const checkout = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The results of one commit, one JSON line per finished point: a run that was interrupted goes on where it was, and every
 * shard on this machine adds to the same file.
 */
export class ResultsFile {
  readonly path: string;

  constructor(suite: Point["suite"]) {
    const commit = execFileSync("git", ["rev-parse", "--short=8", "HEAD"], { cwd: checkout, encoding: "utf8" }).trim();
    this.path = join(checkout, ".planet", "crash", `${suite}-${commit}.jsonl`);
  }

  read(): Result[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Result);
  }

  add(result: Result): void {
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, `${JSON.stringify(result)}\n`);
  }
}
