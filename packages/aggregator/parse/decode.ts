import { decodeWindows1252 } from "@planet/content";
import { FetchError } from "../fetch/errors.ts";

/** A document as text, and how it was read. */
export interface Decoded {
  readonly text: string;
  /** Its name in the WHATWG's table. */
  readonly encoding: string;
  /** More than 1 % of it could not be read: the declared encoding is wrong. */
  readonly doubtful: boolean;
}

/**
 * Finds the encoding: BOM, UTF-16 pattern, valid UTF-8 whatever is declared, Content-Type, XML declaration, windows-1252.
 * @throws {FetchError} `encoding` for UTF-32, which nothing here can read.
 */
export function decode(bytes: Uint8Array, contentType?: string): Decoded {
  const marked = byMark(bytes);
  if (marked !== undefined) return read(bytes, marked);
  const declared = xmlEncoding(bytes);
  const served = charsetOf(contentType);
  if (!isEscaped(bytes, served ?? declared)) {
    const text = strictUtf8(bytes);
    if (text !== undefined) return { text, encoding: "utf-8", doubtful: false };
  }
  // UTF-8 was tried, and it is not.
  const encoding = [served, declared].map(encodingOf).find((known) => known !== undefined && known !== "utf-8");
  return read(bytes, encoding ?? "windows-1252");
}

function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  const utf32 = (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && (c === 0xfe || c === 0));
  if (utf32 && bytes.length >= 4) throw new FetchError("encoding", "the feed is written in UTF-32");
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0x3c && b === 0 && d === 0) return "utf-16le";
  if (a === 0 && b === 0x3c && c === 0) return "utf-16be";
  return undefined;
}

function read(bytes: Uint8Array, encoding: string): Decoded {
  const text = encoding === "windows-1252" ? decodeWindows1252(bytes) : new TextDecoder(encoding).decode(bytes);
  return { text, encoding, doubtful: isDoubtful(text) };
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8
  }
}

/** These are plain ASCII bytes, so they look like valid UTF-8. */
function isEscaped(bytes: Uint8Array, label: string | undefined): boolean {
  if (label === "iso-2022-jp") return bytes.includes(0x1b);
  return label === "hz-gb-2312" && bytes.includes(0x7e);
}

/**
 * What a label means, by the table of the WHATWG that TextDecoder knows: `latin1` and its other names are windows-1252,
 * which is what feeds with such labels contain. Undefined for an unknown label.
 */
function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === "gbk" ? "gb18030" : encoding; // which holds all of it
  } catch {
    return undefined;
  }
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase();
}

function xmlEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  return /<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1]?.toLowerCase();
}

function isDoubtful(text: string): boolean {
  let bad = 0;
  for (let at = text.indexOf("\uFFFD"); at !== -1; at = text.indexOf("\uFFFD", at + 1)) bad += 1;
  return bad > text.length / 100;
}
