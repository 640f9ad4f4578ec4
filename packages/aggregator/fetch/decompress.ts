import { promisify } from "node:util";
import { brotliDecompress, constants, gunzip, inflate, inflateRaw } from "node:zlib";
import { FetchError } from "./errors.ts";

type Decoder = (bytes: Buffer, limitBytes: number) => Promise<Buffer>;

/** A stream without its end is common; the transfer itself is known to be complete when these run. */
const zlib =
  (decode: typeof gunzip): Decoder =>
  (bytes, maxOutputLength) =>
    promisify<Buffer, object, Buffer>(decode)(bytes, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
const gunzipAll = zlib(gunzip);

/** The zlib format by the standard, the bare stream by habit. */
const deflated: Decoder = (bytes, limitBytes) =>
  zlib(inflate)(bytes, limitBytes).catch((error) => {
    if (isTooBig(error)) throw error;
    return zlib(inflateRaw)(bytes, limitBytes);
  });
const brotli: Decoder = (bytes, maxOutputLength) =>
  promisify<Buffer, object, Buffer>(brotliDecompress)(bytes, { maxOutputLength });

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["gzip", gunzipped],
  ["x-gzip", gunzipped],
  ["deflate", deflated],
  ["br", brotli],
]);
const MAX_LAYERS = 3;

/**
 * Undoes Content-Encoding. Servers send invalid names (`none`, `UTF-8`, `aws-chunked`), forget the header, or compress
 * twice: what looks like gzip is unpacked, and an unknown coding around text is ignored. The limit is on the output, not on
 * the ratio: 100 MB of zeros are 152 bytes of brotli.
 * @throws {FetchError} `too-big`, or `encoding` when the stream is broken or was not asked for.
 */
export async function decompress(body: Buffer, contentEncoding: string, limitBytes: number): Promise<Buffer> {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .slice(0, MAX_LAYERS);
  try {
    let bytes = body;
    // The last one named was applied last.
    for (const coding of codings.reverse()) bytes = (await DECODERS.get(coding)?.(bytes, limitBytes)) ?? bytes;
    for (let layer = 0; layer < MAX_LAYERS && isGzip(bytes); layer += 1) bytes = await gunzipped(bytes, limitBytes);
    if (bytes.length > limitBytes) throw tooBig(limitBytes);
    const isKnown = codings.every((coding) => coding === "" || coding === "identity" || DECODERS.has(coding));
    if (isKnown || looksLikeText(bytes)) return bytes;
    throw new FetchError("encoding", "the answer is compressed in a way that was not asked for");
  } catch (error) {
    if (error instanceof FetchError) throw error;
    if (isTooBig(error)) throw tooBig(limitBytes);
    throw new FetchError("encoding", "the compressed answer is broken", { cause: error });
  }
}

/** The refusal of a document above its limit. */
export function tooBig(limitBytes: number): FetchError {
  return new FetchError("too-big", `the document is larger than ${Math.round(limitBytes / 1024 / 1024)} MiB`);
}

/** A text that only says that it is gzip is taken as it is. */
async function gunzipped(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  return isGzip(bytes) || !looksLikeText(bytes) ? gunzipAll(bytes, limitBytes) : bytes;
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** XML or JSON, or a UTF-16 mark before it. */
const looksLikeText = (bytes: Buffer): boolean =>
  /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\0?\s*\0?[<{]/.test(bytes.toString("latin1", 0, 100));

const isTooBig = (error: unknown): boolean => (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
