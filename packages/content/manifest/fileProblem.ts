import { contentType, FILE_LIMIT_BYTES, nameProblem, reservedProblem, setProblems, suffixOf } from "./names.ts";

/** One file of a content release, in the repository or in the bucket. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** In a folder: a link or a device, whose bytes were not read. */
  readonly isLink?: true;
}

export interface FileProblem {
  readonly code: "link" | "name" | "empty" | "too-large" | "type";
  /** Continues a sentence that begins with the file's name. */
  readonly reason: string;
}

const PNG = "\x89PNG\r\n\x1a\n";
const JPEG = "\xff\xd8\xff";

/** What the first bytes of the binary types are, each by its own specification; everything else has to be text. */
const MAGIC: ReadonlyMap<string, (bytes: Uint8Array) => boolean> = new Map([
  ["png", (bytes) => starts(bytes, PNG)],
  ["jpg", (bytes) => starts(bytes, JPEG)],
  ["jpeg", (bytes) => starts(bytes, JPEG)],
  ["gif", (bytes) => starts(bytes, "GIF87a") || starts(bytes, "GIF89a")],
  ["webp", (bytes) => starts(bytes, "RIFF") && starts(bytes, "WEBP", 8)],
  // Browsers take a PNG under this name, and many icon makers write one.
  ["ico", (bytes) => starts(bytes, "\0\0\x01\0") || starts(bytes, PNG)],
  ["woff2", (bytes) => starts(bytes, "wOF2")],
]);

/** Drawing programs write a comment or a DOCTYPE before the element. */
const SVG_HEAD_LENGTH = 4_096;

/** A template of a page begins like a page; an xml file begins only like xml. */
const MAY_BE_PAGE: ReadonlySet<string> = new Set(["liquid", "tmpl"]);

/**
 * The one judgement of a file by itself: may it be published under this name? Deploy, server and command line all ask
 * here, so that none takes what another refuses. What stands in a planet.ini is judged by its reader.
 */
export function fileProblem({ name, bytes, isLink }: NamedBytes): FileProblem | undefined {
  if (isLink) return { code: "link", reason: "is neither file nor folder; put a copy of the file there" };
  const illegal = reservedProblem(name) ?? nameProblem(name);
  if (illegal !== undefined) return { code: "name", reason: illegal };
  if (bytes.length > FILE_LIMIT_BYTES) {
    return { code: "too-large", reason: `has ${bytes.length} bytes, the limit is ${FILE_LIMIT_BYTES}` };
  }
  const unlike = unlikeItsName(suffixOf(name), bytes);
  return unlike === undefined ? undefined : { code: "type", reason: `is not ${typeOf(name)}${unlike}` };
}

/** As {@link fileProblem}, of an object in the bucket: an empty one is an upload that failed, in a commit it is a choice. */
export function editProblem(file: NamedBytes): FileProblem | undefined {
  const problem = fileProblem(file);
  if (problem?.code === "name" || file.bytes.length > 0) return problem;
  return { code: "empty", reason: "is empty" };
}

/** Everything that is wrong with files to be published, by themselves and together; the name is empty for the latter. */
export function filesProblems(files: readonly NamedBytes[]): { name: string; reason: string }[] {
  const single = files.flatMap((file) => {
    const problem = fileProblem(file);
    return problem ? [{ name: file.name, reason: problem.reason }] : [];
  });
  return [...single, ...setProblems(files.map(({ name, bytes }) => ({ name, size: bytes.length })))];
}

/** What more there is to say than "is not …", or undefined when the bytes are what the name says. */
function unlikeItsName(suffix: string, bytes: Uint8Array): string | undefined {
  const isRight = MAGIC.get(suffix);
  if (isRight) return isRight(bytes) ? undefined : "; its first bytes are others";
  if (bytes.includes(0)) return "; it holds NUL bytes";
  // A planet.ini may be windows-1252, which its reader warns of; it also says what is not a planet.ini.
  if (suffix === "ini") return undefined;
  try {
    return unlikeText(suffix, new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimStart());
  } catch {
    return "; it is not UTF-8";
  }
}

/** A download through a captive portal or a store that starts up brings a page under any name. */
function unlikeText(suffix: string, text: string): string | undefined {
  if (MAY_BE_PAGE.has(suffix)) return undefined;
  if (/^<(?:!doctype\s+html|html)\b/i.test(text)) return "; it is an HTML page, as servers send with an error";
  if (suffix === "svg") return /<svg\b/.test(text.slice(0, SVG_HEAD_LENGTH)) ? undefined : "; it has no svg element";
  return suffix !== "xml" && /^<[!?]/.test(text) ? "; it begins like an XML document" : undefined;
}

const typeOf = (name: string): string => contentType(name).split(";", 1)[0] ?? "";

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString("latin1") === text;
