import type { FeedConfig } from "@planet/content";

const MAX_BYTES = 200 * 1024;
const MAX_PIXELS = 512;
const DEFAULT_PIXELS = 48;

/** A face that may be shown. */
export interface Face {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The local picture of a feed. A picture elsewhere is never embedded: its host would see every reader.
 * @returns the face, or a sentence that says why it is not shown.
 */
export function faceOf(feed: FeedConfig, files: ReadonlyMap<string, Uint8Array>): Face | string | undefined {
  const { face } = feed;
  if (face === undefined || face === "") return undefined;
  if (/^(?:https?:)?\/\//i.test(face)) return `${feed.name}: its face is elsewhere (${face}) and is not shown`;
  const name = [`images/${face}`, face].find((candidate) => files.has(candidate));
  if (name === undefined) return `${feed.name}: its face ${face} is not among the published files`;
  const bytes = files.get(name) ?? new Uint8Array();
  const size = imageSize(bytes);
  if (size === undefined) return `${feed.name}: its face ${face} is not a PNG, JPEG, GIF or WebP image`;
  if (bytes.length > MAX_BYTES || size.width > MAX_PIXELS || size.height > MAX_PIXELS) {
    return `${feed.name}: its face ${face} is larger than ${MAX_PIXELS} pixels or 200 KB`;
  }
  const scale = DEFAULT_PIXELS / Math.max(size.width, size.height, 1);
  return {
    file: name,
    width: feed.faceWidth ?? Math.round(size.width * scale),
    height: feed.faceHeight ?? Math.round(size.height * scale),
  };
}

/** Pixels from an image's header, or undefined when the file is not an image that browsers show. */
export function imageSize(bytes: Uint8Array): Size | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < 30) return undefined;
  if (data.readUInt32BE(0) === 0x89504e47) return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
  const head = data.toString("latin1", 0, 16);
  if (head.startsWith("GIF8")) return { width: data.readUInt16LE(6), height: data.readUInt16LE(8) };
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return webpSize(data);
  return data.readUInt16BE(0) === 0xffd8 ? jpegSize(data) : undefined;
}

function webpSize(data: Buffer): Size | undefined {
  switch (data.toString("latin1", 12, 16)) {
    case "VP8 ":
      return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = data.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** The first start-of-frame marker holds the size; C4, C8 and CC look like one and are not. */
function jpegSize(data: Buffer): Size | undefined {
  let at = 2;
  while (at + 9 < data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) };
    at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}
