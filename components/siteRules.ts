import { contentProblems, contentType, readPlanetIni } from "@planet/aggregator";

/** One file of site/ as it will be published: its name there is its path below site/. */
export interface SiteFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface SiteProblem {
  readonly file: string;
  readonly line?: number;
  readonly level: "error" | "warning";
  readonly text: string;
}

/** First bytes of the binary types; everything else has to be text. */
const MAGIC: Readonly<Record<string, readonly string[]>> = {
  png: ["89504e470d0a1a0a"],
  jpg: ["ffd8ff"],
  gif: ["474946383761", "474946383961"],
  webp: ["52494646"],
  ico: ["00000100"],
};

/** All that is wrong with the files as files, and with planet.ini as the server will read it. */
export function siteProblems(files: readonly SiteFile[]): SiteProblem[] {
  const sizes = files.map(({ name, bytes }) => ({ name, size: bytes.length }));
  const problems = contentProblems(sizes).map(({ name, reason }) => error(name, reason));
  problems.push(...files.filter(isMislabelled).map(({ name }) => error(name, `is no ${contentType(name)}`)));
  const ini = files.find(({ name }) => name === "planet.ini");
  const found = ini ? readPlanetIni(ini.bytes).problems : [];
  return [...problems, ...found.map(({ line, level, text }) => ({ file: "planet.ini", line, level, text }))];
}

export function formatProblem({ file, line, level, text }: SiteProblem): string {
  return `site/${file}:${line === undefined ? "" : `${line}:`} ${level}: ${text}`;
}

/** A file whose bytes are not what its name says would be refused by the server, or worse, by browsers. */
function isMislabelled({ name, bytes }: SiteFile): boolean {
  const magic = MAGIC[name.slice(name.lastIndexOf(".") + 1)];
  if (magic) return !magic.some((start) => Buffer.from(bytes).toString("hex", 0, start.length / 2) === start);
  // planet.ini may be windows-1252, which its reader warns of.
  return name.endsWith(".ini") ? bytes.includes(0) : textOf(bytes) === undefined;
}

/** The bytes as text, if that text stands for exactly these bytes. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\0") || !Buffer.from(text).equals(bytes) ? undefined : text;
}

const error = (file: string, text: string): SiteProblem => ({ file, level: "error", text });
