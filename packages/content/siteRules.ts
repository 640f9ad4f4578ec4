import { readPlanetIni } from "./ini/readPlanetIni.ts";
import { filesProblems, type NamedBytes } from "./manifest/fileProblem.ts";

/** One file of site/ as it will be published: its name there is its path below site/. */
export type SiteFile = NamedBytes;

export interface SiteProblem {
  readonly file: string;
  /** 0 is the whole file. */
  readonly line: number;
  readonly level: "error" | "warning";
  readonly text: string;
  /** For machines, where it is a line of planet.ini that is wrong: `unknown-key`, `face-missing` … */
  readonly code?: string;
}

/** All that is wrong with the files as files, and with planet.ini as the server will read it. */
export function siteProblems(files: readonly SiteFile[]): SiteProblem[] {
  const whole = filesProblems(files).map(({ name, reason }): SiteProblem => {
    return { file: name, line: 0, level: "error", text: reason };
  });
  return [...whole, ...iniProblems(files.find(({ name }) => name === "planet.ini")?.bytes)];
}

export function iniProblems(bytes: Uint8Array | undefined): SiteProblem[] {
  const problems = bytes ? readPlanetIni(bytes).problems : [];
  return problems.map(({ line, level, code, text }) => ({ file: "planet.ini", line, level, code, text }));
}

/** `site/planet.ini:3: error: …`, as compilers write it. */
export function formatProblem({ file, line, level, text }: SiteProblem, folder = "site/"): string {
  return `${folder}${file}:${line === 0 ? "" : `${line}:`} ${level}: ${text}`;
}
