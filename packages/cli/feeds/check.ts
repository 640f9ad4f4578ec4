import { parseArgs } from "node:util";
import { filesProblems, type IniProblem, readPlanetIni } from "@planet/aggregator";
import type { Context } from "../command.ts";
import { visible } from "../preview/cleanse.ts";
import { readSiteFiles } from "./siteFolder.ts";

export interface FileProblem {
  readonly file: string;
  /** 0 is the file as a whole. */
  readonly line: number;
  readonly level: IniProblem["level"];
  readonly text: string;
}

/** Offline: what the deploy and the server would say about the files. @returns 1 when there is an error. */
export async function checkFeeds(argv: string[], { checkout, out, err }: Context): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { json: { type: "boolean" } } });
  const problems = problemsOf(readSiteFiles(checkout));
  if (values.json) out(`${JSON.stringify(problems, null, 2)}\n`);
  else for (const problem of problems) out(`${formatProblem(problem)}\n`);
  const errors = problems.filter(({ level }) => level === "error").length;
  err(`${errors} error(s), ${problems.length - errors} warning(s) in site/\n`);
  return errors > 0 ? 1 : 0;
}

export function problemsOf(files: ReadonlyMap<string, Uint8Array>): FileProblem[] {
  const whole = filesProblems([...files].map(([name, bytes]) => ({ name, bytes }))).map(
    ({ name, reason }): FileProblem => {
      return { file: name, line: 0, level: "error", text: reason };
    },
  );
  return [...whole, ...iniProblems(files.get("planet.ini"))];
}

export function iniProblems(bytes: Uint8Array | undefined): FileProblem[] {
  const problems = bytes ? readPlanetIni(bytes).problems : [];
  return problems.map(({ line, level, text }) => ({ file: "planet.ini", line, level, text }));
}

export function formatProblem({ file, line, level, text }: FileProblem): string {
  return visible(`site/${file}:${line}: ${level}: ${text}`);
}
