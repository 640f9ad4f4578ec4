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
 * Finds the encoding: BOM, UTF-16 pattern, valid UTF-8 whatever is declared, Content-Type, XML declaration, UTF-8 with
 * some wrong bytes, windows-1252.
 * @throws {FetchError} `encoding` for UTF-32, which nothing here can read.
 */
export function decode(bytes: Uint8Array, contentType?: string): Decoded {
  const marked = byMark(bytes);
  if (marked !== undefined) return read(bytes, marked);
  const declared = xmlEncoding(bytes);
  const served = charsetOf(contentType);
  // UTF-8 is tried first, so these labels say nothing more.
  const encoding = [served, declared].map(encodingOf).find((known) => known !== undefined && known !== "utf-8");
  if (isEscaped(bytes, served ?? declared)) return read(bytes, encoding ?? "windows-1252");
  const text = strictUtf8(bytes);
  if (text !== undefined) return { text, encoding: "utf-8", doubtful: false };
  const damaged = read(bytes, "utf-8");
  return isMostlyUtf8(damaged.text, encoding) ? damaged : read(bytes, encoding ?? "windows-1252");
}

/**
 * Programs cut texts in the middle of a character and paste bytes of older encodings into UTF-8, and another encoding would
 * then spoil every other character. Texts in other encodings hardly ever look like UTF-8; where one is declared, the proof
 * has to be stronger only.
 */
function isMostlyUtf8(text: string, declared: string | undefined): boolean {
  let [good, bad] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) bad += 1;
    else if (code > 0x7f) good += 1;
  }
  return good > 0 && good >= (declared === undefined ? bad : 20 * bad);
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
  const text =
    encoding === "windows-1252"
      ? decodeWindows1252(bytes)
      : new TextDecoder(encoding).decode(encoding === "utf-8" ? withoutSurrogates(bytes) : bytes);
  return { text, encoding, doubtful: isDoubtful(text) };
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8
  }
}

/** CESU-8 (old Java and MySQL): two surrogates of three bytes each for one character, which UTF-8 writes with four. */
function withoutSurrogates(bytes: Uint8Array): Uint8Array {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Buffer[] = [];
  let end = 0;
  for (let at = source.indexOf(0xed); at !== -1; at = source.indexOf(0xed, at + 1)) {
    const [, b = 0, c = 0, d, e = 0, f = 0] = source.subarray(at, at + 6);
    const isPair = (b & 0xf0) === 0xa0 && isTail(c) && d === 0xed && (e & 0xf0) === 0xb0 && isTail(f);
    if (at < end || !isPair) continue;
    const high = ((b & 0x0f) << 6) | (c & 0x3f);
    const low = ((e & 0x0f) << 6) | (f & 0x3f);
    parts.push(source.subarray(end, at), Buffer.from(String.fromCodePoint(0x10000 + high * 0x400 + low)));
    end = at + 6;
  }
  return end === 0 ? bytes : Buffer.concat([...parts, source.subarray(end)]);
}

const isTail = (byte: number) => (byte & 0xc0) === 0x80;

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
