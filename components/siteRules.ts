import { filesProblems, type NamedBytes, readPlanetIni } from "@planet/aggregator";

/** One file of site/ as it will be published: its name there is its path below site/. */
export type SiteFile = NamedBytes;

export interface SiteProblem {
  readonly file: string;
  readonly line?: number;
  readonly level: "error" | "warning";
  readonly text: string;
}

/** All that is wrong with the files as files, and with planet.ini as the server will read it. */
export function siteProblems(files: readonly SiteFile[]): SiteProblem[] {
  const problems = filesProblems(files).map(({ name, reason }) => error(name, reason));
  const ini = files.find(({ name }) => name === "planet.ini");
  const found = ini ? readPlanetIni(ini.bytes).problems : [];
  return [...problems, ...found.map(({ line, level, text }) => ({ file: "planet.ini", line, level, text }))];
}

export function formatProblem({ file, line, level, text }: SiteProblem): string {
  return `site/${file}:${line === undefined ? "" : `${line}:`} ${level}: ${text}`;
}

/** The bytes as text, if that text stands for exactly these bytes. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\0") || !Buffer.from(text).equals(bytes) ? undefined : text;
}

const error = (file: string, text: string): SiteProblem => ({ file, level: "error", text });
