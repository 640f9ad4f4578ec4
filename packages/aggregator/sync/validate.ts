import { readPlanetIni } from "../ini/readPlanetIni.ts";
import type { PlanetConfig } from "../ini/types.ts";
import { FILE_LIMIT_BYTES, nameProblem, suffixOf } from "../manifest/names.ts";

/** Why an edit is not taken. Becomes an entry of `rejected` in status.json. */
export interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString("latin1") === text;

const MAGIC: ReadonlyMap<string, (bytes: Uint8Array) => boolean> = new Map([
  ["png", (bytes) => starts(bytes, "\x89PNG\r\n\x1a\n")],
  ["jpg", (bytes) => starts(bytes, "\xff\xd8\xff")],
  ["gif", (bytes) => starts(bytes, "GIF87a") || starts(bytes, "GIF89a")],
  ["webp", (bytes) => starts(bytes, "RIFF") && starts(bytes, "WEBP", 8)],
  ["ico", (bytes) => starts(bytes, "\0\0\x01\0") || starts(bytes, "\x89PNG\r\n\x1a\n")],
]);

/** A file by itself: name, size, and whether the bytes are what the name says. */
export function refuseFile(name: string, bytes: Uint8Array): Refusal | undefined {
  const reason = nameProblem(name);
  if (reason !== undefined) return { name, code: "name", message: `${name} ${reason}` };
  if (bytes.length === 0) return { name, code: "empty", message: `${name} is empty` };
  if (bytes.length > FILE_LIMIT_BYTES) {
    return { name, code: "too-large", message: `${name} has ${bytes.length} bytes, the limit is ${FILE_LIMIT_BYTES}` };
  }
  const isRight = MAGIC.get(suffixOf(name)) ?? (suffixOf(name) === "ini" ? () => true : isText(suffixOf(name)));
  return isRight(bytes) ? undefined : { name, code: "type", message: `${name} is not what its name says` };
}

/** UTF-8 without control bytes. Only a template or xml may begin like a page: else it is a server's error page. */
function isText(suffix: string): (bytes: Uint8Array) => boolean {
  const mayBeMarkup = suffix === "xml" || suffix === "liquid" || suffix === "tmpl";
  return (bytes) => {
    if (bytes.includes(0)) return false;
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimStart();
      return mayBeMarkup || !/^<(?:!doctype|html|\?xml)/i.test(text);
    } catch {
      return false;
    }
  };
}

/** An edited planet.ini is taken whole or not at all: its first error refuses it. */
export function refuseIni(bytes: Uint8Array, before: PlanetConfig | undefined): Refusal | undefined {
  const { config, problems } = readPlanetIni(bytes);
  const error = problems.find(({ level }) => level === "error");
  if (error || config === undefined) {
    const { line = 0, code = "unusable", text = "cannot be used" } = error ?? {};
    return { name: "planet.ini", code, message: text, ...(line > 0 ? { line } : {}) };
  }
  return before && !allowsShrinking(bytes) ? refuseShrinking(before, config) : undefined;
}

/** A cut upload is a legal, shorter file. So losing most feeds needs to be said in the first line. */
function refuseShrinking(before: PlanetConfig, after: PlanetConfig): Refusal | undefined {
  const left = new Set(after.feeds.map(({ url }) => url));
  const gone = before.feeds.filter(({ url }) => !left.has(url)).length;
  if (gone * 2 <= before.feeds.length) return undefined;
  const message = `${gone} of ${before.feeds.length} feeds are gone; begin the file with "; allow-shrink" if that is meant`;
  return { name: "planet.ini", code: "shrink", message };
}

function allowsShrinking(bytes: Uint8Array): boolean {
  const [first = ""] = Buffer.from(bytes.subarray(0, 200)).toString("utf8").split(/\r?\n/);
  return /^\ufeff?\s*[;#]\s*allow-shrink\b/.test(first);
}

/** Files beside the manifest that a planet.ini names: faces, templates, its bill of materials. */
export function namedFiles(config: PlanetConfig): string[] {
  const faces = config.feeds.flatMap(({ face }) => (face && !face.includes("/") ? [`images/${face}`] : []));
  const names = [...faces, ...config.templateFiles, ...config.billOfMaterials];
  return [...new Set(names)].filter((name) => nameProblem(name) === undefined).sort();
}
