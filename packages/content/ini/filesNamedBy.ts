import { decodeIni, linesOf } from "./decode.ts";
import { plutoFeedKey } from "./keys.ts";
import { FOREIGN_TEMPLATE, withoutTemplate } from "./readPlanet.ts";
import { readPlanetIni } from "./readPlanetIni.ts";
import { type Section, scanIni } from "./scan.ts";
import type { FeedConfig } from "./types.ts";

/** A file that a planet.ini names, with the line where it does. */
export interface NamedFile {
  /** Where it belongs in site/: `images/jane.png`, `index.html.tmpl`. */
  readonly name: string;
  readonly line: number;
  readonly kind: "face" | "template" | "other";
  /** What happens when it is not there. */
  readonly otherwise: string;
  /** Whose face it is. */
  readonly feed?: FeedConfig;
}

/** Faces, templates and the bill of materials, in this order, each name once. A file that cannot be read names nothing. */
export function filesNamedBy(ini: Uint8Array): NamedFile[] {
  const { config } = readPlanetIni(ini);
  if (config === undefined) return [];
  const { text } = decodeIni(ini);
  const { sections } = scanIni(text);
  const planet = sections.filter(({ name }) => name === undefined || name.toLowerCase() === "planet");
  const templates = config.templateFiles.filter((name) => !FOREIGN_TEMPLATE.test(name));
  const named: NamedFile[] = [
    ...config.feeds.flatMap((feed) => faceOf(feed, sections)),
    ...templates.map((name) => {
      const line = lineOf(name, planet, linesOf(text));
      return { name, line, kind: "template", otherwise: withoutTemplate(name) } as const;
    }),
    ...config.billOfMaterials.map((name) => {
      const line = keyLine("bill_of_materials", planet);
      return { name, line, kind: "other", otherwise: "the page goes without it" } as const;
    }),
  ];
  return named.filter(({ name }, index) => named.findIndex((other) => other.name === name) === index);
}

function faceOf(feed: FeedConfig, sections: readonly Section[]): NamedFile[] {
  if (feed.face === undefined) return [];
  const options = sections.find(({ line }) => line === feed.line)?.options ?? [];
  const line = options.findLast(({ key }) => plutoFeedKey(key) === "face")?.line ?? feed.line;
  const name = feed.face.includes("/") ? feed.face : `images/${feed.face}`;
  return [{ name, line, kind: "face", otherwise: "the page shows a letter", feed }];
}

const keyLine = (wanted: string, sections: readonly Section[]): number =>
  sections.flatMap(({ options }) => options).find(({ key }) => key === wanted)?.line ?? 0;

/** The line of a template's name in a value of several lines. */
function lineOf(template: string, sections: readonly Section[], lines: readonly string[]): number {
  const options = sections.flatMap((section) => section.options).filter(({ key }) => key === "template_files");
  for (const { line, lastLine } of options) {
    const at = lines.slice(line - 1, lastLine).findIndex((text) => text.includes(template));
    if (at >= 0) return line + at;
  }
  return keyLine("template_files", sections);
}
